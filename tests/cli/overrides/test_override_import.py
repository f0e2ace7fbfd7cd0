"""`dealml override import` as it is called, and every wrong call as one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran
from tests.cli.test_errors import one_line
from tests.conftest import CUT

Run = Callable[..., Ran]
DATE = f"{CUT:%Y-%m-%d}"


def test_a_file_is_imported_and_measured(dealml: Run, here: tuple[str, Path], deals: list[str], tmp_path: Path) -> None:
    file = tmp_path / "said.csv"
    rows = [f"{deal},0.5,{DATE},x,Ann" for deal in deals[:40]]
    file.write_text("\n".join(["deal,probability,at,why,by", *rows]), encoding="utf-8")
    ran = dealml("override", "import", file, "--model", "tiny", *here)
    assert "40 overrides kept, 0 said nothing new" in ran.out, ran.err
    report = dealml("forecast-value-added", "--model", "tiny", *here, "--json").json
    assert (report["overrides"], report["overall"]["decisions"], report["overall"]["withheld"]) == (40, 40, False)
    assert set(report["overall"]["measures"]) == {"log_loss", "brier", "amount_error"}
    printed = dealml("forecast-value-added", "--model", "tiny", *here)
    assert "40 overrides beside tiny" in printed.out
    assert "log loss: " in printed.out
    assert "were entered when their time was over already" in printed.err
    assert "Ann" not in printed.out + str(report)


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        ([], 2, "Missing argument 'FILE'"),
        (["absent.csv"], 3, "absent.csv: no such file"),
        (["x.csv", "--at", DATE], 2, "No such option: --at"),
    ],
)
def test_a_wrong_call_is_one_line_and_keeps_nothing(
    dealml: Run, here: tuple[str, Path], tmp_path: Path, words: list[str], code: int, message: str
) -> None:
    one_line(dealml("override", "import", *words, *here), code, message)
    assert list(tmp_path.iterdir()) == []


def test_a_row_that_says_nothing_or_a_model_that_is_not_there_keeps_nothing(
    dealml: Run, here: tuple[str, Path], deals: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "said.csv"
    file.write_text(f"deal,probability,at,why,by\n{deals[0]},0.5,{DATE},x,Ann\n{deals[1]},,{DATE},x,Ann\n", encoding="utf-8")
    one_line(dealml("override", "import", file, "--model", "nonsense", *here), 2, "no model 'nonsense'")
    one_line(dealml("override", "import", file, "--model", "tiny", *here), 3, "said.csv:3: ")
    assert [path.name for path in tmp_path.iterdir()] == ["said.csv"]
