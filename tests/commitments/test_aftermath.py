"""What became of won deals, counted by hand."""

from __future__ import annotations

import math
from datetime import timedelta
from pathlib import Path

from dealml.as_of.connection import connect
from dealml.commitments.aftermath import ANY, Aftermath, aftermath
from dealml.commitments.check import checked
from dealml.commitments.promises import open_tables, promises
from tests.commitments.promise_fixtures import RULES, START, approval, at, delivered, ledger_with, offer, promised

NOW = START + timedelta(days=500)


def subscription(deal: str, day: float, event: str) -> tuple[str, dict[str, object]]:
    return "subscriptions", at(day, account_id=f"a-{deal}", subscription_id=deal, event=event)


def test_late_deliveries_and_customers_that_left(tmp_path: Path) -> None:
    facts = [
        # Broken: 0.25 without an approval; delivered late; left within the year.
        offer("b1", 1, discount=0.25), promised("b1", 10, 70), delivered("b1", 90), subscription("b1", 11, "start"),
        subscription("b1", 200, "cancellation"),
        # Broken: beyond what is on offer; overdue; stayed a year and left after it.
        offer("b2", 1, discount=0.4), promised("b2", 10, 70), subscription("b2", 11, "start"), subscription("b2", 450, "cancellation"),
        # Kept: approved; delivered in time; stayed.
        offer("k1", 1, discount=0.25), approval("k1", 2, "granted"), promised("k1", 10, 70), delivered("k1", 70),
        subscription("k1", 11, "start"),
        # Kept, and too young to be followed: its date has not come, nor has its year.
        offer("k2", 400, discount=0.05), promised("k2", 450, 70), subscription("k2", 451, "start"),
    ]  # fmt: skip
    won = {"b1": 10, "b2": 10, "k1": 10, "k2": 450}
    con = connect()
    open_tables(con, ledger_with(tmp_path, *facts, deals=won, won=won), NOW)
    parts = {(part.subject, part.broken): part for part in aftermath(con, checked(promises(con, RULES), RULES), NOW)}
    assert counts(parts[ANY, True]) == (2, (2, 2), (1, 2))
    assert counts(parts[ANY, False]) == (2, (0, 1), (0, 1))
    assert counts(parts["price", True]) == counts(parts[ANY, True])
    assert counts(parts["implementation", False]) == (4, (2, 3), (1, 3))
    assert parts["implementation", True].deals == 0
    assert math.isnan(parts["implementation", True].late.share)
    assert parts[ANY, True].late.low < 1 == parts[ANY, True].late.share


def counts(part: Aftermath) -> tuple[int, tuple[int, int], tuple[int, int]]:
    return part.deals, (part.late.count, part.late.deals), (part.churned.count, part.churned.deals)
