"""`dealml override` and `forecast-value-added` as they are called, and every wrong call as one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from dealml.judgement.store import append_overrides
from dealml.learning.view import View
from dealml.load_definitions import load_model
from tests.cli.conftest import Ran
from tests.cli.test_errors import one_line
from tests.conftest import CUT, Company
from tests.judgement.override_fixtures import kept, number

Run = Callable[..., Ran]
DATE = f"{CUT:%Y-%m-%d}"
HALF = ("--probability", "0.5", "--why", "x", "--by", "Ann")
SAID = ("--probability", "0.8", "--at", DATE, "--why", "=1+1", "--by", "<script>alert(1)</script>", "--model", "tiny")


@pytest.fixture(scope="module")
def deals(company: Company) -> list[str]:
    """Deals that were open on the day."""
    found = View.of(company.project.ledger, load_model(company.project.folder, "tiny"), CUT).at_stake()
    return sorted(str(deal) for deal in found["deal_id"])


@pytest.fixture
def here(company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, Path]:
    """The option that names the project, whose score database is the test's own."""
    monkeypatch.setenv("DEALML_SCORES__URL", f"sqlite:///{tmp_path / 'own.db'}")
    return "--project", company.project.folder


def test_an_override_is_kept_told_and_listed(dealml: Run, here: tuple[str, Path], deals: list[str]) -> None:
    told = dealml("override", deals[0], *SAID, "--amount", "1200", "--close", "2025-03-03", *here)
    assert told.code == 0, told.err
    assert f"{deals[0]}, won before 2025-04-01 00:00 UTC: <script>alert(1)</script> says 80.0%, tiny version 1 says" in told.out
    again = dealml("override", deals[0], *SAID, "--amount", "1200", "--close", "2025-03-03", *here)
    assert (again.code, "nothing changed" in again.out) == (0, True)
    listed = dealml("override", "--list", "--as-of", DATE, *here)
    for word in (deals[0], "80.0%", "€1,200.00", "2025-03-03", "=1+1", "<script>alert(1)</script>"):
        assert word in listed.out, word
    (found,) = dealml("override", "--list", "--as-of", DATE, *here, "--json").json["overrides"]
    assert (found["probability"], found["amount"], found["why"]) == (0.8, "1200", "=1+1")
    assert 0 < found["model"]["probability"] < 1
    assert dealml("override", "--list", "--as-of", "2025-04-01", *here, "--json").json["overrides"] == []
    assert dealml("override", "--list", "--as-of", "2025-04-01", *here).out == "no overrides stand at 2025-04-01 00:00 UTC\n"


def test_json_tells_what_is_new(dealml: Run, here: tuple[str, Path], deals: list[str]) -> None:
    found = dealml("override", deals[0], *SAID, "--period", "2025-02", *here, "--json").json
    assert [one["until"] for one in found["new"]] == ["2025-03-01T00:00:00+00:00"]
    assert found["already_there"] == 0


def test_a_file_is_imported_and_measured(dealml: Run, here: tuple[str, Path], deals: list[str], tmp_path: Path) -> None:
    file = tmp_path / "said.csv"
    rows = [f"{deal},0.5,{DATE},x,Ann" for deal in deals[:40]]
    file.write_text("\n".join(["deal,probability,at,why,by", *rows]), encoding="utf-8")
    told = dealml("override", "--import", file, "--model", "tiny", *here)
    assert "40 overrides kept, 0 said nothing new" in told.out, told.err
    found = dealml("forecast-value-added", "--model", "tiny", *here, "--json").json
    assert (found["overrides"], found["overall"]["decisions"], found["overall"]["withheld"]) == (40, 40, False)
    assert set(found["overall"]["measures"]) == {"log_loss", "brier", "amount_error"}
    printed = dealml("forecast-value-added", "--model", "tiny", *here)
    assert "40 overrides beside tiny" in printed.out
    assert "log loss: " in printed.out
    assert "were entered when their time was over already" in printed.err
    assert "Ann" not in printed.out + str(found)


