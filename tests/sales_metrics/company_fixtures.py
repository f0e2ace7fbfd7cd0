"""Small random companies with every table that metrics read, and facts on the very instants that matter."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from dealml.period import Period

Row = dict[str, Any]
Facts = dict[str, list[Row]]

BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
PERIODS = [
    Period(datetime(2024, 4, 1, tzinfo=UTC), datetime(2024, 7, 1, tzinfo=UTC)),
    Period(datetime(2024, 7, 1, tzinfo=UTC), datetime(2024, 10, 1, tzinfo=UTC)),
]
AS_OF = datetime(2024, 10, 20, tzinfo=UTC)
TICK = timedelta(microseconds=1)
EDGES = [BEGIN, AS_OF, *(moment for period in PERIODS for moment in (period.start, period.end))]
_DAYS = 300


class Chance:
    """Random moments, amounts and names of one company."""

    def __init__(self, seed: int) -> None:
        self.random, self.count = random.Random(seed), 0

    def moment(self) -> datetime:
        """An edge, a tick beside one, or any moment."""
        if self.random.random() < 0.15:
            return self.random.choice(EDGES) + self.random.choice([-TICK, timedelta(0), TICK])
        return BEGIN + timedelta(seconds=self.random.randint(0, _DAYS * 86_400))

    def after(self, moment: datetime, days: int) -> datetime:
        """Within so many days of a moment, or on an edge after it."""
        later = [edge for edge in EDGES if edge > moment]
        return self.one(*later) if later and self.random.random() < 0.3 else moment + timedelta(days=self.random.uniform(0, days))

    def clocks(self, occurred: datetime | None = None) -> Row:
        """Recorded at once, late, or on an edge; the sequence breaks every tie."""
        occurred, self.count = occurred or self.moment(), self.count + 1
        recorded = self.random.choice([occurred, occurred, occurred + timedelta(days=9), max(occurred, self.random.choice(EDGES))])
        return {"occurred_at": occurred, "recorded_at": recorded, "sequence": self.count}

    def amount(self) -> Decimal:
        """Money with four digits after the point."""
        return Decimal(self.random.randint(10_000, 90_000_000)).scaleb(-4)

    def one(self, *among: Any) -> Any:
        """One of some values."""
        return self.random.choice(among)


def company(seed: int) -> Facts:
    """Every fact of a company."""
    chance = Chance(seed)
    facts: Facts = {"rates": _rates(chance)}
    facts |= _deals(chance) | _customers(chance) | _leads(chance) | _money(chance)
    facts["activities"] = [_activity(chance) for _ in range(160)]
    facts["activities"] += [_activity(chance) | {key: end[key] for key in ("deal_id", "occurred_at")} for end in facts["outcomes"]]
    facts["surveys"] = [_survey(chance) for _ in range(120)]
    return facts


def _rates(chance: Chance) -> list[Row]:
    rows = []
    for currency in ("PLN", "USD", "EUR"):
        for month in range(-2, 10):
            at = BEGIN + timedelta(days=30 * month)
            late = timedelta(days=chance.one(0, 0, 30)) if month > -2 else timedelta(0)
            rate = 1.0 if currency == "EUR" else chance.random.randint(1_000, 12_000) / 10_000
            rows.append({"currency": currency, "rate": rate, **chance.clocks(at), "recorded_at": at + late})
    return rows


def _place(chance: Chance) -> Row:
    return {"segment": chance.one("S", "M", None), "team": chance.one("North", "South", None), "source": chance.one("web", "fair", None)}


def _change(entity: str, own: str, field: str, value: Row, clocks: Row) -> Row:
    return {entity: own, "field": field, "text": None, "number": None, "amount": None, "moment": None} | value | clocks


def _deals(chance: Chance) -> Facts:
    facts: Facts = {"deals": [], "deal_changes": [], "outcomes": [], "stakeholders": []}
    for number in range(60):
        deal, created = f"d{number}", chance.moment()
        facts["deals"].append({"deal_id": deal, "account_id": chance.one(None, *(f"a{n}" for n in range(25))), **chance.clocks(created)})
        for field, value in (_place(chance) | {"currency": chance.one("PLN", "USD", "EUR", None)}).items():
            facts["deal_changes"].append(_change("deal_id", deal, field, {"text": value}, chance.clocks(created)))
        for _ in range(chance.one(0, 1, 2, 3)):
            at = chance.after(created, 90)
            told = chance.one(
                ("amount", {"amount": chance.amount()}),
                ("amount", {"amount": chance.amount()}),
                ("close_date", {"moment": chance.moment()}),
                ("forecast_category", {"text": chance.one("Commit", "commit", "Pipeline")}),
                ("owner", {"text": chance.one(*"uvwxyz")}),
            )
            facts["deal_changes"].append(_change("deal_id", deal, *told, chance.clocks(at)))
            facts["stakeholders"].append(_stakeholder(chance, deal, at))
        for _ in range(chance.one(0, 1, 1, 1, 2, 3)):
            at = chance.after(created, 160)
            outcome = chance.one("won", "won", "lost", "lost", "reopened")
            why = {"reason": chance.one("Price", "Competitor", None), "competitor": chance.one("Rival", "Other", None)}
            facts["outcomes"].append({"deal_id": deal, "outcome": outcome, **why, **chance.clocks(at)})
            if chance.one(True, False):  # on the very instant
                facts["deal_changes"].append(_change("deal_id", deal, "amount", {"amount": chance.amount()}, chance.clocks(at)))
    return facts


def _stakeholder(chance: Chance, deal: str, at: datetime) -> Row:
    role = chance.one("economic_buyer", "Executive", "Economic Buyer", "user", "champion")
    who = {"contact_id": chance.one("c1", "c2", None), "role": role, "engagement": chance.one(0, 1, 3, None)}
    return {"deal_id": deal, **who, **chance.clocks(at)}


def _customers(chance: Chance) -> Facts:
    facts: Facts = {"accounts": [], "account_changes": [], "subscriptions": []}
    for number in range(30):
        account, since = f"a{number}", chance.one(BEGIN - timedelta(days=40), chance.moment())
        facts["accounts"].append({"account_id": account, **chance.clocks(since)})
        for field in ("segment", "currency"):
            value = chance.one("S", "M", None) if field == "segment" else chance.one("PLN", "EUR", None)
            facts["account_changes"].append(_change("account_id", account, field, {"text": value}, chance.clocks(since)))
        for part in ("s1", "s2")[: chance.one(0, 1, 1, 2)]:
            at = since
            for event in (
                "start",
                *(chance.one("renewal", "expansion", "cancellation", "cancellation", "start") for _ in range(chance.one(0, 1, 2))),
            ):
                arr = None if event == "cancellation" or chance.random.random() < 0.1 else chance.amount()
                own = {"account_id": account, "subscription_id": part, "event": event, "arr": arr, "plan": None, "seats": None}
                facts["subscriptions"].append(own | {"term_end": None} | chance.clocks(at))
                at = chance.after(at + TICK, 200)
    return facts


def _leads(chance: Chance) -> Facts:
    rows = []
    for number in range(80):
        at, own = chance.moment(), {"lead_id": f"l{number}", "account_id": None}
        deal = chance.one(None, *(f"d{n}" for n in range(60)))
        for event in ("created", *(chance.one("qualified", "converted", "disqualified") for _ in range(chance.one(0, 1, 2)))):
            rows.append(own | {"event": event, "deal_id": deal if event == "converted" else None} | _place(chance) | chance.clocks(at))
            at = max(chance.moment(), at)
    return {"leads": rows}


def _span(chance: Chance) -> Row:
    start = chance.one(BEGIN + timedelta(days=chance.random.randint(0, 250)), *(period.start for period in PERIODS))
    end = chance.one(start + timedelta(days=31), start + timedelta(days=92), *(p.end for p in PERIODS if p.end > start))
    return {"period_start": start, "period_end": end} if chance.random.random() < 0.8 else {"period_start": None, "period_end": None}


def _money(chance: Chance) -> Facts:
    costs, quotas = [], []
    for number in range(50):
        own = {"cost_id": f"k{number % 40}", "kind": chance.one("sales", "Marketing", "service", "rent"), "value": chance.amount()}
        own["deal_id"] = None if number % 5 else "d1"
        costs.append(own | {"currency": chance.one("PLN", "EUR", None)} | _span(chance) | _place(chance) | chance.clocks())
    for number in range(16):
        own = {"quota_id": f"q{number % 12}", "value": chance.amount() * 5, "currency": chance.one("USD", "EUR", None)}
        who = chance.one({"team": "North", "person": None}, {"team": "South", "person": "u"}, {"team": None, "person": "v"})
        quotas.append(own | _span(chance) | who | chance.clocks())
    return {"costs": costs, "quotas": quotas}


def _activity(chance: Chance) -> Row:
    kind = chance.one("call", "asset", "meeting")
    touched = {"deal_id": chance.one(None, *(f"d{n}" for n in range(60))), "account_id": None, "contact_id": None, "activity": kind}
    asset = chance.one("Case study", None, None)
    done = {"asset": asset, "person": chance.one("u", "v", "w", "x", None), "minutes": chance.one(None, 30.5, 45.0)}
    return touched | {"direction": None, "channel": None} | done | chance.clocks()


def _survey(chance: Chance) -> Row:
    survey = chance.one("nps", "csat", "esat")
    score = chance.random.randint(0, 11) if survey == "nps" else chance.random.randint(0, 6)
    account = chance.one(None, f"a{chance.random.randrange(30)}")
    return {"account_id": account, "contact_id": None, "survey": survey, "score": score, **chance.clocks()}
