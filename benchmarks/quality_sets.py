"""The eight real sets of the quality benchmark, each as rows to learn from and rows to be judged on, in the form in which dealml trains.

bpic2012 at day 3, 7, 14, 21: one row for each case still open at that age and decided in the end; the last quarter by submission is tested.
friofrio: one row for each opportunity as its creation shows it; the last quarter by creation is tested.
online_retail: active customers on every Monday; learned from what was settled on 2010-08-16, tested on Mondays from then on.
salvirt, telco: cross-sections; repeated stratified parts, rows that agree in every feature in the same part.

In the first two the final outcome is the label, whenever it came, as in the figures of the shared data's README: so what counts as settled
a day after its snapshot is nominal.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks import friofrio
from benchmarks.bpic2012 import TRAINING_SHARE, cases_of
from benchmarks.common import ROOT, day, features_at, project_of, shared, view_of
from dealml.importing.import_source import import_source
from dealml.learning.folds import stratified
from dealml.learning.spec import Model
from dealml.learning.training_rows import TrainingRows
from dealml.learning.view import View
from dealml.load_definitions import load_model
from dealml.project import Project, make_project
from features.account import account_age_days

AGES = (3, 7, 14, 21)
RETAIL_CUT = day("2010-08-16")
REPEATS = {"salvirt": (10, 3), "telco": (5, 1)}
"""Parts and repeats."""
NOMINAL_DAYS = 1


@dataclass(frozen=True)
class Task:
    """Learn from earlier rows, then give each later row a probability."""

    spec: Model
    features: Sequence[str]
    earlier: TrainingRows
    later: TrainingRows
    number: npt.NDArray[np.intp]
    """Of each later row: its number in the set, as a row is tested once a repeat."""
    cluster: npt.NDArray[np.intp]
    """Of each later row: what it is not independent of."""

    @property
    def end(self) -> pd.Timestamp:
        """Just after the last label of the earlier rows was known."""
        return pd.Timestamp(self.earlier.resolved_at.max(), tz="UTC") + timedelta(microseconds=1)


@dataclass(frozen=True)
class DataSet:
    """A set by name, and how its tasks are made in a folder."""

    name: str
    folder: str
    tasks: Callable[[Path, Path], Iterator[Task]]


def taken(rows: TrainingRows, which: npt.NDArray[np.bool_]) -> TrainingRows:
    """Some of the rows, with their own snapshots and no others."""
    kept = rows.keep(which)
    return replace(kept, snapshots=kept.snapshots.iloc[kept.snapshot_index].reset_index(drop=True), snapshot_index=np.arange(len(kept)))


def task_of(spec: Model, features: Sequence[str], rows: TrainingRows, earlier: npt.NDArray[np.bool_], by: npt.NDArray[np.intp]) -> Task:
    """The task of learning from some rows of a set and being tested on all others."""
    return Task(spec, features, taken(rows, earlier), taken(rows, ~earlier), np.flatnonzero(~earlier), by[~earlier])


def first_quarters(view: View, table: pd.DataFrame, won: npt.ArrayLike, cluster: str) -> Task:
    """The last quarter of deals, in the order of a table with one row for each, is tested."""
    table = table.assign(since=table["as_of"], event_at=pd.NaT)
    nominal = np.full(len(table), float(NOMINAL_DAYS))
    rows = TrainingRows(table, np.arange(len(table)), nominal, np.asarray(won, dtype=np.float64), "deal_id", families=view.families)
    spec = replace(view.spec, horizons=(NOMINAL_DAYS,), main_horizon=NOMINAL_DAYS)
    return task_of(
        spec, view.served_features(), rows, np.arange(len(table)) < int(len(table) * TRAINING_SHARE), pd.factorize(table[cluster])[0]
    )


def at_age(days: int) -> Callable[[Path, Path], Iterator[Task]]:
    """The tasks of bpic2012 at an age."""

    def tasks(source: Path, folder: Path) -> Iterator[Task]:
        project, cases, age = project_of(folder, source, "bpic2012"), cases_of(source), pd.Timedelta(days=days)
        cases = cases[cases["outcome_at"].notna() & (cases["outcome_at"] >= cases["submitted_at"] + age)]
        since, view = cases["submitted_at"], view_of(project, "deal_win")
        moments = pd.DataFrame({"deal_id": cases["case_id"], "account_id": None, "since": since, "as_of": since + age})
        yield first_quarters(view, features_at(project, view, moments), cases["approved"], "deal_id")

    return tasks


def friofrio_tasks(source: Path, folder: Path) -> Iterator[Task]:
    """Opportunities a moment after their creation; those closed on the same day were not open then."""
    make_project(folder)
    project = Project(folder)
    import_source(source, friofrio.mapping_at_creation(folder), project.ledger)
    spec = load_model(folder, "deal_win")
    view = View.of(project.ledger, replace(spec, features=(*spec.all_features, *friofrio.FEATURES, account_age_days)))
    deals = friofrio.opportunities(source)
    moments = deals.assign(since=deals["created"], as_of=deals["created"] + pd.Timedelta(microseconds=1))
    yield first_quarters(view, features_at(project, view, moments), deals["won"], "account_id")


def retail_tasks(source: Path, folder: Path) -> Iterator[Task]:
    """Weekly snapshots; a label is known 90 days after its snapshot."""
    view = view_of(project_of(folder, source, "online_retail"), "account_churn")
    rows = view.labelled(view.history())
    cut = np.datetime64(RETAIL_CUT.replace(tzinfo=None), "us")
    settled = rows.resolved_at <= cut
    rows = rows.keep(settled | (rows.as_of >= cut))
    yield task_of(view.spec, view.served_features(), rows, rows.resolved_at <= cut, rows.codes)


def cross_section(name: str) -> Callable[[Path, Path], Iterator[Task]]:
    """The tasks of an example without dates, which brings features and a model of its own."""

    def tasks(source: Path, folder: Path) -> Iterator[Task]:
        project = project_of(folder, source, name)
        for part in ("features", "models"):
            shutil.copytree(ROOT / "examples" / name / part, folder / part, dirs_exist_ok=True)
        view = view_of(project, name)
        rows, (parts, repeats) = view.labelled(view.history()), REPEATS[name]
        for split in stratified(rows, parts, repeats):
            yield task_of(view.spec, view.served_features(), rows, split.earlier, rows.codes)

    return tasks


SETS = (
    *(DataSet(f"bpic2012 day {days}", "bpic2012_loan", at_age(days)) for days in AGES),
    DataSet("friofrio", "friofrio_b2b", friofrio_tasks),
    DataSet("online_retail", "online_retail", retail_tasks),
    DataSet("salvirt", "salvirt_b2b", cross_section("salvirt")),
    DataSet("telco", "telco_churn", cross_section("telco")),
)


def tasks_of(data: DataSet, folder: Path) -> list[Task]:
    """The tasks of a set, made in an empty folder."""
    return list(data.tasks(shared(data.folder, data.name), folder))
