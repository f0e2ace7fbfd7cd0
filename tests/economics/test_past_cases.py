"""Past cases are gathered once, and a ledger without hours has no stages to learn from."""

from __future__ import annotations

from pathlib import Path

from dealml.as_of.connection import connect
from dealml.economics.acquisition import AcquisitionCosts
from dealml.economics.cases import make_customers
from dealml.economics.ledger_tables import open_tables
from dealml.economics.past_cases import PastCases
from tests.economics.economics_fixtures import AT, Facts, company, deal
from tests.ledger_fixtures import ledger_of


def gathered(folder: Path, facts: Facts) -> PastCases:
    con = connect()
    open_tables(con, ledger_of(folder, facts), AT, "EUR")
    make_customers(con, AT)
    return PastCases.of(con, AT, 100, AcquisitionCosts(None, {}))


def test_all_kinds_are_there(tmp_path: Path) -> None:
    past = gathered(tmp_path / "l", company())
    assert (len(past.won), len(past.closed), past.roles, len(past.stages)) == (2, 3, ["seller"], 3)


def test_a_ledger_of_one_open_deal_has_none(tmp_path: Path) -> None:
    past = gathered(tmp_path / "l", deal("d", 30))
    assert (len(past.won), len(past.closed), past.roles, len(past.customers), len(past.growth)) == (0, 0, [], 0, 0)
