"""A real funnel (Olist): "won within 30 and 60 days" of open leads, week by week, beside the rate by age.

Trained as of 2018-03-15, each lead that is not won is scored on each Monday up to 2018-05-28; wins are on record until November. So that
all leads count, none leaves the population for want of a touch: the funnel has no touches. The rate by age is a life table of the training
weeks: of the leads open at an age, the share that was won in the week after it. The first wins on record are of 2017-12-05;
`from 2017-12-05` learns from the weeks after that day alone.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.common import ROOT, Floats, day, learned, log_losses, measured, say, scratch, shared, show, view_of
from dealml.importing.import_source import import_source
from dealml.learning.encoding import HORIZON
from dealml.learning.outcomes.of_leads import UNTOUCHED_DAYS
from dealml.project import Project, make_project
from dealml.scoring.score import at_horizons

TRAINED, END, FIRST_WIN = day("2018-03-15"), day("2018-05-29"), day("2017-12-05")
MODEL, HORIZONS = "lead_conversion", (30, 60)
TARGETS = {30: 0.0625, 60: 0.0873}
OLDEST = 12
"""Weeks of age from which all count as one."""


def _age(rows: pd.DataFrame) -> pd.Series:
    """Whole weeks since each lead came into play."""
    return ((rows["as_of"] - rows["since"]).dt.days // 7).clip(upper=OLDEST)


def rate_by_age(history: pd.DataFrame, rows: pd.DataFrame, since: datetime | None) -> Floats:
    """The chance of each row by its age and horizon, from a life table of a history's weeks."""
    week = pd.Timedelta(weeks=1)
    taught = history[history["as_of"] + week <= TRAINED]
    taught = taught if since is None else taught[taught["as_of"] >= since]
    won = (taught["event_at"] < taught["as_of"] + week).astype(float)
    hazard = won.groupby(_age(taught)).mean().reindex(range(OLDEST + 1)).ffill().fillna(0).to_numpy()
    steps = np.log1p(-np.concatenate([hazard, np.full(max(HORIZONS) // 7 + 1, hazard[-1])]))
    survived = np.concatenate([[0.0], np.cumsum(steps)])
    age, weeks = _age(rows).to_numpy(), rows[HORIZON].to_numpy() / 7
    ends = np.interp(age + weeks, np.arange(len(survived)), survived)
    return -np.expm1(ends - survived[age])


def in_sao_paulo(folder: Path) -> Project:
    """A project of the company's zone, with the funnel in its ledger."""
    make_project(folder)
    settings = folder / "dealml.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace('time_zone = "UTC"', 'time_zone = "America/Sao_Paulo"'), encoding="utf-8"
    )
    project = Project(folder)
    mapping = ROOT / "examples" / "olist_funnel" / "mapping.yaml"
    import_source(shared("olist_funnel", "Olist's funnel"), mapping, project.ledger, settings=project.import_settings)
    file = folder / "models" / f"{MODEL}.py"
    text = file.read_text(encoding="utf-8").replace(f"untouched_days={UNTOUCHED_DAYS}", "untouched_days=3650")
    file.write_text(text, encoding="utf-8")
    return project


def scored(folder: Path) -> tuple[pd.DataFrame, str]:
    """A row for each settled score, with `won`, the model's `p` and the rates by age; and the model's rung."""
    project = in_sao_paulo(folder)
    model = learned(project, MODEL, TRAINED)
    view = view_of(project, MODEL)
    history = view.history(weekly_only=True)
    mondays = history[(history["as_of"] >= TRAINED) & (history["as_of"] < END)].reset_index(drop=True)
    rows = at_horizons(mondays, HORIZONS)
    over = rows["as_of"] + pd.to_timedelta(rows[HORIZON], unit="D")
    rows = rows.assign(won=(rows["event_at"] < over).astype(float))
    return rows.assign(
        p=model.probability(rows),
        **{"rate by age": rate_by_age(history, rows, None), "from 2017-12-05": rate_by_age(history, rows, FIRST_WIN)},
    ), model.rung.name


def against(rows: pd.DataFrame) -> dict[str, object]:
    """Log loss of the model and of the rates, and the model's gain over the better rate with its standard error over leads."""
    losses = {name: log_losses(rows["won"].to_numpy(), rows[name].to_numpy()) for name in ("p", "rate by age", "from 2017-12-05")}
    gain = pd.Series(losses["from 2017-12-05"] - losses["p"]).groupby(rows["lead_id"].to_numpy()).sum()
    error = float(np.sqrt(((gain - gain.mean()) ** 2).sum())) / len(rows)
    found: dict[str, object] = {"scores": len(rows), "won": int(rows["won"].sum()), "model": round(float(losses["p"].mean()), 4)}
    found |= {name: round(float(losses[name].mean()), 4) for name in ("rate by age", "from 2017-12-05")}
    return found | {
        "gain": round(float(gain.sum()) / len(rows), 5),
        "standard_error": round(error, 5),
        "auc": measured(rows["won"], rows["p"])["auc"],
        "mean_score": round(float(rows["p"].mean()), 4),
        "share_won": round(float(rows["won"].mean()), 4),
    }


def olist() -> None:
    """Compare with the rate by age."""
    with scratch() as folder:
        rows, rung = scored(folder / "project")
    found = {f"{horizon:.0f} days": against(part.reset_index(drop=True)) for horizon, part in rows.groupby(HORIZON)}
    show(f"leads: Olist's funnel, trained as of 2018-03-15 ({rung}), Mondays to 2018-05-28; log loss of won within", found)
    first, second = (found[f"{horizon} days"] for horizon in HORIZONS)
    met = float(str(first["gain"])) >= float(str(first["standard_error"])) and float(str(first["model"])) < TARGETS[30]
    say({"benchmark": "leads_olist", "rung": rung, "against": found, "met": bool(met and float(str(second["model"])) <= TARGETS[60])})
