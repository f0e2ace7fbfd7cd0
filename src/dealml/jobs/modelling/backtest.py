"""Backtest a model's recipe at several origins, write the report, and track the run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from dealml.evaluation.figures.figure_sets import backtest_figures
from dealml.evaluation.holdout.backtest import ORIGINS, Backtest, Origin
from dealml.evaluation.holdout.backtest import backtest as backtested
from dealml.evaluation.report.evaluate import Evaluation, measure
from dealml.files import checked_page, write_page
from dealml.jobs.modelling.holdout import labelled_history
from dealml.jobs.progress import Progress, silent, within
from dealml.jobs.registry import registry_of
from dealml.load_definitions import load_model, load_scorecard
from dealml.page.backtest import render_backtest
from dealml.project import Project


@dataclass(frozen=True)
class BacktestReport:
    """A backtest's result, and where it is stored."""

    evaluation: Evaluation
    origins: tuple[Origin, ...]
    run_id: str
    """The run in MLflow."""
    bytes: int
    """Of the page; 0 where none was asked for."""


def backtest(
    project: Project, name: str, as_of: datetime | None = None, count: int = ORIGINS, out: Path | None = None, progress: Progress = silent
) -> BacktestReport:
    """Backtest a model's recipe on everything recorded before a moment (default: the end of the data).

    Parameters
    ----------
    count
        How many origins.
    out
        The page to write, an .html file.

    Raises
    ------
    UsageError, InputError
        When the file is not called .html, or its folder does not exist.
    ModelError
        When too little was settled to hold anything out.
    """
    if out is not None:
        checked_page(out)
    spec = load_model(project.folder, name)
    scorecard = load_scorecard(project.folder, spec.entity)
    view, rows = labelled_history(project, spec, as_of, progress)
    result = backtested(
        spec, rows, view.served_features(), view.outcome.outcome_name, view.end, count, scorecard, within(progress, "origins")
    )
    progress("intervals", 0, 1)
    evaluation = measure(
        spec, result.model, result.predictions, "rolling origins", view.end.isoformat(), currency=project.settings.company.currency
    )
    progress("intervals", 1, 1)
    pictures = backtest_figures(evaluation)
    page = render_backtest(evaluation, result.origins, pictures, project.settings.company.name, project.ledger.digest)
    run_id = registry_of(project).log_report(
        f"{name} backtest", _parameters(project, evaluation, result), _metrics(evaluation), pictures, {"backtest.html": page}
    )
    return BacktestReport(evaluation, result.origins, run_id, write_page(out, page) if out is not None else 0)


def _parameters(project: Project, evaluation: Evaluation, result: Backtest) -> dict[str, object]:
    return {
        "model": evaluation.model,
        "rung": evaluation.rung,
        "method": evaluation.method,
        "origins": ", ".join(origin.name for origin in result.origins),
        "until": evaluation.until,
        "horizon_days": evaluation.horizon_days,
        "ledger_digest": project.ledger.digest,
    }


def _metrics(evaluation: Evaluation) -> dict[str, float]:
    """Everybody's metrics, the model's gains and its log loss in every slice; what is not a number is left out."""
    metrics = {f"{who}.{name}": interval.value for who, measured in evaluation.overall.items() for name, interval in measured.items()}
    for rival, gain in evaluation.gain.items():
        metrics |= {f"gain.{rival}": gain.value, f"gain.{rival}.low": gain.low, f"gain.{rival}.high": gain.high}
    metrics |= {"count.rows": evaluation.rows, "count.entities": evaluation.entities, "count.with_outcome": evaluation.with_outcome}
    return {name: float(value) for name, value in metrics.items() if np.isfinite(value)}
