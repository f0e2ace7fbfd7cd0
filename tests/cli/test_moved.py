"""Every option that moved to a verb of its own: exit 2, and one line with the whole new command in it."""

from __future__ import annotations

import shlex
from collections.abc import Callable

import pytest

from dealml.cli.moved import moved
from tests.cli.conftest import Ran

Run = Callable[..., Ran]
MOVED = [
    ("evaluate deal_win --backtest --origins 8", "--backtest moved; run: dealml backtest deal_win --origins 8"),
    ("evaluate deal_win --origins 8", "--origins moved; run: dealml backtest deal_win --origins 8"),
    (
        "evaluate deal_win --version 3 --backtest --out b.html --project p",
        "--backtest moved; run: dealml backtest deal_win --out b.html --project p",
    ),
    (
        "evaluate deal_win --against heuristic --capacity 5 --out page.html",
        "--against moved; run: dealml compare-baseline deal_win --baseline heuristic --capacity 5 --out page.html",
    ),
    ("evaluate deal_win --against=stage_rates", "--against moved; run: dealml compare-baseline deal_win --baseline=stage_rates"),
    ("evaluate deal_win --capacity 5", "--capacity moved; run: dealml compare-baseline deal_win --capacity 5"),
    ("evaluate deal_win --out page.html", "--out moved; run: dealml compare-baseline deal_win --out page.html"),
    (
        "explain D1 --from 2025-12-01 --to 2026-01-05 --model deal_win",
        "--from moved; run: dealml explain-change D1 --from 2025-12-01 --to 2026-01-05 --model deal_win",
    ),
    (
        "explain --to 2026-01-05 --from 2025-12-01 --out changes.csv --json",
        "--to moved; run: dealml explain-change --to 2026-01-05 --from 2025-12-01 --out changes.csv --json",
    ),
    ("explain D1 --from-version 2", "--from-version moved; run: dealml explain-change D1 --from-version 2"),
    (
        "explain D1 --what-if champion_depth=3 --what-if discount=0 --as-of 2026-01-05",
        "--what-if moved; run: dealml what-if D1 --as-of 2026-01-05 champion_depth=3 discount=0",
    ),
    ("explain D1 --as-of 2026-01-05 --what-if=stage=Closing", "--what-if moved; run: dealml what-if D1 --as-of 2026-01-05 stage=Closing"),
    (
        "explain D1 --as-of 2026-01-05 --no-past --out 'my deal.html'",
        "--out moved; run: dealml deal-report D1 --as-of 2026-01-05 --out 'my deal.html'",
    ),
    ("review --serve --as-of 2026-01-05 --port 8000", "--serve moved; run: dealml serve --as-of 2026-01-05 --port 8000"),
    (
        "review --from 2025-12-01 --to 2026-01-05 --serve",
        "--serve moved; run: dealml serve --from 2025-12-01 --as-of 2026-01-05",
    ),
    (
        "review --as-of 2026-01-05 --out r.html --tables t.xlsx --serve",
        "--serve moved; run: dealml review --as-of 2026-01-05 --out r.html --tables t.xlsx && dealml serve --as-of 2026-01-05",
    ),
    ("review --port 8000 --as-of 2026-01-05", "--port moved; run: dealml serve --port 8000 --as-of 2026-01-05"),
    (
        "forecast --backtest --period-kind month --periods 4 --model deal_win",
        "--backtest moved; run: dealml forecast-backtest --period-kind month --periods 4 --model deal_win",
    ),
    ("forecast --period-kind month", "--period-kind moved; run: dealml forecast-backtest --period-kind month"),
    ("forecast --periods 4 --period 2026Q1", "--periods moved; run: dealml forecast-backtest --periods 4"),
    (
        "override D1 --probability 0.8 --why 'budget signed' --by 'Ann Nowak'",
        "override DEAL moved; run: dealml override add D1 --probability 0.8 --why 'budget signed' --by 'Ann Nowak'",
    ),
    ("override --amount 5 D1", "override DEAL moved; run: dealml override add --amount 5 D1"),
    ("override --import said.csv --model deal_win", "--import moved; run: dealml override import --model deal_win said.csv"),
    ("override --list --as-of 2026-01-05 --json", "--list moved; run: dealml override list --as-of 2026-01-05 --json"),
]


@pytest.mark.parametrize(("call", "line"), MOVED, ids=[call for call, _ in MOVED])
def test_an_option_that_moved_is_answered_with_the_new_command(dealml: Run, call: str, line: str) -> None:
    assert dealml(*shlex.split(call)) == Ran(2, "", f"dealml: {line}\n")


@pytest.mark.parametrize(("call", "line"), MOVED, ids=[call for call, _ in MOVED])
def test_the_new_command_is_one_that_exists_with_these_options(dealml: Run, call: str, line: str) -> None:
    """Its words are the new verb's own: with help asked for, they are parsed and nothing is done."""
    for command in line.partition("run: dealml ")[2].split(" && dealml "):
        assert moved(shlex.split(command)) is None
        shown = dealml(*shlex.split(command), "--help")
        assert (shown.code, shown.err) == (0, "")
        assert shown.out.startswith(f"Usage: dealml {command.split()[0]}")


def test_an_option_is_answered_with_debug_too(dealml: Run) -> None:
    assert dealml("--debug", "evaluate", "deal_win", "--backtest").err == "dealml: --backtest moved; run: dealml backtest deal_win\n"


@pytest.mark.parametrize(
    "call",
    [
        "",
        "--help",
        "evaluate deal_win --version 3",
        "explain D1 --as-of 2026-01-05 --evidence",
        "review --from 2025-12-01 --to 2026-01-05",
        "forecast --as-of 2026-01-05 --period 2026Q1 --out deals.csv",
        "override add D1 --probability 0.8",
        "override list --as-of 2026-01-05",
        "override --help",
        "override nonsense",
        "train deal_win --backtest",
    ],
)
def test_any_other_call_is_left_alone(call: str) -> None:
    assert moved(shlex.split(call)) is None


def test_a_value_that_reads_like_an_option_is_a_value() -> None:
    assert moved(["forecast", "--model", "--backtest"]) is None
    assert moved(["review", "--out"]) is None
