"""The oracle of champion, stakeholders, milestones, stage and timing; and of single attributes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tests.features.oracle import (
    Condition,
    Fact,
    Sight,
    changes,
    clip,
    count,
    days,
    different,
    divided,
    greatest,
    in_order,
    latest,
    least,
    values,
)

Reading = Callable[[Sight], Any]


def equals(column: str, value: str) -> Condition:
    return lambda fact: fact[column] == value


def happened(fact: Fact) -> bool:
    return bool(fact["days_ago"] > 0)


def last(number: int) -> Condition:
    return lambda fact: 0 < fact["days_ago"] <= number


def both(one: Condition, other: Condition) -> Condition:
    return lambda fact: one(fact) and other(fact)


def attribute(field: str, column: str = "text") -> Reading:
    return lambda deal: latest(deal.of_deal("deal_changes"), column, equals("field", field))


def named(field: str) -> Reading:
    return lambda deal: different(deal.of_deal("deal_changes"), "text", equals("field", field))


# champion, stakeholders


def deepest(role: str) -> Reading:
    return lambda deal: greatest(deal.of_deal("stakeholders"), "engagement", equals("role", role)) or 0


def champion_depth_now(deal: Sight) -> int:
    return latest(deal.of_deal("stakeholders"), "engagement", equals("role", "champion")) or 0


def champion_seniority(deal: Sight) -> int | None:
    people = [fact | {"seniority": _seniority(deal, fact)} for fact in deal.of_deal("stakeholders")]
    return latest(people, "seniority", equals("role", "champion"))


def _seniority(deal: Sight, person: Fact) -> int | None:
    """What was recorded last of a contact by the moment at which a fact about the person was recorded."""
    contacts = deal.company.tables.get("contacts", [])
    earlier = [c for c in contacts if c["contact_id"] == person["contact_id"] and c["recorded_at"] <= person["recorded_at"]]
    return sorted(in_order(earlier), key=lambda fact: fact["recorded_at"])[-1]["seniority"] if earlier else None


def champion_cooled(deal: Sight) -> int:
    return deepest("champion")(deal) - champion_depth_now(deal)


def champions(deal: Sight) -> int:
    people = deal.of_deal("stakeholders")
    return different(people, "contact_id", lambda p: p["role"] == "champion" and (p["engagement"] or 0) > 0)


def days_since_champion_news(deal: Sight) -> float | None:
    return least(deal.of_deal("stakeholders"), "days_ago", both(equals("role", "champion"), happened))


def supporters(deal: Sight) -> int:
    return different(deal.of_deal("stakeholders"), "contact_id", lambda person: (person["engagement"] or 0) >= 2)


# milestones


def milestones_reached(deal: Sight) -> int:
    return different(deal.of_deal("milestones"), "milestone")


def reached(milestone: str) -> Reading:
    return lambda deal: int(count(deal.of_deal("milestones"), equals("milestone", milestone)) > 0)


def milestone_pace(deal: Sight) -> float | None:
    older = clip(age(deal), 1)
    return None if older is None else milestones_reached(deal) / older * 30


# stage


def stage_changes(deal: Sight) -> list[Fact]:
    return changes(deal.of_deal("deal_changes"), "stage", "text")


def moves(where: Callable[[float, float], bool]) -> Reading:
    def counted(move: Fact) -> bool:
        return move["number"] is not None and move["previous_number"] is not None and where(move["number"], move["previous_number"])

    return lambda deal: count(stage_changes(deal), counted)


def stage_moves(deal: Sight) -> int:
    return count(stage_changes(deal), lambda move: move["previous"] is not None)


def furthest_place(deal: Sight) -> float | None:
    return greatest(stage_changes(deal), "number")


def fallen_back(deal: Sight) -> float | None:
    furthest, now = furthest_place(deal), attribute("stage", "number")(deal)
    return None if furthest is None or now is None else furthest - now


def days_in_stage(deal: Sight) -> float | None:
    return least(stage_changes(deal), "days_ago")


def passages_of_stage(deal: Sight) -> list[Fact]:
    stage = attribute("stage")(deal)
    return [p for p in deal.company.passages if p["stage"] == stage and deal.over(p["recorded_at"])]


def won_days_at_stage(deal: Sight) -> float | None:
    won = [p for p in passages_of_stage(deal) if p["won"]]
    return divided(sum(p["days"] for p in won), len(won))


def pace_at_stage(deal: Sight) -> float | None:
    return divided(days_in_stage(deal), clip(won_days_at_stage(deal), 1))


# timing


def age(deal: Sight) -> float | None:
    return greatest(deal.of_deal("deals"), "days_ago")


def close_moment(deal: Sight) -> datetime | None:
    return attribute("close_date", "moment")(deal)


def close_date(deal: Sight) -> str | None:
    moment = close_moment(deal)
    return None if moment is None else moment.strftime("%Y-%m-%d")


def days_to_close(deal: Sight) -> float | None:
    moment = close_moment(deal)
    return None if moment is None else days(deal.as_of, moment)


def days_overdue(deal: Sight) -> float | None:
    ahead = days_to_close(deal)
    return None if ahead is None else max(0.0, -ahead)


def close_date_changes(deal: Sight) -> list[Fact]:
    """Changes of the close date that had one before, with the days by which it moved."""
    moved = [c for c in changes(deal.of_deal("deal_changes"), "close_date", "moment") if c["previous"] is not None]
    return [change | {"moved": days(change["previous"], change["moment"])} for change in moved]


def pushed(change: Fact) -> bool:
    return bool(change["moved"] > 0)


def pushes(deal: Sight) -> int:
    return count(close_date_changes(deal), pushed)


def pull_ins(deal: Sight) -> int:
    return count(close_date_changes(deal), lambda change: change["moved"] < 0)


def days_pushed(deal: Sight) -> float:
    return sum(values(close_date_changes(deal), "moved", pushed))


def last_push(deal: Sight) -> float | None:
    return latest(close_date_changes(deal), "moved", pushed)


def days_since_push(deal: Sight) -> float | None:
    return least(close_date_changes(deal), "days_ago", pushed)


def days_to_quarter_end(deal: Sight) -> float:
    now = deal.as_of
    month = (now.month - 1) // 3 * 3 + 4
    return days(now, datetime(now.year + (month > 12), 1 if month > 12 else month, 1, tzinfo=UTC))


def closes_this_quarter(deal: Sight) -> int | None:
    ahead = days_to_close(deal)
    return None if ahead is None else int(0 <= ahead < days_to_quarter_end(deal))
