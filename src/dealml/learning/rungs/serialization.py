"""A rung from what an artefact holds."""

from __future__ import annotations

from typing import Any

from dealml.errors import ModelError
from dealml.learning.rungs.base_rate import BaseRate
from dealml.learning.rungs.blend import Blend
from dealml.learning.rungs.boosted_trees import BoostedTrees
from dealml.learning.rungs.logistic import DesignColumn, Logistic
from dealml.learning.rungs.rung import Rung
from dealml.learning.rungs.shrunken_rates import ShrunkenRates


def rung_from(content: dict[str, Any], trees: str | None) -> Rung:
    """The rung that `content()` and `trees` told of.

    Raises
    ------
    ModelError
        When this version knows none of that name.
    """
    name = content["name"]
    if name == "base_rate":
        return _base_rate(content)
    if name == "shrunken_rates":
        return ShrunkenRates(_base_rate(content["base"]), tuple((index, tuple(by)) for index, by in content["moves"]))
    if name == "logistic":
        return _logistic(content)
    if name == "lightgbm" and trees is not None:
        return Blend(_logistic(content["line"]), _boosted_trees(content["start"], trees), content["share"])
    raise ModelError(f"the artefact's rung {name!r} is not one that this version knows")


def _base_rate(content: dict[str, Any]) -> BaseRate:
    return BaseRate(tuple(content["horizons"]), tuple(content["margins"]))


def _boosted_trees(start: dict[str, Any], trees: str) -> BoostedTrees:
    """Artefacts of format 4 do not say whether the horizon is in the base; their trees start from the rate of each horizon."""
    return BoostedTrees(_base_rate(start), trees, start.get("horizon_in_base", False))


def _logistic(content: dict[str, Any]) -> Logistic:
    columns = tuple(DesignColumn(**column) for column in content["columns"])
    return Logistic(content["intercept"], _base_rate(content["base"]), content["base_weight"], columns, content["scale"], content["fade"])
