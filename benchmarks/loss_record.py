"""Losses on record: the log loss of each row in the last accepted run, and whether a new run is worse.

A record is a small Parquet file in `benchmarks/records/`: a row for each row that was scored, in the order of the run, with its loss and
the number of its cluster (the deal or account that it belongs to). No input is in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.common import Floats, log_losses
from dealml.learning.ladder import difference

RECORDS = Path(__file__).parent / "records"
LEAST_LIMIT = 0.002
"""What log loss may be worse by, however sure it is."""


@dataclass(frozen=True)
class Losses:
    """The log loss of each scored row, and the cluster that it belongs to."""

    loss: Floats
    cluster: npt.NDArray[np.intp]

    @classmethod
    def of(cls, won: Floats, p: Floats, cluster: npt.NDArray[np.intp]) -> Losses:
        """The losses of probabilities.

        Parameters
        ----------
        won
            1 or 0 for each row.
        cluster
            A number for each row, the same for rows that depend on each other.
        """
        return cls(log_losses(won, p), cluster)

    def keep(self, name: str, folder: Path = RECORDS) -> None:
        """Put the losses on record."""
        folder.mkdir(exist_ok=True)
        table = pd.DataFrame({"loss": self.loss.astype("float32"), "cluster": self.cluster.astype("int32")})
        table.to_parquet(folder / f"{name}.parquet", index=False, compression="zstd")

    @classmethod
    def on_record(cls, name: str, folder: Path = RECORDS) -> Losses | None:
        """The losses of the last accepted run; None where there are none."""
        path = folder / f"{name}.parquet"
        if not path.is_file():
            return None
        table = pd.read_parquet(path)
        return cls(table["loss"].to_numpy(dtype=np.float64), table["cluster"].to_numpy(dtype=np.intp))


def against_record(now: Losses, then: Losses | None) -> dict[str, object]:
    """A run compared with the one on record.

    Returns
    -------
    dict
        `rows`, `log_loss` now, and where there is a record `on_record`, `worse_by`, its `limit` (the larger of `LEAST_LIMIT` and one
        standard error of the difference, paired by row) and `ok`. A record of other rows is not `ok`.
    """
    row: dict[str, object] = {"rows": len(now.loss), "log_loss": round(float(now.loss.mean()), 4)}
    if then is None:
        return row | {"ok": False, "why": "no record"}
    if len(then.loss) != len(now.loss) or (then.cluster != now.cluster).any():
        return row | {"on_record": round(float(then.loss.mean()), 4), "ok": False, "why": "the record is of other rows"}
    worse_by, error = difference(now.loss - then.loss, now.cluster)
    limit = max(LEAST_LIMIT, error)
    about = {"on_record": round(float(then.loss.mean()), 4), "worse_by": round(worse_by, 4), "limit": round(limit, 4)}
    return row | about | {"ok": worse_by <= limit}
