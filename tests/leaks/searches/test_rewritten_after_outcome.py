"""Attributes that read otherwise in a later extract."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dealml import Model, Shown, Won, formula, per
from dealml.leaks.searches.rewritten_after_outcome import changed_after_outcome
from dealml.learning.view import View
from tests.importing.company_fixtures import Company
from tests.ledger_fixtures import ledger_of

MAPPING = """
    extracts:
      - file: deals.csv
        into: deals
        columns: {deal_id: id, account_id: account, occurred_at: created, recorded_at: created}
        attributes:
          kind: {column: kind, known: created}
          size: {column: size, type: number, known: created}
          step: step
      - file: deals.csv
        into: outcomes
        where: {outcome: {empty: false}}
        columns: {deal_id: id, outcome: outcome, occurred_at: closed, recorded_at: closed}
    """


@per("deal_id", "deal_changes")
def kind(change):  # type: ignore[no-untyped-def]
    """Kind of deal."""
    return change.latest(change.text, where=change.field == "kind")


@per("deal_id", "deal_changes", served=False)
def size(change):  # type: ignore[no-untyped-def]
    """Size of the deal."""
    return change.latest(change.number, where=change.field == "size")


@formula()
def doubled(size):  # type: ignore[no-untyped-def]
    """Twice the size."""
    return size * 2


SPEC = Model("made", "deal_id", (Won(),), (30,), 30, (kind, size, doubled), Shown())
Text = Callable[[int, bool], str]


def row(number: int, day: int, kind: Text, size: Text) -> str:
    """A deal as an extract of a day in March shows it: every second one closes between the extracts of the 5th and the 12th."""
    closed = number % 2 == 0 and day > 8
    told = f"{'won' if number % 4 else 'lost'},2026-03-08" if closed else ","
    return f"d{number},a{number},2026-02-{number % 27 + 1:02},{kind(number, closed)},{size(number, closed)},step {day},{told}\n"


def found(
    folder: Path,
    kind: Text,
    size: Text,
    days: tuple[int, ...] = (5, 12),
    before: datetime | None = None,
    events: Sequence[dict[str, Any]] = (),
) -> dict[str, str]:
    """Findings after extracts of some days in March, of 120 deals; and after what happened to their records."""
    company = Company(folder)
    for day in days:
        company.maps(MAPPING, f"dealml: 1\nextracted_at: 2026-03-{day:02}\n")
        company.has("id,account,created,kind,size,step,outcome,closed\n" + "".join(row(n, day, kind, size) for n in range(120)))
        company.imports()
    if events:
        ledger_of(company.ledger.folder, {"record_events": list(events)})
    view = View.of(company.ledger, SPEC)
    return {finding.feature: finding.reason for finding in changed_after_outcome(company.ledger, view, before)}


def steady(number: int, closed: bool) -> str:
    return str(number % 5)


def rewritten(number: int, closed: bool) -> str:
    return "99" if closed and number % 3 else str(number % 5)


def test_an_attribute_rewritten_at_the_close_is_found_for_each_feature_that_reads_it(tmp_path: Path) -> None:
    reasons = found(tmp_path, rewritten, rewritten)
    assert set(reasons) == {"kind", "doubled"}
    assert (
        "it reads kind, which changed for 40 of 60 entities settled between two extracts and for 0 of 60 that stayed open"
        in reasons["kind"]
    )
    assert reasons["doubled"].startswith("it reads size")


def event(deal: int, what: str, into: str | None = None) -> dict[str, Any]:
    at = datetime(2026, 3, 8, 12, tzinfo=UTC)
    return {"occurred_at": at, "recorded_at": at, "record_id": f"d{deal}", "kind": "deal", "event": what, "into_id": into}


@pytest.mark.parametrize(("what", "into"), [("deleted", None), ("merged", "d1")])
def test_deals_that_are_gone_do_not_pass_for_open_ones(what: str, into: str | None, tmp_path: Path) -> None:
    changed = iter(range(10_000))

    def kind(number: int, closed: bool) -> str:
        return rewritten(number, closed) if number % 4 != 3 else f"{next(changed)}"

    assert found(tmp_path / "open", kind, steady) == {}
    gone = [event(number, what, into) for number in range(3, 120, 4)]
    assert found(tmp_path / "gone", kind, steady, events=gone)["kind"].startswith(
        "it reads kind, which changed for 40 of 60 entities settled between two extracts and for 0 of 30 that stayed open"
    )


def test_what_stays_and_what_is_known_from_the_extract_on_is_honest(tmp_path: Path) -> None:
    assert found(tmp_path, steady, steady) == {}


def test_corrections_that_do_not_follow_the_outcome_are_honest(tmp_path: Path) -> None:
    seen: dict[int, int] = {}

    def corrected(number: int, closed: bool) -> str:
        seen[number] = seen.get(number, 0) + 1
        return "7" if seen[number] > 1 and number % 3 == 0 else str(number % 5)

    assert found(tmp_path, corrected, steady) == {}


def test_one_extract_tells_nothing(tmp_path: Path) -> None:
    assert found(tmp_path, rewritten, rewritten, days=(12,)) == {}


def test_later_extracts_can_be_left_out(tmp_path: Path) -> None:
    assert found(tmp_path, rewritten, steady, before=datetime(2026, 3, 12, tzinfo=UTC)) == {}


def test_a_history_brings_its_own_moments(tmp_path: Path) -> None:
    """Changed the day after each outcome, and dated so: no snapshot before sees it."""

    def at(day: int, month: int = 3) -> datetime:
        return datetime(2026, month, day, tzinfo=UTC)

    def told(number: int, moment: datetime, text: str) -> dict[str, object]:
        return {"deal_id": f"d{number}", "field": "kind", "text": text, "occurred_at": moment, "recorded_at": moment}

    numbers = range(120)
    facts: dict[str, list[dict[str, object]]] = {
        "deals": [{"deal_id": f"d{n}", "occurred_at": at(1, 2), "recorded_at": at(1, 2)} for n in numbers],
        "outcomes": [
            {"deal_id": f"d{n}", "outcome": "won", "occurred_at": at(n % 20 + 1), "recorded_at": at(n % 20 + 1)} for n in numbers if n % 2
        ],
        "deal_changes": [told(n, at(1, 2), "new") for n in numbers] + [told(n, at(n % 20 + 2), "done") for n in numbers if n % 2],
    }
    ledger = ledger_of(tmp_path / "history", facts)
    assert changed_after_outcome(ledger, View.of(ledger, SPEC)) == []
