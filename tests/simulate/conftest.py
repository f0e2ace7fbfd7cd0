"""Two simulated companies: a small one for the shape of things, and the default one for what needs numbers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from dealml.simulate import Summary, simulate


@dataclass(frozen=True)
class Simulated:
    """A simulated company: its folder and summary."""

    folder: Path
    summary: Summary

    def table(self, name: str) -> pd.DataFrame:
        """An exported file, every cell as text."""
        return pd.read_csv(self.folder / "export" / f"{name}.csv", dtype=str, keep_default_na=False)

    def truth(self) -> pd.DataFrame:
        """The truth, with naive UTC times."""
        return self._truth("truth")

    def lead_truth(self) -> pd.DataFrame:
        """The truth of leads, with naive UTC times."""
        return self._truth("leads")

    def _truth(self, name: str) -> pd.DataFrame:
        truth = pd.read_parquet(self.folder / "truth" / f"{name}.parquet")
        return truth.assign(as_of=truth["as_of"].dt.tz_localize(None))


def times(texts: pd.Series) -> pd.Series:
    """The moments that cells say, NaT where a cell is broken."""
    return pd.to_datetime(texts, errors="coerce", format="%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    folder = tmp_path_factory.mktemp("small")
    return Simulated(folder, simulate(folder, deals=600, customers=80))


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    folder = tmp_path_factory.mktemp("full")
    return Simulated(folder, simulate(folder))
