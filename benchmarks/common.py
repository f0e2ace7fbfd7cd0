"""What the benchmarks share: where real data is, a project to work in, a model without tracking, measures and a table."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dealml.evaluation.metrics.metrics import METRICS
from dealml.features.engine import Engine
from dealml.importing.import_source import import_source
from dealml.learning.fitted import FittedModel
from dealml.learning.training import fit
from dealml.learning.view import View
from dealml.load_definitions import load_model
from dealml.project import Project, make_project

ROOT = Path(__file__).parents[1]
Floats = npt.NDArray[np.float64]


def shared(folder: str, name: str) -> Path:
    """The folder of a real set; where it is absent the benchmark says so and ends."""
    path = Path(os.environ.get("DEALML_SHARED_DATA", ROOT.parent / "shared" / "data")) / folder
    if not path.is_dir():
        print(f"skipped: {name} not found ({path}); set DEALML_SHARED_DATA to the folder that holds {folder}")
        sys.exit(0)
    return path


@contextmanager
def scratch() -> Iterator[Path]:
    """A temporary folder."""
    with tempfile.TemporaryDirectory(prefix="dealml-bench-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def project_of(folder: Path, source: Path, example: str) -> Project:
    """A new project with an extract in its ledger."""
    make_project(folder)
    project = Project(folder)
    import_source(source, ROOT / "examples" / example / "mapping.yaml", project.ledger)
    return project


def day(text: str) -> datetime:
    """Midnight, UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def view_of(project: Project, name: str, before: datetime | None = None, served: FittedModel | None = None) -> View:
    """The ledger as known before a moment, for a model to learn from it, or for a trained one."""
    trained = [served] if served else []
    return View.of(project.ledger, load_model(project.folder, name), before, project.query_settings, served=trained, learns=not trained)


def with_families(project: Project, name: str, which: str = "True") -> Project:
    """The project, with a model that learns from families of features too, or as its specification's `families` says otherwise."""
    file = project.folder / "models" / f"{name}.py"
    file.write_text(f"{file.read_text(encoding='utf-8')}\nMODEL = replace(MODEL, families={which})\n", encoding="utf-8")
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("from dealml import", "from dataclasses import replace\n\nfrom dealml import", 1), encoding="utf-8")
    return project


def features_at(project: Project, view: View, moments: pd.DataFrame) -> pd.DataFrame:
    """The features of deals, each at a moment of its own, in the order of `moments`: `deal_id`, `account_id`, `since`, `as_of`."""
    times = [(name, pa.timestamp("us", tz="UTC")) for name in ("since", "as_of", "known_by")]
    schema = pa.schema([("deal_id", pa.string()), ("account_id", pa.string()), *times])
    file = project.folder / "moments.parquet"
    pq.write_table(pa.Table.from_pandas(moments.assign(known_by=moments["as_of"]), schema, preserve_index=False), file)
    snapshots = view.con.read_parquet(str(file))
    found = pa.concat_tables(Engine(view.con, view.tables, view.plan, "deal_id").compute(snapshots)).to_pandas()
    return found.set_index("deal_id").loc[moments["deal_id"]].reset_index()


def learned(project: Project, name: str, before: datetime, only: Collection[str] | None = None) -> FittedModel:
    """The model that `dealml train NAME --as-of BEFORE` fits, without its held-out check and MLflow; `only` on rows of these entities."""
    view = view_of(project, name, before)
    history = view.history()
    if only is not None:
        history = history[history[view.spec.entity].isin(only)]
    rows = view.labelled(history)
    return fit(view.spec, rows, view.served_features(), view.outcome.outcome_name, view.end, project.ledger.digest)


def measured(y: npt.ArrayLike, p: npt.ArrayLike, base: npt.ArrayLike | None = None) -> dict[str, float]:
    """AUC, log loss and Brier score, and with a base rate the Brier skill over it; every row counts alike."""
    weight = np.ones(len(np.asarray(y)))
    found = {name: METRICS[name].function(y, p, weight) for name in ("auc", "log_loss", "brier")}
    if base is not None:
        found["brier_skill"] = METRICS["brier_skill"].function(y, p, weight, np.broadcast_to(base, weight.shape))
    return {name: round(value, 4) for name, value in found.items()}


def log_losses(won: Floats, p: Floats) -> Floats:
    """The log loss of each row; a probability of 0 or 1 counts as one that is 1e-15 off."""
    clipped = np.clip(p, 1e-15, 1 - 1e-15)
    return np.asarray(-(won * np.log(clipped) + (1 - won) * np.log1p(-clipped)))


def show(title: str, rows: Mapping[str, Mapping[str, object]]) -> None:
    """A short table: a line for each name."""
    columns = list(dict.fromkeys(column for row in rows.values() for column in row))
    cells = [["", *columns], *([name, *(str(row.get(column, "")) for column in columns)] for name, row in rows.items())]
    widths = [max(len(line[place]) for line in cells) for place in range(len(columns) + 1)]
    print(title)
    for line in cells:
        print("  " + _aligned(line, widths))


def _aligned(line: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = (cell.rjust(width) if place else cell.ljust(width) for place, (cell, width) in enumerate(zip(line, widths, strict=True)))
    return "  ".join([first, *rest])


def say(figures: Mapping[str, object]) -> None:
    """The one line of JSON."""
    print(json.dumps(figures), flush=True)
