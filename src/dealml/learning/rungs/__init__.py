"""The ladder's rungs: learners of a margin whose parts add up, from a constant to boosted trees."""

from dealml.learning.rungs.base_rate import BaseRate, fit_base_rate
from dealml.learning.rungs.blend import Blend, best_share, blended
from dealml.learning.rungs.boosted_trees import BoostedTrees, GrownTrees, fit_trees, grow_trees, lightgbm
from dealml.learning.rungs.logistic import Logistic, fit_logistic
from dealml.learning.rungs.rung import Floats, Rung
from dealml.learning.rungs.serialization import rung_from
from dealml.learning.rungs.shrunken_rates import ShrunkenRates, fit_shrunken_rates

__all__ = [
    "BaseRate",
    "Blend",
    "BoostedTrees",
    "Floats",
    "GrownTrees",
    "Logistic",
    "Rung",
    "ShrunkenRates",
    "best_share",
    "blended",
    "fit_base_rate",
    "fit_logistic",
    "fit_shrunken_rates",
    "fit_trees",
    "grow_trees",
    "lightgbm",
    "rung_from",
]
