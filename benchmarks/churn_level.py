"""The level of `account_churn` on held-out time: the mean score beside the share of customers that left, on ten simulated companies.

    python -m benchmarks.churn_level [FIRST_SEED [LAST_SEED]]

Each company is the demo's, with another seed. `account_churn` is fitted and held out as `dealml train account_churn` does it, as of
2026-01-05. Counted are the held-out rows at 90 days; the interval of the share that left resamples accounts. `taught` is the share
among the rows at 90 days from before the first held-out one.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from benchmarks.common import day, project_of, say, scratch, show, view_of
from dealml.evaluation.metrics.bootstrap import interval_of, resampled
from dealml.evaluation.report.evaluate import refitted
from dealml.simulate import simulate

TRAINED = day("2026-01-05")
FIRST, LAST = 1, 10
HORIZON = 90
RESAMPLES = 400
MOST_BIAS, FEWEST_INSIDE = 0.02, 0.9


def level(folder: Path, seed: int) -> dict[str, object]:
    """The mean score and the share that left, of one company."""
    simulate(folder / "company", seed=seed)
    view = view_of(project_of(folder / "project", folder / "company" / "export", "demo"), "account_churn", TRAINED)
    rows = view.labelled(view.history())
    predictions, model = refitted(view.spec, rows, view.served_features(), view.outcome.outcome_name, view.end)
    counted = predictions.at(predictions.rows.horizon == HORIZON)
    taught = rows.keep((rows.horizon == HORIZON) & (rows.as_of < counted.rows.as_of.min())).label
    score, left = counted.probabilities["model"], counted.rows.label.astype(float)
    draws = resampled(counted.clusters, RESAMPLES, 0, lambda times: np.array([np.average(left, weights=times)]))
    share = interval_of(float(left.mean()), draws[:, 0])
    return {
        "rung": model.rung.name,
        "rows": len(counted),
        "accounts": len(np.unique(counted.clusters)),
        "taught": round(float(taught.mean()), 4),
        "score": round(float(score.mean()), 4),
        "left": round(share.value, 4),
        "low": round(share.low, 4),
        "high": round(share.high, 4),
        "bias": round(float(score.mean()) - share.value, 4),
        "inside": bool(share.low <= score.mean() <= share.high),
    }


def main() -> None:
    seeds = [int(text) for text in sys.argv[1:]] or [FIRST, LAST]
    levels: dict[str, dict[str, object]] = {}
    for seed in range(seeds[0], seeds[-1] + 1):
        with scratch() as folder:
            levels[f"seed {seed}"] = level(folder, seed)
    show("account_churn at 90 days, held-out rows (targets: mean bias <= 2 points, inside the interval in 9 of 10)", levels)
    bias = float(np.mean([part["bias"] for part in levels.values()]))
    inside = float(np.mean([part["inside"] for part in levels.values()]))
    met = abs(bias) <= MOST_BIAS and inside >= FEWEST_INSIDE
    say({"benchmark": "churn_level", "companies": levels, "bias": round(bias, 4), "inside": inside, "met": met})


if __name__ == "__main__":
    main()
