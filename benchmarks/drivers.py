"""Do the reasons name what truly drives a deal? The simulator knows.

    python -m benchmarks.drivers

The default company, trained as of 2025-02-03, every open deal explained on later Mondays at the main horizon. In the simulator ten
things move a deal: decision milestones, the champion's depth, whether an executive knows, and seven facts that stand from the first
day (trigger, problem, competitor …). A driver's true effect on a deal is the log-odds of the true probability minus their mean over
the values that open deals have, all else as it is. The three strongest are those of the greatest mean size. One drives a deal where
its effect is a quarter or more, up or down: some six points at even odds.

It is found where one of the eight reasons is a feature that tells this driver, with the effect's sign, and all features that tell it
together have that sign too. Beside it stands what chance would find: the same question put to the reasons of another deal, drawn
by lot. Target: each of the three strongest is found on 80 % of the deals that it drives.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.interpolate import interp1d
from scipy.special import logit

from benchmarks.common import Floats, project_of, say, scratch, show, view_of
from dealml.jobs.modelling.train import train
from dealml.learning.encoding import HORIZON
from dealml.learning.fitted import Explained
from dealml.load_definitions import load_model
from dealml.reasons.top_reasons import reasons_of
from dealml.reasons.wording import wording_of
from dealml.simulate import company, simulate
from dealml.simulate.clock import workdays_within
from dealml.simulate.process import DEPTHS, LEVELS, MILESTONES, chain, index_of, pack
from dealml.simulate.truth import won_within

TRAINED = datetime.fromisoformat("2025-02-03T00:00:00+00:00")
MONDAYS = pd.date_range("2025-02-10", "2025-11-03", freq="28D", tz="UTC")
FROM_THE_START = {
    "segment": company.SEGMENT,
    "industry": company.INDUSTRY,
    "problem": company.PROBLEM,
    "trigger": company.TRIGGER,
    "competitor": company.COMPETITOR,
    "source": company.SOURCE,
    "deal_type": company.DEAL_TYPE,
}
"""Facts of the scenario: what each of their values adds to a deal's index."""
TOLD_BY = {
    "milestones": {
        *("milestones_reached", "problem_confirmed", "criteria_agreed", "stakeholders_known", "budget_set", "timeline_set"),
        *("milestone_pace", "milestones_30d", "stage", "stage_place", "stage_win_lift"),
    },
    "champion": {"champion_depth", "champion_depth_now", "champion_cooled", "champions"},
    "executive": {"executive_depth"},
    **{name: {name, f"{name}_win_lift"} for name in FROM_THE_START},
}
"""The features that tell a driver; the stage of the funnel is given by the milestones reached."""
STRONG, STRONGEST, TARGET = 0.25, 3, 0.8
STATE = {"milestones": 1, "champion": 2, "executive": 3}
"""Axes of the true log-odds."""


def effects(log_odds: Floats, state: pd.DataFrame, facts: pd.DataFrame) -> dict[str, Floats]:
    """Each driver's effect on each deal, by the true log-odds of all levels and states.

    Parameters
    ----------
    log_odds
        Levels × milestones × depths × awareness.
    state
        Columns `level`, `milestones`, `champion`, `executive`, a row for each deal.
    facts
        What stands from the first day, in the simulator's own words.
    """
    index, own = index_of(state["level"].to_numpy()), [state[name].to_numpy() for name in STATE]
    curve = interp1d(index_of(np.arange(LEVELS)), log_odds, axis=0, bounds_error=False, fill_value="extrapolate")

    def at(moved: Floats, where: list[npt.NDArray[np.intp]]) -> Floats:
        return np.array([float(curve(x)[m, c, e]) for x, m, c, e in zip(moved, *where, strict=True)])

    here, found = at(index, own), {}
    for name, axis in STATE.items():
        shares = state[name].value_counts(normalize=True)
        usual = sum(share * at(index, [*own[: axis - 1], np.full(len(state), value), *own[axis:]]) for value, share in shares.items())
        found[name] = here - usual
    for name, values in FROM_THE_START.items():
        worth = facts[name].map({value: effect for value, (_, effect) in values.items()}).to_numpy(dtype=float)
        shares = facts[name].value_counts(normalize=True)
        usual = sum(share * at(index - worth + values[value][1], own) for value, share in shares.items())
        found[name] = here - usual
    return found


