"""Ratios over look-alikes against a loop: the narrowest group with enough cases, drawn towards the wider one."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

from dealml.economics.look_alikes import ratio
from dealml.economics.settings import LookAlikeRule

RULE = LookAlikeRule(least_cases=5, strength=4.0)
KEYS = ("segment", "industry")


def past(seed: int, count: int = 60) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    segment = rng.choice(["SMB", "Large", None], count, p=[0.6, 0.3, 0.1])
    table = pd.DataFrame({"segment": segment, "industry": rng.choice(["Retail", "Health", None], count), "price": rng.uniform(1, 9, count)})
    table["cost"] = table["price"] * rng.uniform(0.1, 0.5, count)
    table.loc[rng.random(count) < 0.1, "cost"] = np.nan
    return table


def by_loop(rows: list[dict], case: dict, keys: Sequence[str]) -> tuple[float, int, str]:
    """The same ratio, group by group."""
    rows = [row for row in rows if not math.isnan(row["cost"])]
    typical = sum(row["price"] for row in rows) / len(rows)
    value = sum(row["cost"] for row in rows) / sum(row["price"] for row in rows)
    told = (value, len(rows), "company")
    for depth in range(1, len(keys) + 1):
        shared = keys[:depth]
        alike = [row for row in rows if all(isinstance(case[key], str) and row[key] == case[key] for key in shared)]
        weight = RULE.strength * typical
        value = (sum(row["cost"] for row in alike) + weight * value) / (sum(row["price"] for row in alike) + weight)
        if len(alike) >= RULE.least_cases:
            told = (value, len(alike), ", ".join(shared))
    return told


@pytest.mark.parametrize("seed", range(5))
def test_ratios_are_those_of_a_loop(seed: int) -> None:
    table = past(seed)
    kinds = [("SMB", "Retail"), ("SMB", None), ("Large", "Health"), ("Large", "Other"), ("Other", "Retail"), (None, "Health")]
    wanted = pd.DataFrame(kinds, columns=list(KEYS))
    estimate = ratio(table, wanted, KEYS, RULE, "cost", "price")
    rows = table.to_dict("records")
    for number, case in enumerate(wanted.to_dict("records")):
        value, cases, level = by_loop(rows, case, KEYS)
        assert (int(estimate.cases[number]), estimate.level[number]) == (cases, level)
        assert estimate.value[number] == pytest.approx(value, rel=1e-12)
        assert estimate.low[number] <= value <= estimate.high[number]


def test_few_cases_of_a_kind_say_what_the_company_says() -> None:
    table = pd.DataFrame({"segment": ["SMB"] * 10 + ["Large"] * 4, "cost": [1.0] * 10 + [100.0] * 4})
    estimate = ratio(table, pd.DataFrame({"segment": ["Large"]}), ("segment",), RULE, "cost")
    assert (estimate.level[0], estimate.cases[0], estimate.value[0]) == ("company", 14, 410 / 14)


def test_more_cases_make_a_narrower_interval_which_holds_the_mean() -> None:
    rng = np.random.default_rng(0)
    wanted, hits, widths = pd.DataFrame({"segment": ["SMB"]}), 0, {}
    for count in (20, 200):
        for _ in range(200):
            table = pd.DataFrame({"segment": "SMB", "cost": rng.normal(10.0, 3.0, count)})
            estimate = ratio(table, wanted, (), RULE, "cost")
            hits += estimate.low[0] <= 10.0 <= estimate.high[0]
        widths[count] = estimate.high[0] - estimate.low[0]
    assert 0.74 < hits / 400 < 0.86
    assert widths[200] < widths[20] / 2


def test_without_cases_nothing_is_known() -> None:
    empty = pd.DataFrame({"segment": pd.Series([], dtype=object), "cost": pd.Series([], dtype=float)})
    estimate = ratio(empty, pd.DataFrame({"segment": ["SMB"]}), ("segment",), RULE, "cost")
    assert np.isnan([estimate.value[0], estimate.low[0], estimate.high[0]]).all()
    assert len(ratio(past(1), pd.DataFrame({"segment": [], "industry": []}), KEYS, RULE, "cost").value) == 0
