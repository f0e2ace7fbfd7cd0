"""Real customers of a wholesaler (Online Retail II): who buys nothing in the next 90 days?

    python -m benchmarks.online_retail

Trained on what was on record before a moment, every active customer is scored at that moment; the base rate is that of the training rows.
Then `dealml.jobs.modelling.evaluate` as of the end of the data, on the version that
`dealml train account_churn --as-of 2010-09-01` registers.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.common import Floats, day, learned, measured, project_of, say, scratch, shared, show, view_of
from dealml.jobs.modelling.evaluate import evaluate
from dealml.jobs.modelling.train import train
from dealml.learning.encoding import HORIZON
from dealml.learning.training_rows import labelled
from dealml.project import Project

MOMENTS = ("2010-08-16", "2010-09-01")
DAYS = 90
METRICS = ("auc", "log_loss", "brier", "brier_skill", "calibration_error")


def last_sales(source: Path, since: datetime) -> set[str]:
    """The customers who bought something within 90 days of a moment; a cancellation is no purchase."""
    lines = pd.read_parquet(source / "transactions.parquet", columns=["customer_id", "quantity", "invoice_date"])
    at = lines["invoice_date"].dt.tz_localize("Europe/London", ambiguous=True, nonexistent="shift_forward").dt.tz_convert("UTC")
    bought = lines[(lines["quantity"] > 0) & (at >= since) & (at < since + pd.Timedelta(days=DAYS))]
    return set(bought["customer_id"].dropna().astype(str).str.removesuffix(".0"))


def training_rate(project: Project, before: datetime) -> float:
    """The share of silent rows among those that the model is trained on."""
    view = view_of(project, "account_churn", before)
    return float(np.mean(labelled(view.history(), "account_id", (DAYS,), before, absence=True).label))


def scored(project: Project, source: Path, at: datetime) -> dict[str, dict[str, object]]:
    """The model of a moment beside its base rate, on the customers active at that moment."""
    active, model = view_of(project, "account_churn", at).at_stake(), learned(project, "account_churn", at)
    p: Floats = model.probability(active.assign(**{HORIZON: float(DAYS)}))
    silent = (~active["account_id"].isin(last_sales(source, at))).to_numpy(dtype=float)
    base = np.full(len(p), training_rate(project, at))
    about = {"customers": len(p), "silent": int(silent.sum())}
    return {
        f"account_churn {at:%Y-%m-%d}": measured(silent, p, base) | about,
        f"base rate {at:%Y-%m-%d}": measured(silent, base, base) | {"mean": round(float(base[0]), 4)},
    }


def evaluated(project: Project) -> dict[str, dict[str, object]]:
    """What `dealml evaluate account_churn` says."""
    train(project, "account_churn", day(MOMENTS[-1]))
    found = evaluate(project, "account_churn")
    table = {who: {name: round(of[name].value, 4) for name in METRICS} for who, of in found.overall.items()}
    table["model"] |= {"method": found.method, "rows": found.rows, "customers": found.entities}
    return table


def main() -> None:
    source = shared("online_retail", "online_retail")
    scores: dict[str, dict[str, object]] = {}
    with scratch() as folder:
        project = project_of(folder / "project", source, "online_retail")
        for moment in MOMENTS:
            scores |= scored(project, source, day(moment))
        evaluation = evaluated(project)
    show("online_retail, active customers silent for 90 days (must beat the base rate's log loss)", scores)
    show("online_retail, dealml evaluate account_churn", evaluation)
    met = all(scores[f"account_churn {at}"]["log_loss"] < scores[f"base rate {at}"]["log_loss"] for at in MOMENTS)
    say({"benchmark": "online_retail", "scored": scores, "evaluate": evaluation, "met": met})


if __name__ == "__main__":
    main()
