"""The gate: declared in a specification, kept with the version, and refused where it cannot be meant."""

from __future__ import annotations

from dataclasses import asdict, replace

import pandas as pd
import pytest

from dealml import Gate
from dealml.errors import InputError
from dealml.learning.training import fit
from tests.learning.snapshot_fixtures import END, FEATURES, SPEC, rows_of


def test_the_defaults_are_those_of_the_design() -> None:
    gate = Gate()
    assert (gate.min_log_loss_gain, gate.max_calibration_error, gate.max_calibration_error_increase) == (0.0, 0.05, 0.01)
    assert (gate.max_segment_auc_loss, gate.min_segment_outcomes) == (0.03, 100)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("min_log_loss_gain", -0.01),
        ("max_calibration_error", 5.0),
        ("max_calibration_error_increase", -1.0),
        ("max_segment_auc_loss", float("nan")),
        ("min_segment_outcomes", 0),
        ("resamples", 10),
    ],
)
def test_a_limit_that_cannot_be_meant_is_refused(name: str, value: float) -> None:
    with pytest.raises(InputError, match=f"gate: {name} is {value}; give a number from"):
        Gate(**{name: value})  # type: ignore[arg-type]


def test_what_was_declared_before_the_training_stays_with_the_version(table: pd.DataFrame) -> None:
    declared = replace(SPEC, gate=Gate(min_log_loss_gain=0.01))
    one, other = (fit(spec, rows_of(table), FEATURES, "won", END, "ledger", only="base_rate") for spec in (declared, SPEC))
    assert Gate(**one.gate) == declared.gate
    assert other.gate == asdict(Gate())
    assert one.digest != other.digest
