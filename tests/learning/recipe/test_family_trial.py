"""Families of features are used only where held-out time shows that they help, and are then used as if a person had turned them on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
import pytest

from dealml import Trees
from dealml.features.families.choice import ChosenValues, FamilyChoices
from dealml.learning.fitted import FittedModel, load_fitted
from dealml.learning.recipe.family_trial import ORIGINS, FamilyTrial
from dealml.learning.training import fit
from tests.features.families.family_fixtures import touch
from tests.learning.snapshot_fixtures import END, FEATURES, SPEC, rows_of, snapshots

SMALL = replace(SPEC, horizons=(60,), trees=Trees(num_boost_round=8, min_data_in_leaf=15))
VALUES = (("demo", None),)
CHOICES = FamilyChoices((ChosenValues(touch, ((np.datetime64("2020-01-01"), VALUES),)),))
MEMBER = next(iter(CHOICES.features)).name


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return snapshots(deals=150, seed=4)


def fitted(table: pd.DataFrame, strength: float, families: bool | Literal["auto"]) -> FittedModel:
    """A model whose family tells the outcome as strongly as said, beside noise."""
    noise = np.random.default_rng(7).normal(size=len(table))
    member = strength * table["event_at"].notna() + noise
    rows = replace(rows_of(table.assign(**{MEMBER: member}), (60,)), families=CHOICES)
    return fit(replace(SMALL, families=families), rows, [*FEATURES, MEMBER] if families else FEATURES, "won", END, "ledger")


def test_a_family_that_tells_the_outcome_is_used_as_if_it_had_been_turned_on(table: pd.DataFrame, tmp_path: Path) -> None:
    model = fitted(table, 2.0, "auto")
    trial = FamilyTrial(**model.family_trial)
    assert trial.used
    assert trial.origins == ORIGINS
    assert trial.log_loss is not None
    assert trial.without is not None
    assert trial.error is not None
    assert trial.log_loss < trial.without - trial.error
    assert trial.sentence.startswith(f"families: used, log loss {trial.log_loss:.4f} with them against {trial.without:.4f}")
    assert MEMBER in model.schema.names
    assert model.families == {"touch": VALUES}
    assert load_fitted(tmp_path, model.save(tmp_path)).family_trial == model.family_trial
    assert replace(model, family_trial={}).digest == fitted(table, 2.0, families=True).digest


def test_a_family_of_noise_is_left_out_as_if_there_were_none(table: pd.DataFrame) -> None:
    model = fitted(table, 0.0, "auto")
    trial = FamilyTrial(**model.family_trial)
    assert not trial.used
    assert trial.sentence.startswith("families: left out, log loss")
    assert model.families == {}
    plain = fitted(table, 0.0, families=False)
    assert replace(model, family_trial={}).digest == replace(plain, families={}).digest


def test_where_a_rate_is_chosen_there_is_nothing_to_compare(table: pd.DataFrame) -> None:
    few = table[table["deal_id"] < "D0040"].reset_index(drop=True)
    model = fitted(few, 2.0, "auto")
    assert model.rung.name == "base_rate"
    assert FamilyTrial(**model.family_trial) == FamilyTrial(used=False)
    assert "a rate" in FamilyTrial(used=False).sentence