def state_of(table: pd.DataFrame, p: Floats, log_odds: Floats) -> pd.DataFrame:
    """Where each deal truly stands: what is on record of it, and the level that gives its true probability."""
    milestones = table["milestones_reached"].to_numpy(dtype=int).clip(0, MILESTONES - 1)
    depth = table["champion_depth_now"].to_numpy(dtype=int).clip(0, DEPTHS - 1)
    aware = (table["executive_depth"].to_numpy(dtype=float) > 0).astype(int)
    level = np.abs(log_odds[:, milestones, depth, aware] - logit(p)[None, :]).argmin(axis=0)
    return pd.DataFrame({"level": level, "milestones": milestones, "champion": depth, "executive": aware})


def facts_of(table: pd.DataFrame) -> pd.DataFrame:
    """What stands from the first day, as the simulator calls it: an import may write it otherwise."""
    called = {name: {value.casefold(): value for value in values} for name, values in FROM_THE_START.items()}
    return pd.DataFrame({name: table[name].str.casefold().map(values) for name, values in called.items()})


def found_in(driver: str, size: Floats, reasons: list[list[dict[str, object]]], explained: Explained, names: list[str]) -> Floats:
    """Of each deal, 1 where its reasons name a driver, with its sign."""
    own = TOLD_BY[driver]
    together = explained.log_odds[:, [names.index(name) for name in names if name in own]].sum(axis=1)
    named = [
        any(reason["feature"] in own and float(str(reason["points"])) * effect > 0 for reason in told)
        for told, effect in zip(reasons, size, strict=True)
    ]
    return np.asarray(np.array(named) & (together * size > 0), dtype=np.float64)


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
    table = table[facts_of(table).notna().all(axis=1)].reset_index(drop=True)  # what was not on record yet can drive no reason
    chances = won_within(chain(), [workdays_within(model.main_horizon)])[0]
    grid = np.indices((LEVELS, MILESTONES, DEPTHS, 2))
    log_odds = logit(np.clip(chances[grid[0], pack(grid[1], grid[2], grid[3])], 1e-9, 1 - 1e-9))
    effect = effects(log_odds, state_of(table, table["probability"].to_numpy(), log_odds), facts_of(table))
    explained = model.explain(table)
    report(effect, reasons_of(model, table, explained, wording), explained, model.schema.names)


def report(effect: Mapping[str, Floats], reasons: list[list[dict[str, object]]], explained: Explained, names: list[str]) -> None:
    """Print the drivers, the strongest first."""
    order = np.random.default_rng(0).permutation(len(reasons))
    lot = ([reasons[place] for place in order], Explained(**{name: value[order] for name, value in vars(explained).items()}))
    results: dict[str, dict[str, float | None]] = {}
    for name, size in sorted(effect.items(), key=lambda item: -float(np.abs(item[1]).mean())):
        driven = np.abs(size) >= STRONG
        found, chance = (
            round(float(found_in(name, size, *told, names)[driven].mean()), 3) if driven.any() else None
            for told in ((reasons, explained), lot)
        )
        effect_size = round(float(np.abs(size).mean()), 3)
        results[name] = {"mean effect": effect_size, "deals driven": int(driven.sum()), "found": found, "by chance": chance}
    show(f"drivers and reasons, {len(reasons):,} open deals (target {TARGET:.0%} of the {STRONGEST} strongest)", results)
    strongest = list(results)[:STRONGEST]
    say({"benchmark": "drivers", "drivers": results, "met": all((results[name]["found"] or 0) >= TARGET for name in strongest)})


if __name__ == "__main__":
    main()
