"""The versions of models as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_COLUMNS = ("model", "version", "alias", "learner", "trained_through", "digest", "log_loss", "verdict")


def versions_frame(versions: Mapping[str, Sequence[Mapping[str, Any]]]) -> pd.DataFrame:
    """One row a version, the oldest first, from the versions by model that the job lists."""
    import pandas as pd

    rows = [{**version, "model": model, "learner": version["rung"]} for model, listed in versions.items() for version in listed]
    return pd.DataFrame(rows, columns=list(_COLUMNS))