def test_fewer_than_thirty_are_not_told(dealml: Run, here: tuple[str, Path], deals: list[str]) -> None:
    dealml("override", deals[0], *SAID, *here)
    told = dealml("forecast-value-added", "--model", "tiny", *here)
    assert (told.code, "Nothing is told of fewer than 30 decisions" in told.out) == (0, True)
    found = dealml("forecast-value-added", "--model", "tiny", *here, "--json").json["overall"]
    assert found == {"name": "all", "decisions": 1, "withheld": True}


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ([], 2, "name one DEAL, or give --import FILE or --list"),
        (["D1", "--list"], 2, "name one DEAL, or give"),
        (["--list", "--why", "x"], 2, "--why is said of one DEAL; it does not go with --list"),
        (["--import", "x.csv", "--at", DATE], 2, "--at is said of one DEAL; it does not go with --import"),
        (["D1", "--as-of", DATE], 2, "--as-of belongs to --list"),
        (["--import", "absent.csv"], 3, "absent.csv: no such file"),
        (["D1", "--why", "x", "--by", "Ann"], 2, "--probability: nothing is said of the deal"),
        (["D1", "--probability", "0.5", "--by", "Ann"], 2, "--why: is missing"),
        (["D1", "--probability", "0.5", "--why", "x"], 2, "--by: is missing"),
        (["D1", "--probability", "1.2", "--why", "x", "--by", "Ann"], 2, "--probability: '1.2' is no share from 0 to 1"),
        (["D1", "--probability", "-1", "--why", "x", "--by", "Ann"], 2, "--probability: '-1' is no share from 0 to 1"),
        (["D1", "--amount", "lots", "--why", "x", "--by", "Ann"], 2, "--amount: 'lots' is no amount"),
        (["D1", "--amount", "5", "--currency", "euro", "--why", "x", "--by", "Ann"], 2, "--currency: 'euro' is no currency"),
        (["D1", "--close", "soon", "--why", "x", "--by", "Ann"], 2, "--close: 'soon' is no date"),
        (["D1", *HALF, "--at", "2999-01-01"], 2, "--at: '2999-01-01' is in the future"),
        (["D1", *HALF, "--until", "2020-01-01"], 2, "is over before the override is made"),
        (["D1", *HALF, "--period", "soon"], 2, "--period: 'soon' is no period"),
        (
            ["D1", *HALF, "--period", "2999", "--until", "2999-01-01"],
            2,
            "give one of the two",
        ),
        (["", *HALF], 2, "DEAL: is missing"),
        (
            ["D999999", *HALF, "--at", DATE, "--model", "tiny"],
            3,
            "D999999: no deal that was open",
        ),
        (["D1", *HALF, "--model", "account_churn"], 2, "speaks of accounts"),
        (["D1", *HALF, "--model", "nonsense"], 2, "no model 'nonsense'"),
    ],
)
def test_a_wrong_call_is_one_line_and_keeps_nothing(
    dealml: Run, here: tuple[str, Path], tmp_path: Path, words: list[str], code: int, told: str
) -> None:
    one_line(dealml("override", *words, *here), code, told)
    assert list(tmp_path.iterdir()) == []


def test_value_added_of_accounts_makes_no_sense(dealml: Run, here: tuple[str, Path]) -> None:
    one_line(dealml("forecast-value-added", "--model", "account_churn", *here), 2, "speaks of accounts")


def test_a_deal_that_is_gone_from_the_ledger_is_left_out(dealml: Run, here: tuple[str, Path], tmp_path: Path) -> None:
    append_overrides(f"sqlite:///{tmp_path / 'own.db'}", [kept("D999999", number(model="tiny"), made_at=CUT, until=CUT.replace(month=4))])
    told = dealml("forecast-value-added", "--model", "tiny", *here)
    assert told.code == 0, told.err
    assert "1 left out" in told.err
