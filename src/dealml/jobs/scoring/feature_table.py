"""Write a model's feature table as of a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from dealml.jobs.progress import Progress, silent, within
from dealml.learning.view import View
from dealml.load_definitions import load_model
from dealml.project import Project
from dealml.scoring.export import check_destination, write_table


@dataclass(frozen=True)
class FeatureTable:
    """The file with a feature table, and its size."""

    rows: int
    features: int
    absent: dict[str, str]


def write_features(
    project: Project, name: str, as_of: datetime | None, out: Path, progress: Progress = silent, settled: bool = False
) -> FeatureTable:
    """Write the features of everything at stake at a moment; a cross-section has none.

    Parameters
    ----------
    settled
        Instead, of everything that was over by then, as evidence is taken from it (`View.settled`).
    """
    check_destination(out)
    spec = load_model(project.folder, name)
    view = View.of(project.ledger, spec, as_of, project.query_settings, needs_outcome=False)
    tell = within(progress, "features")
    frame = view.settled(tell) if settled else view.at_stake(tell)
    table = pa.Table.from_pandas(frame, preserve_index=False)
    return FeatureTable(write_table(out, table.schema, [table]), len(view.plan.features), view.plan.absent)
