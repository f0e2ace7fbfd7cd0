"""A learner from what an artefact holds; one that this version does not have is refused in one line."""

import json

import numpy as np
import pytest

from dealml.errors import ModelError
from dealml.learning.rungs.base_rate import BaseRate
from dealml.learning.rungs.blend import Blend
from dealml.learning.rungs.serialization import rung_from
from tests.learning.rungs.test_rung import MATRIX, made


def test_a_base_rate_survives_json() -> None:
    model = BaseRate((30.0, 90.0), (-1.0, -0.5))
    assert rung_from(json.loads(json.dumps(model.content())), None) == model


def test_trees_of_an_older_artefact_keep_the_horizon_out_of_their_base() -> None:
    blend = made("lightgbm")
    content = blend.content()
    assert content["start"].pop("horizon_in_base") is True
    older = rung_from(content, blend.trees)
    assert isinstance(older, Blend)
    assert not older.boosted.horizon_in_base
    np.testing.assert_array_equal(older.margin(MATRIX), blend.margin(MATRIX))


@pytest.mark.parametrize("content", [{"name": "forest"}, {"name": "lightgbm"}], ids=["unknown", "trees without their text"])
def test_another_is_refused(content: dict[str, str]) -> None:
    with pytest.raises(ModelError, match=f"{content['name']}.* is not one that this version knows"):
        rung_from(content, None)
