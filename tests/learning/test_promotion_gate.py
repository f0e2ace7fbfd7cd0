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
    assert (gate.least_gain, gate.most_calibration_error, gate.most_calibration_loss) == (0.0, 0.05, 0.01)
    assert (gate.most_segment_auc_loss, gate.least_segment_outcomes) == (0.03, 100)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("least_gain", -0.01),
        ("most_calibration_error", 5.0),
        ("most_calibration_loss", -1.0),
        ("most_segment_auc_loss", float("nan")),
        ("least_segment_outcomes", 0),
        ("resamples", 10),
    ],
)
def test_a_limit_that_cannot_be_meant_is_refused(name: str, value: float) -> None:
    with pytest.raises(InputError, match=f"gate: {name} is {value}; give a number from"):
        Gate(**{name: value})  # type: ignore[arg-type]


def test_what_was_declared_before_the_training_stays_with_the_version(table: pd.DataFrame) -> None:
    declared = replace(SPEC, gate=Gate(least_gain=0.01))
    one, other = (fit(spec, rows_of(table), FEATURES, "won", END, "ledger", only="base_rate") for spec in (declared, SPEC))
    assert Gate(**one.gate) == declared.gate
    assert other.gate == asdict(Gate())
    assert one.digest != other.digest
