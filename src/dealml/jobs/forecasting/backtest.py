"""Measure forecasts on past periods, and store the result for later forecasts."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from dealml.forecast.accuracy import accuracy_of
from dealml.forecast.backtest import Recipe, backtest
from dealml.forecast.backtest_store import StoredBacktest, write_backtest
from dealml.forecast.record import Record
from dealml.forecast.result import ForecastAccuracy
from dealml.jobs.forecasting.forecast import load_forecast_model
from dealml.jobs.progress import Progress, silent, within
from dealml.jobs.scoring.served_models import load_served, view_for
from dealml.period import Kind
from dealml.project import Project


def forecast_backtest(
    project: Project,
    kind: Kind,
    as_of: datetime | None = None,
    model: str = "deal_win",
    version: int | None = None,
    periods: int | None = None,
    progress: Progress = silent,
) -> tuple[ForecastAccuracy, Path]:
    """Forecast past periods, each from its first Monday by what was on record then, and keep the result in the project.

    Parameters
    ----------
    as_of
        Use only what was recorded before this moment (default: the end of the data).
    version
        Whose recipe is refitted; default the champion's.
    periods
        How many of the latest; default all that there was enough to learn from.

    Returns
    -------
    ForecastAccuracy, Path
        The accuracy, and the file that holds the backtest.

    Raises
    ------
    InputError, ModelError
        As `run_forecast`; also when no past period had enough before it.
    """
    spec = load_forecast_model(project, model)
    chosen = load_served(project, model, version)
    view = view_for(chosen, project, spec, as_of, learns=True)
    record = Record.of(view, project.settings.company.currency)
    rows = view.labelled(view.history(within(progress, "features"), weekly_only=True))
    periods_measured = backtest(
        Recipe(spec, view.served_features(), chosen.fitted), rows, record, kind, periods, within(progress, "periods")
    )
    path = write_backtest(
        project.folder, StoredBacktest(model, kind, view.end, project.ledger.digest, chosen.digest, tuple(periods_measured))
    )
    track = accuracy_of([measured.past for measured in periods_measured])
    assert track is not None  # there is a period, or backtest had raised
    return track, path
