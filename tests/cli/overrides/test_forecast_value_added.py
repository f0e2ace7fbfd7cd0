"""`dealml forecast-value-added` as it is called, and every wrong call as one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from dealml.judgement.store import append_overrides
from tests.cli.conftest import Ran
from tests.cli.test_errors import one_line
from tests.conftest import CUT
from tests.judgement.override_fixtures import kept, number

Run = Callable[..., Ran]
DATE = f"{CUT:%Y-%m-%d}"
SAID = ("--probability", "0.8", "--at", DATE, "--why", "=1+1", "--by", "<script>alert(1)</script>", "--model", "tiny")


def test_fewer_than_thirty_are_not_told(dealml: Run, here: tuple[str, Path], deals: list[str]) -> None:
    dealml("override", "add", deals[0], *SAID, *here)
    ran = dealml("forecast-value-added", "--model", "tiny", *here)
    assert (ran.code, "Nothing is told of fewer than 30 decisions" in ran.out) == (0, True)
    report = dealml("forecast-value-added", "--model", "tiny", *here, "--json").json["overall"]
    assert report == {"name": "all", "decisions": 1, "withheld": True}


def test_value_added_of_accounts_makes_no_sense(dealml: Run, here: tuple[str, Path]) -> None:
    one_line(dealml("forecast-value-added", "--model", "account_churn", *here), 2, "is a model of accounts")


def test_a_deal_that_is_gone_from_the_ledger_is_left_out(dealml: Run, here: tuple[str, Path], tmp_path: Path) -> None:
    append_overrides(f"sqlite:///{tmp_path / 'own.db'}", [kept("D999999", number(model="tiny"), made_at=CUT, until=CUT.replace(month=4))])
    ran = dealml("forecast-value-added", "--model", "tiny", *here)
    assert ran.code == 0, ran.err
    assert "1 left out" in ran.err
