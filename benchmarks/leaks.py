"""The leak gate: what it finds among planted leaks, how often it cries wolf, and what it says of real sets.

    python -m benchmarks.leaks --runs 100

Each run is another made company (`benchmarks.weekly_deals`). Its clean features must pass; the canaries that the gate plants itself are
counted, and six leaks more that it knows nothing of, three strong and three weak ones, each weak one of such a size that it adds about 0.01
to the AUC of the gate's quick linear model. What the weak ones add to LightGBM is measured on the first runs. A few companies more go the
whole way from `dealml.simulate` through a ledger. Real sets: `benchmarks.leaks_real`.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks.common import Floats, project_of, say, scratch, show, view_of
from benchmarks.leaks_real import real_sets
from benchmarks.weekly_deals import MAIN, Company, company
from dealml.leaks.canaries import WEAK_GAIN, WEAK_SHARES, outcomes, plant
from dealml.leaks.findings import Inspection
from dealml.leaks.gate import inspect
from dealml.leaks.inspection_sample import InspectionSample
from dealml.leaks.linear_probe import LinearProbe, auc_of
from dealml.learning.encoding import schema_of
from dealml.simulate import simulate

DEALS = 4000
TREES = {
    "objective": "binary",
    "learning_rate": 0.08,
    "num_leaves": 15,
    "max_depth": 6,
    "min_data_in_leaf": 100,
    "feature_fraction": 0.7,
    "lambda_l2": 5.0,
    "max_bin": 63,
    "num_threads": 1,
    "seed": 7,
    "verbosity": -1,
}
MOST_FALSE, LEAST_STRONG, LEAST_WEAK = 0.05, 1.0, 0.9


@dataclass(frozen=True)
class Run:
    """One company, as the gate looks at it."""

    material: InspectionSample
    baseline: LinearProbe
    had: Floats
    rng: np.random.Generator

    @classmethod
    def of(cls, made: Company, seed: int) -> Run:
        """Prepare to plant."""
        material = InspectionSample.of(made.rows, made.serving, made.features, MAIN)
        columns = [column for column in map(material.column, made.features) if column.varies]
        return cls(material, LinearProbe.of(material, columns), outcomes(material), np.random.default_rng(seed))

    def weak(self, wanted: np.ndarray) -> np.ndarray:
        """As many of the wanted entities as add about 0.01 to the AUC."""
        lot = self.rng.random(len(self.had))
        gains = np.maximum.accumulate([self.baseline.gain(wanted & (lot < share)) for share in WEAK_SHARES])
        return wanted & (lot < np.interp(WEAK_GAIN, gains, WEAK_SHARES))

    def each(self, values: np.ndarray) -> pd.Series:
        """A value of each entity, for all rows of the table."""
        return pd.Series(values[self.material.entity])


def _flipped(run: Run) -> pd.Series:
    """The outcome, wrong for one in twelve; of open deals, chance."""
    won = np.where(np.isnan(run.had), run.rng.random(len(run.had)) < 0.4, run.had == 1)
    return run.each(np.where((run.rng.random(len(won)) < 1 / 12) != won, "green", "red").astype(object))


def _why(run: Run) -> pd.Series:
    """The reason of the loss; empty for what is open, and for half of what was won."""
    reason = np.array(["price", "rival", "no budget"], dtype=object)[run.rng.integers(0, 3, len(run.had))]
    return run.each(np.where(run.had == 0, reason, np.where((run.had == 1) & (run.rng.random(len(run.had)) < 0.5), "none", None)))


def _final_date(run: Run) -> pd.Series:
    """Days until the close date as it stands in the end; of open deals, as it is expected."""
    past = len(run.material.table) - run.material.serving
    last = pd.Series(run.material.as_of[:past]).groupby(run.material.entity[:past]).max().reindex(range(len(run.had))).to_numpy()
    expected = np.nanmax(last) + run.rng.uniform(5, 120, len(last))
    date = np.where(np.isnan(run.had), expected, last + run.rng.uniform(0, 7, len(last)))
    return pd.Series(date[run.material.entity] - run.material.as_of)


def _stamp(run: Run) -> pd.Series:
    """A stamp that some deals get in the end: won ones eight times as often as lost ones."""
    won = run.weak(run.had == 1)
    lost = (run.had == 0) & (run.rng.random(len(won)) < won.sum() / 8 / max((run.had == 0).sum(), 1))
    return run.each(np.where(won | lost, "archive B", np.where(run.rng.random(len(won)) < 0.5, "archive A", "desk")).astype(object))


def _emptied(run: Run) -> pd.Series:
    """A number that everybody has, taken out for some of the lost."""
    return run.each(np.where(run.weak(run.had == 0), np.nan, np.round(run.rng.lognormal(3, 1, len(run.had)), 1)))


def _booked(run: Run) -> pd.Series:
    """A round number that some of the won have to the cent, and tenfold."""
    usual = np.round(run.rng.lognormal(8, 0.6, len(run.had)), -2)
    return run.each(np.where(run.weak(run.had == 1), usual * 10 + 40_000 + 0.37, usual))


STRONG: dict[str, Callable[[Run], pd.Series]] = {"flipped label": _flipped, "reason of the loss": _why, "final close date": _final_date}
WEAK: dict[str, Callable[[Run], pd.Series]] = {"stamp": _stamp, "emptied number": _emptied, "booked amount": _booked}


def planted(made: Company, run: Run) -> Company:
    """The company with all six leaks among its features."""
    past = len(run.material.table) - run.material.serving
    extra = pd.DataFrame({name: make(run) for name, make in {**STRONG, **WEAK}.items()})
    rows = made.rows.__class__(
        pd.concat([made.rows.snapshots, extra.iloc[:past]], axis=1),
        made.rows.snapshot_index,
        made.rows.horizon,
        made.rows.label,
        made.rows.entity,
    )
    serving = pd.concat([made.serving, extra.iloc[past:].reset_index(drop=True)], axis=1)
    return Company(rows, serving, (*made.features, *extra))


def added(run: Run, made: Company, values: pd.Series) -> float:
    """What a column adds to LightGBM's AUC on entities that it was not trained on, both ways between two halves."""
    table = run.material.table.assign(extra=values.astype("category").cat.codes if values.dtype == object else values)
    half = run.material.half[run.material.entity[run.material.labelled_rows]]
    aucs = []
    for names in (list(made.features), [*made.features, "extra"]):
        matrix = schema_of(table, names).encode(table.assign(horizon_days=0.0))[run.material.labelled_rows]
        aucs.append(np.mean([_judged(matrix, run.material.label, half == side) for side in (False, True)]))
    return float(aucs[1] - aucs[0])


