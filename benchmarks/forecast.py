"""Past periods as they would have been forecast, beside every rival: simulated companies by month and quarter, and loans accepted by week.

    python -m benchmarks.forecast [simulated | bpic2012 | more]

Each period is seen from its first Monday; the model is refitted before, and all else is learned from what was over by then. The method's
priors were settled on two companies (seeds 7 and 101); the companies here are others. `more` is ten companies beside the six of
`simulated`, so that chance has less of a say, forecast a second time without the shock, which tells what the shock is good for.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from unittest.mock import patch

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.common import day, project_of, say, scratch, shared, show, view_of
from dealml.forecast.accuracy import MODEL, accuracy_of, covers
from dealml.forecast.backtest import BacktestPeriod, Recipe, backtest
from dealml.forecast.benchmarks import TITLES
from dealml.forecast.record import Record
from dealml.forecast.result import PastPeriod
from dealml.forecast.simulation.common_shock import BIASES, SPREADS, Shock
from dealml.learning.training import fit
from dealml.moments import as_utc64
from dealml.period import Kind
from dealml.project import Project
from dealml.simulate import simulate

SEEDS, DEALS = (201, 202, 203, 204, 205, 206), 3000
MORE_SEEDS = tuple(range(301, 311))
SIMULATED_SINCE = day("2023-10-01")
"""The first nine months are the training window."""
TRAINING_WEEKS = 8
"""Of the loan log: two months, chosen before any figure was seen."""
COVERAGE = (0.75, 0.85)
KINDS: tuple[Kind, ...] = ("month", "quarter")
MOST_ROWS = 40_000

Floats = npt.NDArray[np.float64]
Backtest = Callable[[Kind], list[BacktestPeriod]]


def backtest_of(project: Project, since: datetime) -> Backtest:
    """The backtest of a project; the recipe's rung, trees and slope are settled on what was known when the first period began."""
    view = view_of(project, "deal_win")
    rows = view.labelled(view.history(weekly_only=True))
    known = rows.keep(rows.resolved_at <= as_utc64(since)).thinned(MOST_ROWS)
    first = fit(view.spec, known, view.served_features(), view.outcome.outcome_name, since, project.ledger.digest, "lightgbm")
    record, recipe = Record.of(view, project.settings.company.currency), Recipe(view.spec, view.served_features(), first)
    return lambda kind: backtest(recipe, rows, record, kind, since=since)


def unmoved(curves: Sequence[Floats]) -> Shock:
    """No shock, whatever past periods told: no bias, the least spread."""
    weight = np.zeros((len(BIASES), len(SPREADS)))
    weight[np.abs(BIASES).argmin(), 0] = 1.0
    return Shock(weight, len(curves))


def judged(told: Sequence[BacktestPeriod]) -> dict[str, object]:
    """Coverage and pinball losses over periods."""
    past: list[PastPeriod] = [one.past for one in told]
    track = accuracy_of(past)
    if track is None:
        raise SystemExit("no period could be forecast")
    below = float(np.mean([one.actual < one.forecast.p10 for one in past]))
    above = float(np.mean([one.actual > one.forecast.p90 for one in past]))
    about = {"periods": len(past), "covered": sum(map(covers, past)), "coverage": round(track.coverage, 3)}
    return about | {"below": round(below, 3), "above": round(above, 3)} | {name: round(loss) for name, loss in track.pinball.items()}


def companies(folder: Path, seeds: Iterable[int]) -> Iterator[tuple[int, Backtest]]:
    """Simulated companies, one after the other."""
    for seed in seeds:
        simulate(folder / str(seed), deals=DEALS, seed=seed)
        project = project_of(folder / f"project-{seed}", folder / str(seed) / "export", "demo")
        yield seed, backtest_of(project, SIMULATED_SINCE)


def simulated(folder: Path) -> dict[str, dict[str, object]]:
    """Every company by kind of period, and all together."""
    told: list[BacktestPeriod] = []
    found: dict[str, dict[str, object]] = {}
    for seed, past in companies(folder, SEEDS):
        found |= _by_kind(f"seed {seed}", past, told)
    return found | _together("all", told)


def more(folder: Path) -> dict[str, dict[str, object]]:
    """The same of the ten others; all together once more without the shock."""
    told: list[BacktestPeriod] = []
    without: list[BacktestPeriod] = []
    found: dict[str, dict[str, object]] = {}
    for seed, past in companies(folder, MORE_SEEDS):
        found |= _by_kind(f"seed {seed}", past, told)
        with patch("dealml.forecast.backtest.learned", unmoved):
            _by_kind(f"seed {seed} without the shock", past, without)
    return found | _together("more", told) | _together("more without the shock", without)


def _by_kind(name: str, past: Backtest, everything: list[BacktestPeriod]) -> dict[str, dict[str, object]]:
    """One company by month and by quarter; its periods join the others in `everything`."""
    found = {}
    for kind in KINDS:
        told = past(kind)
        everything += told
        found[f"{name}, by {kind}"] = judged(told)
        show(f"{name}, by {kind}", {"": found[f"{name}, by {kind}"]})
    return found


def _together(name: str, told: Sequence[BacktestPeriod]) -> dict[str, dict[str, object]]:
    """All companies: by kind of period, and every period."""
    kinds = {f"{name}, by {kind}": judged([one for one in told if one.past.period.kind == kind]) for kind in KINDS}
    return kinds | {name: judged(told)}


def bpic2012(folder: Path) -> dict[str, object]:
    """The amount accepted in each week after the training window, from the cases open when it begins."""
    source = shared("bpic2012_loan", "bpic2012")
    project = project_of(folder / "project", source, "bpic2012")
    cases = pd.read_csv(source / "cases.csv.gz", usecols=["submitted_at"])
    first = pd.to_datetime(cases["submitted_at"], utc=True, format="ISO8601").min()
    since = (first + pd.Timedelta(weeks=TRAINING_WEEKS)).to_pydatetime()
    told = backtest_of(project, since)("week")
    weeks = {
        one.past.period.name: {
            **{name: round(value) for name, value in vars(one.past.forecast).items()},
            "actual": round(one.past.actual),
            **{name: round(value) for name, value in one.past.benchmarks.items() if value is not None},
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
        if "more" in parts:
            found |= more(folder / "more")
    show("forecasts of past periods (targets: coverage 0.75 to 0.85, mean pinball loss below every rival's)", found)
    judged_on = [name for name in found if name in ("all", "bpic2012", "more")]
    say({"benchmark": "forecast", "found": found, "met": {name: met(found[name]) for name in judged_on}})


if __name__ == "__main__":
    main()
