"""All contributions to some scores, a row for each (score, feature)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.learning.encoding import HORIZON
from dealml.learning.fitted import FittedModel
from dealml.reasons.value_text import exact_values


def long_form(model: FittedModel, table: pd.DataFrame, matrix: npt.NDArray[np.float64], points: npt.NDArray[np.float64]) -> pd.DataFrame:
    """Every contribution of every score: a row for each (score, feature)."""
    names = model.schema.names
    keys = table[[model.entity, "as_of", HORIZON]].rename(columns={model.entity: "entity_id"})
    repeated = keys.loc[keys.index.repeat(len(names))].reset_index(drop=True)
    values = np.array([exact_values(table[name]) for name in names], dtype=object).T.reshape(-1)
    return repeated.assign(
        feature=np.tile(np.array(names, dtype=object), len(table)), value=values, log_odds=matrix.reshape(-1), points=points.reshape(-1)
    )
