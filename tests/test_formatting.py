"""How money, shares and dates are written, and that nobody writes them otherwise."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealml.formatting import cents, counted_percent, day, exact_money, money, money_prefix, percent
from tests.conftest import ROOT

OWN = ROOT / "src" / "dealml" / "written.py"
READ = [*sorted((ROOT / "src" / "dealml").rglob("*.py")), *sorted((ROOT / "pipelines").rglob("*.py"))]
LANGUAGES = sorted((ROOT / "src" / "dealml" / "reasons" / "language").glob("*.toml"))
SPACED = re.compile(r"\d[}]? %|[}] %(?![({]|\w)")
"""A percent sign that stands apart from its number."""


def test_money_in_whole_units() -> None:
    assert [money(hundredths, "EUR") for hundredths in (0, 49, 149, -151, 123456789)] == ["€0", "€0", "€1", "−€2", "€1,234,568"]
    assert [money(hundredths, "EUR", signed=True) for hundredths in (0, 200, -200, -49)] == ["€0", "+€2", "−€2", "€0"]


def test_a_currency_without_a_well_known_sign_is_named_and_one_that_is_not_known_is_not() -> None:
    assert (money(100_000, "PLN"), money(100_000, "")) == ("PLN\u00a01,000", "1,000")
    assert (money_prefix("GBP"), money_prefix("CHF"), money_prefix("")) == ("£", "CHF\u00a0", "")


def test_money_to_the_cent() -> None:
    assert [exact_money(Decimal(amount), "EUR") for amount in ("48000", "-0.5")] == ["€48,000.00", "−€0.50"]


@pytest.mark.parametrize(("chance", "shown"), [(0.0, "under 1%"), (0.01, "1%"), (0.125, "13%"), (0.99, "99%"), (1.0, "over 99%")])
def test_no_chance_is_certain(chance: float, shown: str) -> None:
    assert percent(chance) == shown


@pytest.mark.parametrize(("share", "shown"), [(0.0, "0%"), (0.254, "25%"), (1.0, "100%"), (-0.12, "−12%"), (-0.001, "0%")])
def test_what_was_counted_may_be_none_or_all(share: float, shown: str) -> None:
    assert counted_percent(share) == shown


def test_a_share_with_a_place() -> None:
    assert (counted_percent(0.3141, 1), counted_percent(12.5, 1)) == ("31.4%", "1,250.0%")


def test_a_date() -> None:
    assert day(date(2026, 4, 3)) == "3 Apr 2026"


@given(st.decimals(-(10**9), 10**9, places=2))
def test_cents_are_exact(amount: Decimal) -> None:
    assert Decimal(cents(amount)) / 100 == amount


@given(st.integers(-(10**12), 10**12))
def test_money_reads_back(hundredths: int) -> None:
    told = money(hundredths, "EUR")
    assert int(told.replace("−", "-").replace("€", "").replace(",", "")) == (abs(hundredths) + 50) // 100 * (-1 if hundredths < 0 else 1)


def texts_of(path: Path) -> Iterator[tuple[int, str]]:
    """The texts of a module that a person may come to read: all but its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)}
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs | inner:
            yield node.lineno, node.value
        elif isinstance(node, ast.JoinedStr):
            yield node.lineno, ast.unparse(node)


@pytest.mark.parametrize("path", READ, ids=lambda path: str(path.relative_to(ROOT)))
def test_percents_and_money_are_written_one_way(path: Path) -> None:
    for line, text in texts_of(path):
        assert not SPACED.search(text), f"{path.name}:{line}: a percent sign stands next to its number"
        assert path == OWN or not re.search(r"[€£¥₪₹](?=[{0-9])|\$(?=\d)|currency} \{|\} \{[\w.]*currency", text), (
            f"{path.name}:{line}: use dealml.formatting"
        )


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.name)
def test_the_texts_of_reasons_do_too(path: Path) -> None:
    assert not re.search(
        r"\d %[^(]", "\n".join(line for line in path.read_text(encoding="utf-8").split("\n") if not line.startswith("plural"))
    )
