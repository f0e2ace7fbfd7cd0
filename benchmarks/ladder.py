"""Small histories: is what is served ever worse than the base rate, and from how many deals on is it better?

    python -m benchmarks.ladder [--seeds N]

From a simulated company, and from real loan applications (BPI Challenge 2012), so many deals are drawn by lot from those that began before
a cut, and `dealml train`'s own recipe (ladder, held-out verdict, base rate where it is not earned) learns from them as of the cut. It is
judged at the main horizon on all deals that began later, beside the base rate of the same few deals. Features of the company's record over
all deals are left out: they would know the deals that were not drawn. Worse beyond noise: the mean over seeds of the log loss minus the
base rate's is more than two standard errors above 0.
"""

from __future__ import annotations

import argparse
import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.common import ROOT, project_of, say, scratch, show, view_of
from dealml.evaluation.decisions.fit_or_fall_back import fit_or_fall_back
from dealml.evaluation.holdout.predictions import weekly
from dealml.learning.folds import Split, split_in_time
from dealml.learning.spec import Model
from dealml.learning.training import fit
from dealml.learning.training_rows import TrainingRows
from dealml.moments import as_utc64
from dealml.project import Project
from dealml.simulate import simulate

SIZES = (30, 60, 120, 250, 500, 2000)


@dataclass(frozen=True)
class Source:
    """A company's labelled rows, cut in time."""

    name: str
    spec: Model
    rows: TrainingRows
    features: list[str]
    split: Split

    @classmethod
    def of(cls, name: str, project: Project) -> Source:
        view = view_of(project, "deal_win")
        record = {feature.name for feature in view.plan.features if feature.subject == "history"}
        rows = view.labelled(view.history())
        split = split_in_time(rows, view.spec.main_horizon, as_utc64(view.end))
        return cls(name, view.spec, rows, [feature for feature in view.served_features() if feature not in record], split)

    def later(self) -> TrainingRows:
        """Weekly rows of all later deals at the main horizon."""
        rows = weekly(self.rows.keep(self.split.later))
        return rows.keep(rows.horizon == min(self.spec.main_horizon, rows.horizon.max()))

    def drawn(self, deals: int, seed: int) -> TrainingRows:
        """The earlier rows of so many deals."""
        codes = np.unique(self.rows.codes[self.split.earlier])
        chosen = np.random.default_rng(seed).choice(codes, min(deals, len(codes)), replace=False)
        return self.rows.keep(self.split.earlier & np.isin(self.rows.codes, chosen))


def losses(source: Source, deals: int, seed: int, later: TrainingRows) -> tuple[str, float, float]:
    """The rung served, its log loss on later deals, and that of the base rate of the deals drawn."""
    drawn = source.drawn(deals, seed)
    names = [name for name in source.features if drawn.snapshots[name].iloc[np.unique(drawn.snapshot_index)].notna().any()]
    asked = (source.spec, drawn, names, "won", source.split.moment, "benchmark")
    fitted = fit_or_fall_back(*asked).fitted
    base = fitted if fitted.rung.name == "base_rate" else fit(*asked, only="base_rate")
    table = later.table()
    return fitted.rung.name, *(_loss(model.probability(table), later.label) for model in (fitted, base))


def _loss(p: np.ndarray, won: np.ndarray) -> float:
    return float(-np.mean(np.log(np.where(won == 1, p, 1 - p))))


def at_size(source: Source, deals: int, seeds: int) -> dict[str, object]:
    """What is served after so many deals, over seeds."""
    later = source.later()
    found = [losses(source, deals, seed, later) for seed in range(seeds)]
    gap = np.array([served - base for _, served, base in found])
    error = float(gap.std(ddof=1) / np.sqrt(len(gap))) if len(gap) > 1 else 0.0
    return {
        "source": source.name,
        "deals": deals,
        "rungs": dict(Counter(rung for rung, _, _ in found)),
        "log_loss": round(float(np.mean([served for _, served, _ in found])), 4),
        "base_rate": round(float(np.mean([base for _, _, base in found])), 4),
        "difference": round(float(gap.mean()), 4),
        "error": round(error, 4),
        "worst": round(float(gap.max()), 4),
        "worse_beyond_noise": bool(gap.mean() > 2 * error + 1e-12),
    }


def sources(folder: Path) -> list[Source]:
    simulate(folder / "company", 6000, 800, 7)
    found = [Source.of("simulated", project_of(folder / "simulated", folder / "company" / "export", "demo"))]
    bpic = Path(os.environ.get("DEALML_SHARED_DATA", ROOT.parent / "shared" / "data")) / "bpic2012_loan"
    if bpic.is_dir():
        found.append(Source.of("bpic2012", project_of(folder / "bpic", bpic, "bpic2012")))
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=10)
    seeds = parser.parse_args().seeds
    with scratch() as folder:
        results = [at_size(source, deals, seeds) for source in sources(folder) for deals in SIZES]
    show(f"what is served after so many deals, {seeds} seeds", {f"{r['source']}, {r['deals']} deals": r for r in results})
    say({"benchmark": "ladder", "seeds": seeds, "results": results, "met": not any(r["worse_beyond_noise"] for r in results)})


if __name__ == "__main__":
    main()
