"""Evaluation: a model and its baselines on held-out later time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from dealml.errors import ModelError
from dealml.evaluation.baselines import baseline_probabilities
from dealml.evaluation.bootstrap import Interval, intervals, paired_difference
from dealml.evaluation.calibration import reliability
from dealml.evaluation.metrics import METRICS
from dealml.learning.fitted import FittedModel
from dealml.learning.folds import moment, split_at, split_in_time
from dealml.learning.ladder import LEAST_ENTITIES
from dealml.learning.rows import Rows
from dealml.learning.spec import Model
from dealml.learning.training import fit

Floats = npt.NDArray[np.float64]
Measured = dict[str, dict[str, Interval]]
"""By model or baseline, by metric."""

AGES = (0, 7, 14, 30, 60, 90, 180, 100_000)
RESAMPLES = 200


@dataclass(frozen=True)
class Held:
    """Held-out rows with everybody's probabilities for them."""

    rows: Rows
    probabilities: dict[str, Floats]

    def at(self, which: npt.NDArray[np.bool_]) -> Held:
        """Some of the rows."""
        return Held(self.rows.keep(which), {name: p[which] for name, p in self.probabilities.items()})


@dataclass(frozen=True)
class Evaluation:
    """Metrics with 95 % intervals, of the model and its baselines."""

    model: str
    rung: str
    method: str
    """`later time`: the registered model on time after its training; `refitted`: the same recipe, trained before the cut."""
    cut: str
    until: str
    horizon_days: int
    rows: int
    entities: int
    with_outcome: int
    overall: Measured
    gain: dict[str, Interval]
    """Log loss of each baseline minus the model's: above 0 the model is better."""
    by_horizon: dict[str, Measured]
    by_age: dict[str, Measured]
    held: Held = field(repr=False)
    """The held-out rows at `horizon_days`."""


def later_time(spec: Model, model: FittedModel, rows: Rows) -> Held | None:
    """A registered model on what came after its training; None when too little did."""
    split = split_at(rows, moment(datetime.fromisoformat(model.trained_through)))
    if not _enough(rows.keep(split.later)) or not len(rows.keep(split.earlier)):
        return None
    return _held(spec, model, rows.keep(split.earlier), weekly(rows.keep(split.later)))


def refitted(spec: Model, rows: Rows, features: list[str], word: str, end: datetime) -> tuple[Held, FittedModel]:
    """The same recipe, fitted before a cut in time and held against what came after.

    Raises
    ------
    ModelError
        When there are too few outcomes to hold any out.
    """
    split = split_in_time(rows, spec.main_horizon, moment(end))
    earlier, later = rows.keep(split.earlier), weekly(rows.keep(split.later))
    if not _enough(earlier) or min(later.outcomes()) < 1:
        raise ModelError(
            f"{spec.name}: too few outcomes to hold any out; at least {LEAST_ENTITIES} with and without are needed before the cut"
        )
    model = fit(spec, earlier, features, word, split.moment, "held-out")
    return _held(spec, model, earlier, later), model


def weekly(rows: Rows) -> Rows:
    """The weekly rows alone: a pipeline is scored by the calendar, not when something happens."""
    monday = np.datetime64("2001-01-01", "us")
    return rows.keep((rows.as_of - monday) % np.timedelta64(7, "D") == np.timedelta64(0, "us"))


def measure(spec: Model, model: FittedModel, held: Held, method: str, until: str, resamples: int = RESAMPLES) -> Evaluation:
    """All metrics of held-out rows: overall, by horizon and by snapshot age."""
    horizon = main_horizon(spec, held.rows)
    main = held.at(held.rows.horizon == horizon)
    had, had_not = main.rows.outcomes()
    ages = age_bands(main.rows)
    by_age = {band: main.at(which) for band, which in ages.items()}
    by_horizon = {str(int(h)): held.at(held.rows.horizon == h) for h in np.unique(held.rows.horizon)}
    return Evaluation(
        model=spec.name,
        rung=model.rung.name,
        method=method,
        cut=model.trained_through,
        until=until,
        horizon_days=int(horizon),
        rows=len(main.rows),
        entities=had + had_not,
        with_outcome=had,
        overall=_measured(main, resamples),
        gain=_gains(main, resamples),
        by_horizon={name: _measured(part, resamples) for name, part in by_horizon.items()},
        by_age={name: _measured(part, resamples) for name, part in by_age.items() if len(part.rows)},
        held=main,
    )


def summary_of(evaluation: Evaluation) -> dict[str, Any]:
    """What a model takes along of its evaluation: metrics with intervals and the reliability curve, as plain values."""
    held = evaluation.held
    curve = reliability(held.rows.won, held.probabilities["model"], np.ones(len(held.rows)))
    return {
        "cut": evaluation.cut,
        "until": evaluation.until,
        "horizon_days": evaluation.horizon_days,
        "rows": evaluation.rows,
        "entities": evaluation.entities,
        "with_outcome": evaluation.with_outcome,
        "metrics": {name: [number_or_none(v) for v in (i.value, i.low, i.high)] for name, i in evaluation.overall["model"].items()},
        "curve": {column: curve[column].tolist() for column in ("predicted", "observed", "low", "high", "weight")},
    }


def number_or_none(value: float) -> float | None:
    """A number, or None where there is none: JSON knows no NaN."""
    return float(value) if np.isfinite(value) else None


def main_horizon(spec: Model, rows: Rows) -> float:
    """The longest horizon up to the spec's main one with enough outcomes, or else the one with most."""
    horizons = [h for h in np.unique(rows.horizon) if h <= spec.main_horizon] or [rows.horizon.min()]
    outcomes = {h: min(rows.keep(rows.horizon == h).outcomes()) for h in horizons}
    enough = [h for h in horizons if outcomes[h] >= LEAST_ENTITIES]
    return float(max(enough) if enough else max(horizons, key=lambda h: outcomes[h]))


def age_bands(rows: Rows) -> dict[str, npt.NDArray[np.bool_]]:
    """Rows by the days since the deal was created or the account started."""
    since = rows.snapshots["since"].to_numpy(dtype="datetime64[us]")[rows.place]
    age = (rows.as_of - since) / np.timedelta64(1, "D")
    bands = {}
    for low, high in zip(AGES[:-1], AGES[1:], strict=True):
        bands[f"{low}+" if high == AGES[-1] else f"{low}-{high}"] = (age >= low) & (age < high)
    return bands


def _enough(rows: Rows) -> bool:
    return len(rows) > 0 and min(rows.outcomes()) >= LEAST_ENTITIES


def _held(spec: Model, model: FittedModel, earlier: Rows, later: Rows) -> Held:
    served = later.keep(np.isin(later.horizon, model.horizons))
    probabilities = {"model": model.probability(served.table())}
    return Held(served, probabilities | baseline_probabilities(earlier, served, model.schema, spec.stage))


def _measured(held: Held, resamples: int) -> Measured:
    weight = np.ones(len(held.rows))
    reference = held.probabilities["base_rate"]
    return {
        name: intervals(held.rows.won, p, weight, held.rows.entities, metrics=list(METRICS), resamples=resamples, reference=reference)
        for name, p in held.probabilities.items()
    }


def _gains(held: Held, resamples: int) -> dict[str, Interval]:
    p, weight = held.probabilities["model"], np.ones(len(held.rows))
    return {
        name: paired_difference(held.rows.won, other, p, weight, held.rows.entities, metrics=["log_loss"], resamples=resamples)["log_loss"]
        for name, other in held.probabilities.items()
        if name != "model"
    }
