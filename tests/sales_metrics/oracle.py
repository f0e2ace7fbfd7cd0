"""The metrics once more: slow and obvious, loops over plain rows."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from dealml.period import Period
from dealml.sales_metrics import NOT_GIVEN, WHOLE
from tests.sales_metrics.company_fixtures import TICK, Facts, Row

CENT = Decimal("0.01")


def in_order(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda r: (r["occurred_at"], r["recorded_at"], r["sequence"]))


class Oracle:
    """A company as it was known strictly before a moment."""

    def __init__(self, facts: Facts, as_of: datetime, currency: str = "EUR") -> None:
        self.facts = {name: in_order([row for row in rows if row["recorded_at"] < as_of]) for name, rows in facts.items()}
        self.as_of, self.currency = as_of, currency
        self.deals = {}
        for row in self.facts["deals"]:
            deal = self.deals.setdefault(row["deal_id"], {"created": row["occurred_at"], "entered": row["recorded_at"], "account": None})
            deal["entered"] = min(deal["entered"], row["recorded_at"])
            deal["account"] = row["account_id"] or deal["account"]
        for name, deal in self.deals.items():
            for field in ("segment", "team", "source", "currency"):
                deal[field] = self.latest("deal_changes", "deal_id", name, field, "text")
            deal["currency"] = deal["currency"] or self.latest("account_changes", "account_id", deal["account"], "currency", "text")

    def latest(self, table: str, key: str, entity: Any, field: str, value: str, before: datetime | None = None) -> Any:
        found = None
        for row in self.facts[table]:
            if row[key] == entity and row["field"] == field and row[value] is not None and (before is None or row["recorded_at"] < before):
                found = row[value]
        return found

    def money(self, amount: Decimal | None, currency: str | None, at: datetime) -> Decimal | None:
        if amount is None:
            return None
        rate = 1.0 if currency in (None, self.currency) else None
        for row in self.facts["rates"]:
            if row["currency"] == currency and row["recorded_at"] < at and currency != self.currency:
                rate = row["rate"]
        assert rate is not None
        return (amount * Decimal(str(rate))).quantize(CENT, ROUND_HALF_UP)

    def account(self, account: str | None) -> Row:
        theirs = sorted((d["created"], name) for name, d in self.deals.items() if d["account"] == account and account)
        place: Row = {}
        for field in ("segment", "team", "source", "currency"):
            told = [self.deals[name][field] for _, name in theirs if self.deals[name][field] is not None]
            place[field] = told[0] if told else None
        for field in ("segment", "currency"):
            place[field] = self.latest("account_changes", "account_id", account, field, "text") or place[field]
        return place

    def is_in(self, place: Row, by: str | None, group: str) -> bool:
        return group == WHOLE or (place.get(by or "") or NOT_GIVEN) == group

    def turns(self, name: str) -> list[Row]:
        """The times that a deal was won, lost or reopened, by when they were recorded; repeats of a state are part of it."""
        status, turns = "open", list[Row]()
        rows = [r for r in self.facts["outcomes"] if r["deal_id"] == name]
        for row in sorted(rows, key=lambda r: (r["recorded_at"], r["occurred_at"], r["sequence"])):
            said = "open" if row["outcome"] == "reopened" else row["outcome"]
            if said != status:
                turns.append(row | {"since": max(row["recorded_at"], self.deals[name]["entered"]), "status": said})
            elif turns:
                if row["occurred_at"] < row["recorded_at"]:
                    turns[-1]["occurred_at"] = row["occurred_at"]
                turns[-1] |= {key: row[key] for key in ("reason", "competitor") if row[key]}
            status = said
        for number, turn in enumerate(turns):
            ends = [later["occurred_at"] for later in turns[number + 1 :] if later["status"] != "open"]
            for after in turns[number + 1 : number + 2]:
                ends.append(after["since"] if after["since"] > turn["since"] else after["occurred_at"])
            turn["next_at"] = min(ends, default=None)
        return turns

    def closed(self, period: Period) -> list[Row]:
        """Each win and loss that lies in a period and still stood at its end."""
        return [
            turn
            for name in self.deals
            for turn in self.turns(name)
            if turn["status"] != "open"
            and period.start <= turn["occurred_at"] < period.end
            and (turn["next_at"] is None or turn["next_at"] >= period.end)
        ]

    def amount_at(self, deal: str, at: datetime) -> Decimal | None:
        told = [r for r in self.facts["deal_changes"] if r["deal_id"] == deal and r["field"] == "amount" and r["amount"] is not None]
        then = [r for r in told if r["occurred_at"] <= at]
        return then[-1]["amount"] if then else told[0]["amount"] if told else None

    def measure(self, period: Period, previous: Period, by: str | None = None, group: str = WHOLE) -> dict[str, float | None]:
        """Every metric, None where it has no value."""
        values: dict[str, float | None] = {}
        closed = [r for r in self.closed(period) if self.is_in(self.deals.get(r["deal_id"], {}), by, group)]
        won, lost = ([r for r in closed if r["outcome"] == outcome] for outcome in ("won", "lost"))
        revenue, priced = self.revenue(period, by, group)
        values["total_revenue"] = revenue if priced or not won else None
        earlier, earlier_priced = self.revenue(previous, by, group)
        earlier_won = [
            r for r in self.closed(previous) if r["outcome"] == "won" and self.is_in(self.deals.get(r["deal_id"], {}), by, group)
        ]
        whole = min(d["created"] for d in self.deals.values()) <= previous.start
        grown = whole and earlier and values["total_revenue"] is not None and (earlier_priced or not earlier_won)
        values["revenue_growth"] = float(revenue - earlier) / float(earlier) if grown else None
        size = values["average_deal_size"] = float(revenue) / priced if priced else None
        created = [d for d in self.deals.values() if period.start <= d["created"] < period.end and self.is_in(d, by, group)]
        values["opportunity_conversion"] = len(won) / len(created) if created else None
        rate = values["win_rate"] = len(won) / len(closed) if closed else None
        timed = [r for r in won if r["deal_id"] in self.deals]
        days = sum(((r["occurred_at"] - self.deals[r["deal_id"]]["created"]) for r in timed), timedelta()) / timedelta(days=1)
        cycle = values["sales_cycle"] = days / len(timed) if timed else None
        values["pipeline_velocity"] = len(created) * rate * size / cycle if cycle and size is not None and rate is not None else None
        values |= self.leads(period, by, group) | self.customers(period, by, group) | self.competition(won, lost)
        values |= self.pipeline(period, by, group, values["total_revenue"])
        values |= self.people(period, by, group, values["total_revenue"]) | self.surveys(period, by, group)
        return values

    def revenue(self, period: Period, by: str | None, group: str) -> tuple[Decimal, int]:
        total, priced = Decimal(0), 0
        for row in self.closed(period):
            deal = self.deals.get(row["deal_id"], {})
            if row["outcome"] == "won" and self.is_in(deal, by, group):
                money = self.money(self.amount_at(row["deal_id"], row["occurred_at"]), deal.get("currency"), row["occurred_at"])
                total, priced = total + (money or 0), priced + (money is not None)
        return total, priced

    def leads(self, period: Period, by: str | None, group: str) -> dict[str, float | None]:
        first: dict[str, dict[str, datetime]] = defaultdict(dict)
        place: dict[str, Row] = defaultdict(lambda: {"segment": None, "team": None, "source": None})
        for row in self.facts["leads"]:
            first[row["lead_id"]].setdefault(row["event"], row["occurred_at"])
            for way in ("segment", "team", "source"):
                place[row["lead_id"]][way] = row[way] or place[row["lead_id"]][way]
        for lead in first:
            deals = {r["deal_id"] for r in self.facts["leads"] if r["lead_id"] == lead and r["deal_id"] in self.deals}
            for way in ("segment", "team", "source"):
                told = sorted(self.deals[d][way] for d in deals if self.deals[d][way])
                place[lead][way] = place[lead][way] or (told[-1] if told else None)
        count = {
            event: sum(
                event in moments and period.start <= moments[event] < period.end and self.is_in(place[lead], by, group)
                for lead, moments in first.items()
            )
            for event in ("created", "qualified", "converted")
        }
        return {
            "qualified_leads": count["qualified"],
            "lead_conversion": count["converted"] / count["created"] if count["created"] else None,
        }

    def open_at(self, period: Period, by: str | None, group: str) -> list[Row]:
        """Deals open at the period's start, as they were then known."""
        found = []
        dated = any(r["field"] == "close_date" for r in self.facts["deal_changes"])
        for name, deal in self.deals.items():
            ends = [turn for turn in self.turns(name) if turn["since"] < period.start]
            if deal["entered"] >= period.start or (ends and ends[-1]["status"] != "open") or not self.is_in(deal, by, group):
                continue
            at = period.start
            close = self.latest("deal_changes", "deal_id", name, "close_date", "moment", at)
            amount = self.latest("deal_changes", "deal_id", name, "amount", "amount", at)
            category = self.latest("deal_changes", "deal_id", name, "forecast_category", "text", at)
            due = close < period.end if close else not dated
            found.append({"due": due, "money": self.money(amount, deal["currency"], at) or Decimal(0), "category": category})
        return found

    def part(self, row: Row, period: Period) -> Fraction:
        start, end = row["period_start"], row["period_end"]
        if start is None:
            return Fraction(period.start <= row["occurred_at"] < period.end)
        inside = min(end, period.end) - max(start, period.start)
        return Fraction(max(inside, timedelta()) // TICK, (end - start) // TICK)

    def portions(self, table: str, key: str, period: Period) -> list[tuple[Row, Decimal]]:
        last: dict[str, Row] = {}
        for row in sorted(self.facts[table], key=lambda r: (r["recorded_at"], r["occurred_at"], r["sequence"])):
            last[row[key]] = row
        found = []
        for row in last.values():
            money = self.money(row["value"], row["currency"], row["occurred_at"])
            assert money is not None
            part = self.part(row, period)
            if part:
                found.append((row, Decimal(int(100 * Fraction(money) * part + Fraction(1, 2))) * CENT))
        return found

    def quota(self, period: Period, by: str | None, group: str) -> Decimal | None:
        if group and by in ("segment", "source"):
            return None
        own = [(r, m) for r, m in self.portions("quotas", "quota_id", period) if self.is_in(r, by, group)]
        levels = [2 if r["person"] else 1 if r["team"] else 0 for r, _ in own]
        levels = [level for level in levels if group == WHOLE or level]
        chosen = [m for r, m in own if (2 if r["person"] else 1 if r["team"] else 0) == min(levels, default=-1)]
        return sum(chosen, Decimal(0)) if chosen else None

    def pipeline(self, period: Period, by: str | None, group: str, revenue: Any) -> dict[str, float | None]:
        opened, quota = self.open_at(period, by, group), self.quota(period, by, group)
        due = sum((r["money"] for r in opened if r["due"]), Decimal(0))
        commit = sum((r["money"] for r in opened if r["due"] and r["category"] in ("Commit", "commit")), Decimal(0))
        told = any(r["category"] for r in opened) and revenue and period.end <= self.as_of
        return {
            "pipeline_coverage": float(due) / float(quota) if quota else None,
            "quota_attainment": float(revenue) / float(quota) if quota and revenue is not None else None,
            "forecast_accuracy": 1 - abs(float(revenue) - float(commit)) / float(revenue) if told else None,
        }

    def contracts(self, at: datetime, by: str | None, group: str) -> Decimal:
        last: dict[Any, Row] = {}
        for row in self.facts["subscriptions"]:
            if row["occurred_at"] < at and (row["arr"] is not None or row["event"] == "cancellation"):
                last[row["account_id"], row["subscription_id"]] = row
        total = Decimal(0)
        for (account, _), row in last.items():
            place = self.account(account)
            if row["event"] != "cancellation" and self.is_in(place, by, group):
                total += self.money(row["arr"], place["currency"], at) or 0
        return total

    def running(self, account: str, before: datetime) -> int:
        sign = {"start": 1, "cancellation": -1}
        rows = [r for r in self.facts["subscriptions"] if r["account_id"] == account and r["occurred_at"] < before]
        return sum(sign.get(r["event"], 0) for r in rows)

    def customers(self, period: Period, by: str | None, group: str) -> dict[str, float | None]:
        accounts = sorted({r["account_id"] for r in self.facts["subscriptions"]})
        own = [a for a in accounts if self.is_in(self.account(a), by, group)]
        at_start = [a for a in own if self.running(a, period.start) > 0]
        gone = [a for a in at_start if self.running(a, period.end) <= 0]
        churn = len(gone) / len(at_start) if at_start else None
        new, new_arr, new_priced = 0, Decimal(0), 0
        for account in own:
            starts = [r for r in self.facts["subscriptions"] if r["account_id"] == account and r["event"] == "start"]
            if starts and period.start <= starts[0]["occurred_at"] < period.end:
                first = starts[0]["occurred_at"]
                paid = [self.money(r["arr"], self.account(account)["currency"], first) for r in starts if r["occurred_at"] == first]
                told = [money for money in paid if money is not None]
                new, new_arr, new_priced = new + 1, new_arr + sum(told, Decimal(0)), new_priced + bool(told)
        spent = self.portions("costs", "cost_id", period)
        winning = sum((m for r, m in spent if r["kind"].lower() in ("sales", "marketing") and self.is_in(r, by, group)), Decimal(0))
        serving = sum((m for r, m in spent if r["kind"] == "service" and not r["deal_id"]), Decimal(0))
        year = (self.contracts(period.start, None, WHOLE) + self.contracts(period.end, None, WHOLE)) / 2
        recurring = float(year) * period.days / 365.25
        margin: float | None = (1 - float(serving) / recurring if recurring else None) if serving else 1.0
        cac = float(winning) / new if winning and new else None
        monthly = float(new_arr) / new_priced / 12 * margin if new_priced and margin is not None else None
        arr = self.contracts(period.start, by, group)
        lifetime = churn and arr and margin is not None
        return {
            "cac": cac,
            "cac_payback": cac / monthly if cac and monthly and monthly > 0 else None,
            "cltv": float(arr) / len(at_start) * margin / (churn * 365.25 / period.days) if lifetime else None,
            "churn_rate": churn,
            "retention": 1 - churn if churn is not None else None,
        }

    def surveys(self, period: Period, by: str | None, group: str) -> dict[str, float | None]:
        scores: dict[str, list[int]] = {"nps": [], "csat": [], "esat": []}
        for row in self.facts["surveys"]:
            kind, account = row["survey"], row["account_id"]
            low, high = (0, 10) if kind == "nps" else (1, 5)
            ours = (account is None) if kind == "esat" else account is not None
            counted = period.start <= row["occurred_at"] < period.end and low <= row["score"] <= high and ours
            if counted and (kind == "esat" or self.is_in(self.account(account), by, group)):
                scores[kind].append(row["score"])
        nps = [(s >= 9) - (s <= 6) for s in scores["nps"]]
        values: dict[str, float | None] = {"nps": 100 * sum(nps) / len(nps) if nps else None}
        return values | {k: sum(s >= 4 for s in scores[k]) / len(scores[k]) if scores[k] else None for k in ("csat", "esat")}

    def people(self, period: Period, by: str | None, group: str, revenue: Any) -> dict[str, float | None]:
        owners = set()
        for name, deal in self.deals.items():
            over = any(
                turn["status"] != "open" and turn["occurred_at"] < period.start and (not turn["next_at"] or turn["next_at"] >= period.start)
                for turn in self.turns(name)
            )
            if deal["created"] >= period.end or over or not self.is_in(deal, by, group):
                continue
            told = [
                r["text"]
                for r in self.facts["deal_changes"]
                if r["deal_id"] == name and r["field"] == "owner" and r["occurred_at"] < period.end
            ]
            owners |= set(told[-1:])
        done = [r for r in self.facts["activities"] if period.start <= r["occurred_at"] < period.end and r["person"]]
        busy = {r["person"] for r in done}
        minutes = [r["minutes"] for r in done if r["deal_id"] and r["minutes"] is not None]
        gone_by = (min(period.end, self.as_of).date() - period.start.date()).days
        weekdays = sum((period.start + timedelta(days=n)).weekday() < 5 for n in range(gone_by))
        return {
            "rep_productivity": float(revenue) / len(owners) if len(owners) >= 3 and revenue is not None else None,
            "time_selling": sum(minutes) / 60 / (len(busy) * weekdays * 8) if len(busy) >= 3 and minutes and weekdays else None,
        }

    def competition(self, won: list[Row], lost: list[Row]) -> dict[str, float | None]:
        makers, assets = 0, 0
        for end in won:
            theirs = [r for r in self.facts["stakeholders"] if r["deal_id"] == end["deal_id"] and r["occurred_at"] <= end["occurred_at"]]
            deciding = [r for r in theirs if r["role"] in ("economic_buyer", "Executive", "Economic Buyer")]
            involved = {r["contact_id"] or r["role"] for r in deciding if r["engagement"] is None or r["engagement"] >= 1}
            makers += len(involved)
            assets += sum(
                r["deal_id"] == end["deal_id"] and r["occurred_at"] <= end["occurred_at"] and (r["activity"] == "asset" or bool(r["asset"]))
                for r in self.facts["activities"]
            )
        rivals = [r["competitor"] or ("not named" if r["reason"] == "Competitor" else None) for r in lost]
        named = [rival for rival in rivals if rival]
        values: dict[str, float | None] = {f"lost_to_competitors:{rival}": named.count(rival) for rival in set(named)}
        any_maker = any(r["role"] in ("economic_buyer", "Executive", "Economic Buyer") for r in self.facts["stakeholders"])
        any_asset = any(r["activity"] == "asset" or r["asset"] for r in self.facts["activities"])
        return values | {
            "decision_makers": makers / len(won) if won and any_maker else None,
            "assets_used": assets / len(won) if won and any_asset else None,
            "lost_to_competitors": len(named),
        }
