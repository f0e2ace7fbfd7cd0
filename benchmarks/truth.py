"""The default simulated company: probabilities beside the true ones, which no import or feature can read.

    python -m benchmarks.truth

Trained as of 2025-02-03; every open deal is scored on every Monday from then on, at every horizon. Calibration against the truth needs no
outcome, so it counts all scores; the AUC counts those whose horizon was over at the end of the data.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.common import day, learned, project_of, say, scratch, show, view_of
from dealml.evaluation.metrics.metrics import auc
from dealml.learning.encoding import HORIZON
from dealml.learning.fitted import FittedModel
from dealml.scoring.score import at_horizons
from dealml.simulate import simulate

TRAINED = day("2025-02-03")
DEALS, SEED = 6000, 7
BINS = 10
MOST_ERROR, MOST_GAP = 0.03, 0.02


def scores_of(model: FittedModel, history: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
    """A score for each Monday from the training on, open deal and horizon; `won` is missing while the horizon runs."""
    rows = at_horizons(history[history["as_of"] >= TRAINED].reset_index(drop=True), model.horizons)
    over = rows["as_of"] + pd.to_timedelta(rows[HORIZON], unit="D")
    won = (rows["event_at"] < over).astype(float).where(over <= end)
    return rows[["deal_id", "as_of"]].assign(horizon_days=rows[HORIZON].astype("int64"), won=won, p=model.probability(rows))


def against(scores: pd.DataFrame, outcome: str = "won") -> dict[str, object]:
    """Calibration error against the truth over tenths of equal mass by score, and the AUC of both."""
    tenth = pd.qcut(scores["p"].rank(method="first"), BINS, labels=False)
    means = scores.groupby(tenth)[["p", "truth"]].mean()
    settled = scores.dropna(subset=[outcome])
    mine, best = (auc(settled[outcome], settled[who], np.ones(len(settled))) for who in ("p", "truth"))
    return {
        "scores": len(scores),
        "calibration_error": round(float((means["p"] - means["truth"]).abs().mean()), 4),
        "settled": len(settled),
        "auc": round(mine, 4),
        "truth_auc": round(best, 4),
        "gap": round(best - mine, 4),
    }


def compared(folder: Path) -> dict[str, dict[str, object]]:
    """The comparison of all horizons together and of each."""
    simulate(folder / "company", deals=DEALS, seed=SEED)
    project = project_of(folder / "project", folder / "company" / "export", "demo")
    model = learned(project, "deal_win", TRAINED)
    view = view_of(project, "deal_win")
    truth = pd.read_parquet(folder / "company" / "truth" / "truth.parquet").rename(columns={"probability": "truth"})
    scores = scores_of(model, view.history(weekly_only=True), pd.Timestamp(view.end))
    both = scores.merge(truth.astype({"as_of": scores["as_of"].dtype}), on=["deal_id", "as_of", "horizon_days"], how="inner")
    if len(both) < len(scores):
        raise SystemExit(f"{len(scores) - len(both)} of {len(scores)} scores have no truth")
    return {"all": against(both)} | {f"{horizon} days": against(rows) for horizon, rows in both.groupby("horizon_days")}


def main() -> None:
    with scratch() as folder:
        found = compared(folder)
    show("truth: default company, trained as of 2025-02-03 (targets: calibration error <= 0.03, AUC gap <= 0.02)", found)
    met = all(part["calibration_error"] <= MOST_ERROR and part["gap"] <= MOST_GAP for part in found.values())
    say({"benchmark": "truth", "against": found, "met": met})


if __name__ == "__main__":
    main()
