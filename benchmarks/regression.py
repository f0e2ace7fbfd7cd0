"""Whether models are worse than on record: log loss row by row, against the last accepted run.

    python -m benchmarks.regression [--small] [--keep]

`--small` trains on a simulated company only, in about a minute, and needs no other data. `--keep` puts the run on record instead: do so
when a change is better, or when rows have changed for a good reason, and say why in the commit.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

import numpy as np
import pandas as pd

from benchmarks import bpic2012, quality, truth
from benchmarks.common import learned, project_of, say, scratch, shared, show, view_of
from benchmarks.contenders import OWN
from benchmarks.loss_record import Losses, against_record
from benchmarks.quality_sets import SETS, tasks_of
from dealml.simulate import simulate

DEALS, CUSTOMERS, SEED = 700, 120, 5
"""The small simulated company."""


def of_simulated() -> Losses:
    """Every Monday's scores of a small simulated company after the training, at every horizon that is over."""
    with scratch() as folder:
        simulate(folder / "company", deals=DEALS, customers=CUSTOMERS, seed=SEED)
        project = project_of(folder / "project", folder / "company" / "export", "demo")
        model, view = learned(project, "deal_win", truth.TRAINED), view_of(project, "deal_win")
        scores = truth.scores_of(model, view.history(weekly_only=True), pd.Timestamp(view.end)).dropna(subset=["won"])
    scores = scores.sort_values(["deal_id", "as_of", "horizon_days"], ignore_index=True)
    return Losses.of(scores["won"].to_numpy(), scores["p"].to_numpy(), pd.factorize(scores["deal_id"])[0])


def of_quality() -> Iterator[tuple[str, Losses]]:
    """The rows of `benchmarks.quality`, set by set."""
    for data in SETS:
        with scratch() as folder:
            tasks = tasks_of(data, folder / "project")
        answers = [quality.contender_dealml(task).probability(task.later.table()) for task in tasks]
        yield f"quality-{data.name}", Losses(*quality.losses(tasks, answers))


def of_bpic2012() -> Iterator[tuple[str, Losses]]:
    """The scores of four Mondays, in each form that is judged."""
    source = shared("bpic2012_loan", "bpic2012")
    with scratch() as folder:
        project = project_of(folder / "project", source, "bpic2012")
        scores = bpic2012.scores_of_mondays(project, bpic2012.cases_of(source), [])
    for form, (rows, answers) in scores.items():
        yield f"bpic2012-{form.replace(' ', '-')}", Losses.of(rows.label, answers[OWN], np.asarray(rows.codes, dtype=np.intp))


def runs(small: bool) -> Iterator[tuple[str, Losses]]:
    """Every run that has a record, by its name."""
    yield "simulated", of_simulated()
    if not small:
        yield from of_bpic2012()
        yield from of_quality()


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.regression", description="whether models are worse than on record")
    parser.add_argument("--small", action="store_true", help="a simulated company alone")
    parser.add_argument("--keep", action="store_true", help="put this run on record")
    arguments = parser.parse_args()
    rows = {}
    for name, losses in runs(arguments.small):
        rows[name] = against_record(losses, Losses.on_record(name))
        if arguments.keep:
            losses.keep(name)
    show("log loss, paired by row with the run on record (limit: the larger of 0.002 and one standard error)", rows)
    worse = [name for name, row in rows.items() if not row["ok"]]
    say({"benchmark": "regression", "runs": rows, "kept": arguments.keep, "met": not worse})
    if worse and not arguments.keep:
        sys.exit(f"worse than on record, or not comparable: {', '.join(worse)}")


if __name__ == "__main__":
    main()
