"""What is served is what was shown on held-out rows, or the base rate."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dealml.evaluation.decisions import fit_or_fall_back as fit_or_fall_back_module
from dealml.evaluation.decisions.fit_or_fall_back import ValidatedFit, fit_or_fall_back
from dealml.evaluation.decisions.verdict import Verdict
from dealml.jobs.scoring.served_models import notes_for_rate
from dealml.learning.spec import Trees
from dealml.learning.training_rows import TrainingRows
from tests.learning.snapshot_fixtures import END, FEATURES, SPEC, rows_of, snapshots

QUICK = replace(SPEC, trees=Trees(num_boost_round=20, min_data_in_leaf=15))


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return snapshots()


def earned(rows: TrainingRows) -> ValidatedFit:
    return fit_or_fall_back(QUICK, rows, FEATURES, "won", END, "ledger")


def test_a_signal_is_served_with_its_evidence(table: pd.DataFrame) -> None:
    found = earned(rows_of(table))
    assert found.verdict.beats
    assert found.evaluation is not None
    assert found.fitted.rung.name in ("logistic", "lightgbm")
    assert notes_for_rate(found.fitted) == ()
    assert found.fitted.held_out["metrics"]["log_loss"][0] == found.evaluation.overall["model"]["log_loss"].value


def test_noise_is_refused_and_the_base_rate_served() -> None:
    table, rng = snapshots(deals=300, seed=8), np.random.default_rng(8)
    for name in ("depth", "silence", "colour"):
        table[name] = rng.permutation(table[name].to_numpy(dtype=object))
    found = earned(rows_of(table.astype({"depth": float, "silence": float, "colour": "str"})))
    assert found.verdict.checked
    assert not found.verdict.beats
    assert found.fitted.rung.name == "base_rate"
    assert found.fitted.fallback_reason == found.verdict.message
    assert notes_for_rate(found.fitted) == (
        f"every score is the base rate: on held-out rows what was learned {found.verdict.message} (what to do: docs/verdicts.md)",
    )


@pytest.mark.parametrize(("rates_hold", "rung"), [(True, "shrunken_rates"), (False, "base_rate")])
def test_what_was_refused_is_served_as_the_best_rate(
    rates_hold: bool, rung: str, table: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = Verdict(False, True, "loses to stage rates", "map more")
    verdicts = iter([refusal, Verdict(True, True, "beats the base rate") if rates_hold else refusal])
    monkeypatch.setattr(fit_or_fall_back_module, "verdict_on", lambda evaluation: next(verdicts))
    monkeypatch.setattr(fit_or_fall_back_module, "_stages_tell", lambda evaluation: True)
    found = earned(rows_of(table))
    assert (found.fitted.rung.name, found.verdict, found.fitted.fallback_reason) == (rung, refusal, "loses to stage rates")
    assert found.evaluation is not None
    assert found.evaluation.rung == (rung if rates_hold else "lightgbm")
    (note,) = notes_for_rate(found.fitted)
    assert note.startswith("every score is the rate of its stage" if rates_hold else "every score is the base rate")


def test_too_little_to_check_serves_the_base_rate(table: pd.DataFrame) -> None:
    found = earned(rows_of(table[table["deal_id"] < "D0070"]))
    assert (found.evaluation, found.verdict.checked, found.fitted.rung.name) == (None, False, "base_rate")
    assert found.fitted.held_out == {}
    assert notes_for_rate(found.fitted) == ("too few outcomes to learn from: every score is the base rate",)


def test_where_one_cut_leaves_too_little_several_origins_check(table: pd.DataFrame) -> None:
    found = earned(rows_of(table[table["deal_id"] < "D0200"]))
    assert found.evaluation is not None
    assert found.evaluation.method == "rolling origins"
