"""Which reasons are kept: the strongest, and of the strongest subjects the feature that leads them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dealml.learning.calibration import Calibrator
from dealml.learning.encoding import HORIZON, Field, Schema
from dealml.learning.fitted import Explained, FittedModel
from dealml.learning.rungs import BaseRate
from dealml.reasons.top_reasons import LED, MAX_REASONS, groups_of, reasons_of
from dealml.reasons.wording import Meaning, Wording, wording_of

SUBJECTS = {"a": 9, "b": 3, "c": 2, "d": 1, "": 2}
NAMES = [f"{subject}{place}" for subject, count in SUBJECTS.items() for place in range(count)]
WORDING = Wording(
    "en", wording_of([]).texts, {name: Meaning(name, "", name.rstrip("0123456789")) for name in NAMES} | {HORIZON: Meaning("", "", "time")}
)
SCHEMA = Schema(tuple(Field(name) for name in (*NAMES, HORIZON)))
MODEL = FittedModel("m", "deal_id", "won", (30,), 30, "", "", SCHEMA, BaseRate((30.0,), (0.0,)), Calibrator(), {})


def reasons(parts: np.ndarray[Any, Any]) -> list[list[dict[str, object]]]:
    rows = np.zeros(len(parts))
    table = pd.DataFrame(np.ones((len(parts), len(NAMES) + 1)), columns=[*NAMES, HORIZON])
    return reasons_of(MODEL, table, Explained(rows, rows, parts, rows, rows, parts / 5), WORDING)


def by_hand(parts: dict[str, float]) -> set[str]:
    """The same in small steps."""
    by_subject: dict[str, list[str]] = {}
    for name in NAMES:
        by_subject.setdefault(WORDING.meaning(name).subject, []).append(name)
    by_subject.pop("")
    sums = {subject: sum(parts[name] for name in names) for subject, names in by_subject.items()}
    kept = set()
    for subject in sorted(sums, key=lambda subject: -abs(sums[subject]))[:LED]:
        kept.add(max(by_subject[subject], key=lambda name: parts[name] * np.sign(sums[subject])))
    for name in sorted(NAMES, key=lambda name: -abs(parts[name])):
        if len(kept) < MAX_REASONS:
            kept.add(name)
    return kept


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000))
def test_as_worked_out_by_hand(seed: int) -> None:
    parts = np.random.default_rng(seed).normal(size=(5, len(NAMES) + 1)) * np.random.default_rng(seed + 1).choice(
        [0.1, 1, 3], len(NAMES) + 1
    )
    for row, told in zip(parts, reasons(parts), strict=True):
        assert {reason["feature"] for reason in told} == by_hand(dict(zip(NAMES, row, strict=False)))
        assert all(abs(float(str(one["log_odds"]))) >= abs(float(str(other["log_odds"]))) for one, other in pairwise(told))


def test_what_many_features_tell_a_little_each_does_not_go_unnamed() -> None:
    parts = np.zeros((1, len(NAMES) + 1))
    parts[0, : SUBJECTS["a"]] = 0.2
    parts[0, SUBJECTS["a"] : len(NAMES)] = [0.5, -0.4, 0.3, -0.5, 0.4, 0.3, 0.25, -0.25]
    assert any(str(reason["feature"]).startswith("a") for reason in reasons(parts)[0])


def test_what_adds_nothing_is_no_reason() -> None:
    parts = np.zeros((2, len(NAMES) + 1))
    parts[1, 3], parts[1, -1] = 0.4, 9.0
    assert [[reason["feature"] for reason in told] for told in reasons(parts)] == [[], ["a3"]]


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), amount=st.one_of(st.none(), st.floats(0.01, 1e6)))
def test_groups_add_up_in_log_odds_points_and_money(seed: int, amount: float | None) -> None:
    rng = np.random.default_rng(seed)
    log_odds, points = rng.normal(size=len(NAMES) + 1), rng.normal(size=len(NAMES) + 1) / 20
    found = groups_of([*NAMES, HORIZON], log_odds, points, WORDING, amount)
    assert sum(group.log_odds for group in found) == pytest.approx(log_odds.sum(), abs=1e-12)
    assert sum(group.points for group in found) == pytest.approx(points.sum(), abs=1e-12)
    if amount is None:
        assert {group.money for group in found} == {None}
    else:
        assert sum(group.money or 0.0 for group in found) == pytest.approx(points.sum() * amount, abs=1e-9)
