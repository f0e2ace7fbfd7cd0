"""The terms of one case in words, in the order in which they make its expected value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from dealml.economics.expected_value import ADDED, ESSENTIAL

Unit = Literal["money", "months", "chance", "share"]

TERMS: dict[str, tuple[str, Unit]] = {
    "becomes_a_deal": ("P(becomes a deal)", "chance"),
    "win": ("P(win)", "chance"),
    "price": ("price after discount", "money"),
    "goods": ("− goods", "money"),
    "services": ("− services", "money"),
    "customisation": ("− customisation", "money"),
    "third_party": ("− third parties", "money"),
    "gross_margin": ("= gross margin", "money"),
    "acquisition_cost": ("acquisition cost", "money"),
    "payback_months": ("payback", "months"),
    "margin_to_payback": ("margin to payback", "money"),
    "stays": ("P(stays past payback)", "chance"),
    "margin_after": ("margin after payback", "money"),
    "growth": ("yearly growth of stayers", "share"),
    "expansion": ("expansion", "money"),
    "strategic_value": ("strategic value", "money"),
    "part_margin_to_payback": ("P(win) × margin to payback", "money"),
    "part_margin_after": ("+ P(win) × P(stays) × margin after", "money"),
    "part_expansion": ("+ P(win) × P(stays) × expansion", "money"),
    "part_strategic_value": ("+ P(win) × strategic value", "money"),
    "part_cost_to_pursue": ("− cost to pursue", "money"),
    "expected_value": ("= expected value", "money"),
}
"""Terms and what follows from them, each with its words and its unit."""
ABOUT = ("kind", "id", "name", "account", "segment", "industry", "stage")
_SOURCED = {"part_cost_to_pursue": "cost_to_pursue"}
"""What is shown under another name than the term that it is."""


@dataclass(frozen=True)
class TermLine:
    """One line about a case; nan is unknown, or no interval."""

    name: str
    unit: Unit
    value: float
    low: float
    high: float
    source: str


def lines_of(row: Mapping[Any, Any]) -> Iterator[TermLine]:
    """The lines about one case, a row of `assess.economics_table`; of a deal without that it is one."""
    for key, (name, unit) in TERMS.items():
        if (key == "becomes_a_deal" and row["kind"] == "deal") or (key == "part_strategic_value" and "strategic_value" in row["without"]):
            continue
        low, high = (float(row.get(f"{key}_{end}", float("nan"))) for end in ("low", "high"))
        yield TermLine(name, unit, float(row[key]), low, high, str(row.get(f"{_SOURCED.get(key, key)}_source", "")))


def as_record(row: Mapping[Any, Any]) -> dict[str, Any]:
    """One case with its terms nested, for JSON."""
    about = {name: row[name] if isinstance(row[name], str) else None for name in ABOUT}
    terms = {
        name: {
            "value": row[name], "low": row[f"{name}_low"], "high": row[f"{name}_high"], "source": row[f"{name}_source"],
            "moves": row.get(f"moves_{name}"), "missing": "no expected value" if name in ESSENTIAL else "left out of it",
        }
        for name in (*ESSENTIAL, *ADDED)
    }  # fmt: skip
    follows = ("gross_margin", "monthly_margin", "payback_months", "margin_to_payback", "margin_after", "expansion")
    value = {name: row[name] for name in ("expected_value", "expected_value_low", "expected_value_high")}
    return {
        **about,
        "is_customer": bool(row["is_customer"]),
        "terms": terms,
        **{name: row[name] for name in follows},
        "parts": {name.removeprefix("part_"): part for name, part in row.items() if name.startswith("part_")},
        **value,
        "unknown": [name for name in str(row["unknown"]).split(", ") if name],
        "without": [name for name in str(row["without"]).split(", ") if name],
    }
