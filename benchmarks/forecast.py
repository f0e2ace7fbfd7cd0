"""Past periods as they would have been forecast, beside every rival: simulated companies by month and quarter, and loans accepted by week.

    python -m benchmarks.forecast [simulated | bpic2012]

Each period is seen from its first Monday; the model is refitted before, and all else is learned from what was over by then. The method's
priors were settled on two companies (seeds 7 and 101); the companies here are others.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.common import day, project_of, say, scratch, shared, show, view_of
from dealml.forecast.backtest import Recipe, Told, backtest
from dealml.forecast.period import Kind
from dealml.forecast.record import Record
from dealml.forecast.result import Past
from dealml.forecast.rivals import TITLES
from dealml.forecast.track import MODEL, covers, track_of
from dealml.learning.folds import moment
from dealml.learning.training import fit
from dealml.project import Project
from dealml.simulate import simulate

SEEDS, DEALS = (201, 202, 203, 204, 205, 206), 3000
SIMULATED_SINCE = day("2023-10-01")
"""The first nine months are the training window."""
TRAINING_WEEKS = 8
"""Of the loan log: two months, chosen before any figure was seen."""
COVERAGE = (0.75, 0.85)
MOST_ROWS = 40_000


def told_of(project: Project, kinds: Sequence[Kind], since: datetime) -> dict[str, list[Told]]:
    """Backtests of a project; the recipe's rung, trees and slope are settled on what was known when the first period began."""
    view = view_of(project, "deal_win")
    rows = view.labelled(view.history(weekly_only=True))
    known = rows.keep(rows.resolved_at <= moment(since)).thinned(MOST_ROWS)
    first = fit(view.spec, known, view.served(), view.outcome.word, since, project.ledger.digest, "lightgbm")
    record, recipe = Record.of(view, project.settings.company.currency), Recipe(view.spec, view.served(), first)
    return {kind: backtest(recipe, rows, record, kind, since=since) for kind in kinds}


def judged(told: Sequence[Told]) -> dict[str, object]:
    """Coverage and pinball losses over periods."""
    past: list[Past] = [one.past for one in told]
    track = track_of(past)
    if track is None:
        raise SystemExit("no period could be forecast")
    below = float(np.mean([one.actual < one.forecast.p10 for one in past]))
    above = float(np.mean([one.actual > one.forecast.p90 for one in past]))
    about = {"periods": len(past), "covered": sum(map(covers, past)), "coverage": round(track.coverage, 3)}
    return about | {"below": round(below, 3), "above": round(above, 3)} | {name: round(loss) for name, loss in track.pinball.items()}


def simulated(folder: Path) -> dict[str, dict[str, object]]:
    """Every company by kind of period, and all together with each period's losses as shares of what came."""
    found, everything = {}, []
    for seed in SEEDS:
        simulate(folder / str(seed), deals=DEALS, seed=seed)
        project = project_of(folder / f"project-{seed}", folder / str(seed) / "export", "demo")
        for kind, told in told_of(project, ("month", "quarter"), SIMULATED_SINCE).items():
            found[f"seed {seed}, by {kind}"] = judged(told)
            everything += told
            show(f"seed {seed}, by {kind}", {"": found[f"seed {seed}, by {kind}"]})
    return found | {"all": judged(everything)}


def bpic2012(folder: Path) -> dict[str, object]:
    """The amount accepted in each week after the training window, from the cases open when it begins."""
    source = shared("bpic2012_loan", "bpic2012")
    project = project_of(folder / "project", source, "bpic2012")
    cases = pd.read_csv(source / "cases.csv.gz", usecols=["submitted_at"])
    first = pd.to_datetime(cases["submitted_at"], utc=True, format="ISO8601").min()
    since = (first + pd.Timedelta(weeks=TRAINING_WEEKS)).to_pydatetime()
    told = told_of(project, ("week",), since)["week"]
    weeks = {
        one.past.period.name: {
            **{name: round(value) for name, value in vars(one.past.forecast).items()},
            "actual": round(one.past.actual),
            **{name: round(value) for name, value in one.past.rivals.items() if value is not None},
        }
        for one in told
    }
    show("bpic2012, amount accepted by week", weeks)
    return judged(told)


def met(found: dict[str, object]) -> bool:
    """Whether coverage is within its bounds and every rival loses more."""
    losses = {name: float(str(value)) for name, value in found.items() if name in (MODEL, *TITLES)}
    within = COVERAGE[0] <= float(str(found["coverage"])) <= COVERAGE[1]
    return within and all(losses[MODEL] < loss for name, loss in losses.items() if name != MODEL)


def main() -> None:
    parts = sys.argv[1:] or ["bpic2012", "simulated"]
    found: dict[str, dict[str, object]] = {}
    with scratch() as folder:
        if "bpic2012" in parts:
            found["bpic2012"] = bpic2012(folder / "bpic2012")
        if "simulated" in parts:
            found |= simulated(folder)
    show("forecasts of past periods (targets: coverage 0.75 to 0.85, mean pinball loss below every rival's)", found)
    judged_on = [name for name in found if name in ("all", "bpic2012")]
    say({"benchmark": "forecast", "found": found, "met": {name: met(found[name]) for name in judged_on}})


if __name__ == "__main__":
    main()