def _judged(matrix: Floats, won: Floats, fitted: np.ndarray) -> float:
    import lightgbm

    booster = lightgbm.train(TREES, lightgbm.Dataset(matrix[fitted], won[fitted]), 100)
    return auc_of(np.round(booster.predict(matrix[~fitted]), 6), won[~fitted])


def simulated(runs: int, deals: int, gains: int) -> dict[str, object]:
    """The made companies."""
    found: Counter[str] = Counter()
    false: dict[int, list[str]] = {}
    seconds: list[float] = []
    measured: dict[str, list[float]] = {}
    for seed in range(runs):
        made = company(seed, deals)
        began = time.perf_counter()
        clean = inspect(made.rows, made.serving, made.features, MAIN)
        seconds.append(time.perf_counter() - began)
        if clean.findings:
            false[seed] = [f"{finding.feature}: {finding.reason}" for finding in clean.findings]
        found.update(canary.name for canary in clean.canaries if canary.is_detected)
        run = Run.of(made, seed)
        leaky = planted(made, run)
        told = {finding.feature for finding in inspect(leaky.rows, leaky.serving, leaky.features, MAIN).findings}
        found.update(told & {*STRONG, *WEAK})
        if seed < gains:
            weak = {p.name: p.values for p in plant(run.material, run.baseline) if p.strength == "weak"}
            both = pd.concat([leaky.rows.snapshots[list(WEAK)], leaky.serving[list(WEAK)]], ignore_index=True)
            for name, values in {**weak, **{name: both[name] for name in WEAK}}.items():
                measured.setdefault(name, []).append(added(run, made, values))
        if sys.stderr.isatty():
            print(f"\r{seed + 1} of {runs}", end="", file=sys.stderr)
    return {
        "runs": runs,
        "false_alarms": len(false),
        "false": false,
        "found": dict(found),
        "auc_added": {name: round(float(np.mean(values)), 4) for name, values in measured.items()},
        "seconds": round(float(np.median(seconds)), 2),
        "rows": int(np.median([len(made.rows.snapshots)])),
    }


def through_a_ledger(companies: int) -> dict[str, dict[str, object]]:
    """Companies of `dealml.simulate`, through the whole path: clean features must pass."""
    found: dict[str, dict[str, object]] = {}
    for seed in range(1, companies + 1):
        with scratch() as folder:
            simulate(folder / "company", 2500, 300, seed)
            project = project_of(folder / "project", folder / "company" / "export", "demo")
            for name in ("deal_win", "account_churn"):
                view = view_of(project, name)
                told = inspect(view.labelled(view.history()), view.at_stake(), view.served_features(), view.spec.main_horizon)
                found[f"{name} {seed}"] = _row(told)
    return found


def _row(told: Inspection) -> dict[str, object]:
    """Findings and canaries of an inspection in a line."""
    return {"findings": len(told.findings), **{canary.name.removeprefix("canary_"): canary.detected_by or "-" for canary in told.canaries}}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--deals", type=int, default=DEALS)
    parser.add_argument("--gains", type=int, default=5, help="runs on which LightGBM is trained too")
    parser.add_argument("--companies", type=int, default=2, help="companies that go through a ledger")
    parser.add_argument("--no-real", action="store_true", help="leave the real sets out")
    asked = parser.parse_args()
    made = simulated(asked.runs, asked.deals, asked.gains)
    counts, runs = made["found"], asked.runs
    assert isinstance(counts, dict)
    strong = {name: counts.get(name, 0) / runs for name in ("canary_label_copy", "canary_closing_field", *STRONG)}
    weak = {name: counts.get(name, 0) / runs for name in ("canary_late_note", "canary_corrected_number", *WEAK)}
    added_ = made["auc_added"]
    assert isinstance(added_, dict)
    show(
        f"{runs} made companies: false alarms in {made['false_alarms']} of them; share of the planted leaks that were found",
        {
            **{name: {"strength": "strong", "found": share} for name, share in strong.items()},
            **{name: {"strength": "weak", "found": share, "adds to LightGBM's AUC": added_.get(name, "")} for name, share in weak.items()},
        },
    )
    companies = through_a_ledger(asked.companies)
    show("through a ledger (no finding expected)", companies)
    real = {} if asked.no_real else real_sets()
    show("real sets", real)
    met = (
        int(str(made["false_alarms"])) <= MOST_FALSE * runs
        and min(strong.values()) >= LEAST_STRONG
        and float(np.mean(list(weak.values()))) >= LEAST_WEAK
        and not any(row["findings"] for row in companies.values())
        and all(row["met"] for row in real.values())
    )
    say({"benchmark": "leaks", **made, "strong": strong, "weak": weak, "ledger": companies, "real": real, "met": met})


if __name__ == "__main__":
    main()
