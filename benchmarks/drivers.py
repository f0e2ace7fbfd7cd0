"""Do the reasons name what truly drives a deal? The simulator knows.

    python -m benchmarks.drivers

The default company, trained as of 2025-02-03, every open deal explained on later Mondays at the main horizon. In the simulator three
things move a deal: the decision milestones reached, the champion's depth, and how well the scenario fits (segment, problem, trigger,
competition, source, type). A driver's true effect on a deal is the log-odds of the true probability minus their mean over the values that
open deals have, all else as it is. It drives the deal where that is 0.5 or more, up or down. It is found where one of the eight reasons
is of its subject and has its sign. Target: 80 % of the deals that each drives.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pandas as pd
from scipy.special import logit

from benchmarks.common import Floats, project_of, say, scratch, show, view_of
from dealml.jobs.train import train
from dealml.learning.matrix import HORIZON
from dealml.loading import load_model
from dealml.reasons.strongest import reasons_of
from dealml.reasons.wording import wording_of
from dealml.simulate import simulate
from dealml.simulate.clock import workdays_within
from dealml.simulate.process import DEPTHS, LEVELS, MILESTONES, chain, pack
from dealml.simulate.truth import won_within

TRAINED = datetime.fromisoformat("2025-02-03T00:00:00+00:00")
MONDAYS = pd.date_range("2025-02-10", "2025-11-03", freq="28D", tz="UTC")
SUBJECTS = {
    "milestones": {"milestones", "stage"},
    "champion": {"champion"},
    "scenario": {"segment", "problem", "trigger", "competition", "history"},
}
"""What each driver shows in: the funnel's stage follows the milestones, and the record of a kind of deals its fit."""
STRONG, TARGET = 0.5, 0.8


def effects(log_odds: Floats, state: pd.DataFrame) -> dict[str, Floats]:
    """Each driver's effect on each deal, by the true log-odds of all levels and states.

    Parameters
    ----------
    log_odds
        Levels × milestones × depths × awareness.
    state
        Columns `level`, `milestones`, `depth`, `aware`, a row for each deal.
    """
    at = [state[name].to_numpy() for name in ("level", "milestones", "depth", "aware")]
    here, found = log_odds[tuple(at)], {}
    for name, axis in (("scenario", 0), ("milestones", 1), ("champion", 2)):
        usual = np.zeros(len(state))
        values, counts = np.unique(at[axis], return_counts=True)
        for value, count in zip(values, counts, strict=True):
            other = list(at)
            other[axis] = np.full(len(state), value)
            usual += count / len(state) * log_odds[tuple(other)]
        found[name] = here - usual
    return found


def state_of(table: pd.DataFrame, p: Floats, log_odds: Floats) -> pd.DataFrame:
    """Where each deal truly stands: what is on record of it, and the level that gives its true probability."""
    milestones = table["milestones_reached"].to_numpy(dtype=int).clip(0, MILESTONES - 1)
    depth = table["champion_depth_now"].to_numpy(dtype=int).clip(0, DEPTHS - 1)
    aware = (table["executive_depth"].to_numpy(dtype=float) > 0).astype(int)
    level = np.abs(log_odds[:, milestones, depth, aware] - logit(p)[None, :]).argmin(axis=0)
    return pd.DataFrame({"level": level, "milestones": milestones, "depth": depth, "aware": aware})


def main() -> None:
    with scratch() as folder:
        simulate(folder / "company")
        project = project_of(folder / "project", folder / "company" / "export", "demo")
        model = train(project, "deal_win", TRAINED).fitted
        tables = [view_of(project, "deal_win", monday.to_pydatetime()).at_stake() for monday in MONDAYS]
        truth = pd.read_parquet(folder / "company" / "truth" / "truth.parquet")
        wording = wording_of(load_model(project.folder, "deal_win").all_features)
    table = pd.concat(tables, ignore_index=True).assign(**{HORIZON: float(model.main_horizon)})
    table["as_of"] = table["as_of"].astype("datetime64[us, UTC]")
    truth = truth[truth["horizon_days"] == model.main_horizon].astype({"as_of": "datetime64[us, UTC]"})
    table = table.merge(truth[["deal_id", "as_of", "probability"]], on=["deal_id", "as_of"])
    chances = won_within(chain(), [workdays_within(model.main_horizon)])[0]
    grid = np.indices((LEVELS, MILESTONES, DEPTHS, 2))
    log_odds = logit(np.clip(chances[grid[0], pack(grid[1], grid[2], grid[3])], 1e-9, 1 - 1e-9))
    effect = effects(log_odds, state_of(table, table["probability"].to_numpy(), log_odds))
    reasons = reasons_of(model, table, model.explain(table), wording)
    results = {}
    for name, size in effect.items():
        driven = np.flatnonzero(np.abs(size) >= STRONG)
        hit = [any(_names(reason, name, size[row], wording.meanings) for reason in reasons[row]) for row in driven]
        results[name] = {"deals driven": len(driven), "among the reasons": round(float(np.mean(hit)), 3)}
    show(f"reasons that name a driver, {len(table):,} open deals (target {TARGET:.0%})", results)
    say({"benchmark": "drivers", "drivers": results, "met": all(float(str(r["among the reasons"])) >= TARGET for r in results.values())})


def _names(reason: dict[str, object], driver: str, size: float, meanings: object) -> bool:
    subject = meanings[reason["feature"]].subject  # type: ignore[index]
    return subject in SUBJECTS[driver] and float(str(reason["points"])) * size > 0


if __name__ == "__main__":
    main()
