"""Which rung is chosen: never one that held-out time does not ask for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dealml.learning import ladder
from dealml.learning.encoding import schema_of
from dealml.learning.ladder import LADDER, Choice, Tried, choose, fit_rung
from dealml.learning.training_rows import TrainingRows
from dealml.moments import as_utc64
from tests.learning.snapshot_fixtures import END, FEATURES, SPEC, rows_of, snapshots


def chosen(rows: TrainingRows, only: str | None = None) -> Choice:
    schema = schema_of(rows.snapshots, FEATURES)
    return choose(SPEC, rows, schema, rows.matrix(schema), as_utc64(END), only)


@pytest.fixture(scope="module")
def choice(table: pd.DataFrame) -> Choice:
    return chosen(rows_of(table))


def test_every_rung_is_tried_and_a_signal_is_worth_climbing_for(choice: Choice) -> None:
    assert [tried.rung for tried in choice.tried] == list(LADDER)
    assert choice.rung in ("logistic", "lightgbm")
    best = min(tried.log_loss for tried in choice.tried)
    for tried in choice.tried:
        assert tried.behind == pytest.approx(tried.log_loss - best)
        assert tried.error >= 0


def tried(base: float, rates: float, line: float, top: float, error: float = 0.01) -> tuple[Tried, ...]:
    losses = dict(zip(LADDER, (base, rates, line, top), strict=True))
    best = min(losses.values())
    return tuple(Tried(name, loss, loss - best, error if loss > best else 0.0) for name, loss in losses.items())


@pytest.mark.parametrize(
    ("losses", "rung"),
    [
        ((0.509, 0.505, 0.501, 0.500), "base_rate"),
        ((0.511, 0.509, 0.501, 0.500), "shrunken_rates"),
        ((0.530, 0.520, 0.501, 0.500), "lightgbm"),
        ((0.530, 0.520, 0.500, 0.501), "logistic"),
        ((0.500, 0.520, 0.530, 0.540), "base_rate"),
    ],
)
def test_a_rate_within_a_standard_error_is_taken_or_else_the_better_learner(losses: tuple[float, ...], rung: str) -> None:
    assert ladder._earned(tried(*losses)) == rung


def test_noise_leaves_the_base_rate_most_often() -> None:
    """One standard error lets noise through now and then; the verdict on held-out time stands behind it."""
    rungs = [chosen(rows_of(without_signal(seed))).rung for seed in range(6)]
    assert rungs.count("base_rate") >= 4


def without_signal(seed: int) -> pd.DataFrame:
    table, rng = snapshots(deals=200, seed=seed), np.random.default_rng(seed)
    for name in ("depth", "silence", "colour"):
        table[name] = rng.permutation(table[name].to_numpy(dtype=object))
    return table.astype({"depth": float, "silence": float, "colour": "str"})


def test_too_few_outcomes_try_nothing(table: pd.DataFrame) -> None:
    few = table[table["deal_id"] < "D0080"]
    assert chosen(rows_of(few)) == Choice()


def test_a_rung_can_be_asked_for(table: pd.DataFrame, choice: Choice) -> None:
    rows = rows_of(table)
    schema = schema_of(rows.snapshots, FEATURES)
    asked = chosen(rows, "shrunken_rates")
    assert asked.tried == choice.tried
    assert fit_rung(asked, SPEC, rows, schema, rows.matrix(schema)).name == "shrunken_rates"


def test_a_cross_section_is_decided_by_lot(table: pd.DataFrame) -> None:
    assert chosen(replace(rows_of(table), cross_section=True)).rung in ("logistic", "lightgbm")
