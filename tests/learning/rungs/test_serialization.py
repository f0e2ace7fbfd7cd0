"""A learner from what an artefact holds; one that this version does not have is refused in one line."""

import json

import pytest

from dealml.errors import ModelError
from dealml.learning.rungs.base_rate import BaseRate
from dealml.learning.rungs.serialization import rung_from


def test_a_base_rate_survives_json() -> None:
    model = BaseRate((30.0, 90.0), (-1.0, -0.5))
    assert rung_from(json.loads(json.dumps(model.content())), None) == model


@pytest.mark.parametrize("content", [{"name": "forest"}, {"name": "lightgbm"}], ids=["unknown", "trees without their text"])
def test_another_is_refused(content: dict[str, str]) -> None:
    with pytest.raises(ModelError, match=f"{content['name']}.* is not one that this version knows"):
        rung_from(content, None)
