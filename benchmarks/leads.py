"""Leads: against the true probabilities of a simulated company, on 500,000 leads, and on a real funnel.

    python -m benchmarks.leads [--truth] [--size] [--olist]

`--truth`: the default simulated company, trained as of 2025-02-03; every open lead is scored on every Monday from then on. Then a team
calls the `CAPACITY` best leads of each Monday: how many of them are converted within the main horizon, by the model, by the true
probabilities, by the points on the company's record, by the shipped scorecard, and on average.
`--size`: half a million leads are scored (`benchmarks.leads_size`). `--olist`: a real funnel (`benchmarks.leads_olist`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.common import day, learned, project_of, say, scratch, show, view_of
from benchmarks.leads_olist import olist
from benchmarks.leads_size import size
from benchmarks.truth import MOST_ERROR, MOST_GAP, against
from dealml.learning.encoding import HORIZON
from dealml.load_definitions import load_scorecard
from dealml.scoring.score import at_horizons
from dealml.simulate import simulate

TRAINED = day("2025-02-03")
MAIN, CAPACITY = 30, 25
LEAST_CAPTURED = 0.90


def scored_leads(folder: Path) -> pd.DataFrame:
    """A score for each Monday, open lead and horizon that the truth has: `p`, `truth`, `converted` (missing while it runs), and points."""
    simulate(folder / "company")
    project = project_of(folder / "project", folder / "company" / "export", "demo")
    model = learned(project, "lead_conversion", TRAINED)
    view = view_of(project, "lead_conversion")
    history = view.history(weekly_only=True)
    history = history[history["as_of"] >= TRAINED].reset_index(drop=True)
    scorecard = load_scorecard(project.folder, "lead_id")
    history["scorecard"] = scorecard.points(history) if scorecard else np.nan
    rows = at_horizons(history, model.horizons)
    over = rows["as_of"] + pd.to_timedelta(rows[HORIZON], unit="D")
    converted = (rows["event_at"] < over).astype(float).where(over <= pd.Timestamp(view.end))
    scores = rows[["lead_id", "as_of", "recorded_points", "scorecard"]].assign(
        horizon_days=rows[HORIZON].astype("int64"), converted=converted, p=model.probability(rows)
    )
    truth = pd.read_parquet(folder / "company" / "truth" / "leads.parquet").rename(columns={"probability": "truth"})
    found = scores.merge(truth.astype({"as_of": scores["as_of"].dtype}), on=["lead_id", "as_of", "horizon_days"], how="inner")
    # Leads in their last quarter before they are cleaned up, and those whose end is not on record yet.
    print(f"{model.rung.name}; {len(scores) - len(found)} of {len(scores)} scores have no truth")
    return found


def called(scores: pd.DataFrame) -> dict[str, dict[str, object]]:
    """Of each ranking the conversions among the best `CAPACITY` leads of each Monday, on record and as the truth expects them."""
    settled = scores[(scores["horizon_days"] == MAIN) & scores["converted"].notna()]
    rankings = {"truth": "truth", "model": "p", "points on record": "recorded_points", "shipped scorecard": "scorecard"}
    parts = {name: _best(settled, settled[column].fillna(-np.inf)) for name, column in rankings.items()}
    mean = settled.groupby("as_of")[["converted", "truth"]].mean().sum() * CAPACITY
    rows = {name: part[["converted", "truth"]].sum() for name, part in parts.items()} | {"any lead": mean}
    best = rows["truth"]
    return {
        name: {
            "conversions": round(float(row["converted"]), 1),
            "captured": round(float(row["converted"] / best["converted"]), 4),
            "expected": round(float(row["truth"]), 1),
            "expected_captured": round(float(row["truth"] / best["truth"]), 4),
        }
        for name, row in rows.items()
    }


def _best(scores: pd.DataFrame, by: pd.Series) -> pd.DataFrame:
    """The best leads of each Monday; of equal ones the first by a digest of the lead."""
    order = scores.assign(by=by, tie=pd.util.hash_array(scores["lead_id"].to_numpy(object)))
    return order.sort_values(["as_of", "by", "tie"], ascending=[True, False, True]).groupby("as_of").head(CAPACITY)


def truth() -> None:
    """Compare with the truth."""
    with scratch() as folder:
        scores = scored_leads(folder)
    found = {"all": against(scores, "converted")} | {
        f"{horizon} days": against(rows, "converted") for horizon, rows in scores.groupby("horizon_days")
    }
    show(f"leads: default company, trained as of 2025-02-03 (targets: calibration error <= {MOST_ERROR}, AUC gap <= {MOST_GAP})", found)
    calls = called(scores)
    mondays = scores.loc[(scores["horizon_days"] == MAIN) & scores["converted"].notna(), "as_of"].nunique()
    title = f"the {CAPACITY} best leads of each of {mondays} Mondays, converted within {MAIN} days"
    show(f"{title} (target: {LEAST_CAPTURED:.0%} of the truth's)", calls)
    near = all(part["calibration_error"] <= MOST_ERROR and part["gap"] <= MOST_GAP for part in found.values())
    met = near and min(calls["model"]["captured"], calls["model"]["expected_captured"]) >= LEAST_CAPTURED
    say({"benchmark": "leads_truth", "against": found, "capacity": CAPACITY, "mondays": int(mondays), "called": calls, "met": bool(met)})


PARTS: dict[str, Callable[[], None]] = {"--truth": truth, "--size": size, "--olist": olist}


def main() -> None:
    parts = sys.argv[1:] or list(PARTS)
    if unknown := sorted(set(parts) - set(PARTS)):
        raise SystemExit(f"unknown: {', '.join(unknown)}; use {' '.join(PARTS)}")
    for part in parts:
        PARTS[part]()


if __name__ == "__main__":
    main()
