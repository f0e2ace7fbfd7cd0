"""The strongest changed facts, in words: only what changed, the strongest first, against an obvious loop."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dealml.reasons.change import change
from dealml.reasons.change_reasons import LEAST_POINTS, MAX_REASONS, strongest_moves
from dealml.reasons.wording import Meaning, Wording, wording_of
from tests.reasons.test_change import drawn, model

WORDING = Wording("en", wording_of([]).texts, {"depth": Meaning("Depth", "level 0–4"), "silence": Meaning("Silence", "days")})


def same(one: object, other: object) -> bool:
    return bool(pd.isna(one) and pd.isna(other)) or one == other


@pytest.mark.parametrize("rung", ["logistic", "lightgbm"])
def test_the_strongest_changed_facts_come_first(rung: str) -> None:
    rng = np.random.default_rng(5)
    before = drawn(rng, 60)
    waited = before.assign(silence=before["silence"] + 7)
    kept = rng.random((60, 1)) < 0.4
    after = waited.where(np.broadcast_to(kept, waited.shape), drawn(rng, 60)).astype(waited.dtypes.to_dict())
    found = change(model(rung), model(rung), before, waited, after)
    told = strongest_moves(found, before, waited, after, WORDING)
    assert len(told) == 60
    assert sum(map(len, told)) > 30
    for row, moves in enumerate(told):
        changed = [
            float(found.facts[row, place])
            for place, name in enumerate(found.names)
            if not same(waited[name].iloc[row], after[name].iloc[row])
        ]
        expected = sorted((part for part in changed if abs(part) >= LEAST_POINTS), key=abs, reverse=True)[:MAX_REASONS]
        assert [points for points, _ in moves] == expected


def test_a_fact_is_told_with_its_value_then_and_now() -> None:
    assert WORDING.moved("depth", "4", "4", "5", 0.061) == "Depth: 5, was 4 (+6 points)"
    assert WORDING.moved("silence", "1", "8", None, -0.011) == "Silence: not known, was 1 day (−1 point)"
    assert WORDING.moved("silence", None, None, "2", -0.02) == "Silence: 2 days, was not known (−2 points)"


def test_where_the_value_is_what_it_was_time_alone_would_have_changed_it() -> None:
    assert WORDING.moved("silence", "0", "28", "0", 0.07) == "Silence: 0 days, would have been 28 days (+7 points)"
