"""How an evaluation is shown: tables for people, one object for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealml.cli.output import say, say_table

if TYPE_CHECKING:
    from dealml.evaluation.bootstrap import Interval
    from dealml.evaluation.evaluate import Evaluation, Measured

_METRICS = {
    "log_loss": "log loss",
    "brier": "Brier",
    "brier_skill": "Brier skill",
    "auc": "AUC",
    "average_precision": "average precision",
    "calibration_error": "calibration error",
}


def say_overall(evaluation: Evaluation) -> None:
    """The headline, the table of metrics, and the verdict against each baseline."""
    how = "the registered model" if evaluation.method == "later time" else "the same recipe, trained before the cut"
    say(
        f"Held-out time {evaluation.cut[:10]} to {evaluation.until[:10]}: {how}; {evaluation.rows:,} weekly snapshots of "
        f"{evaluation.entities:,} entities, {evaluation.with_outcome:,} with the outcome, within {evaluation.horizon_days} days"
    )
    rows = [[_named(evaluation, who), *(_shown(measured[metric]) for metric in _METRICS)] for who, measured in evaluation.overall.items()]
    say_table(("", *_METRICS.values()), rows)
    for name, gain in evaluation.gain.items():
        verdict = "beats" if gain.low > 0 else "does not beat" if gain.high > 0 else "loses to"
        say(f"{verdict} {_title(name)}: log loss lower by {_shown(gain)}")


def say_parts(title: str, parts: dict[str, Measured]) -> None:
    """The model beside its baselines, part by part."""
    rows = [
        [part, _title(who), *(f"{measured[metric].value:.3f}" for metric in _METRICS)]
        for part, all_of in parts.items()
        for who, measured in all_of.items()
    ]
    say_table((title, "", *_METRICS.values()), rows)


def measured_json(evaluation: Evaluation) -> dict[str, object]:
    """An evaluation as plain values."""
    return {
        "model": evaluation.model,
        "rung": evaluation.rung,
        "method": evaluation.method,
        "cut": evaluation.cut,
        "until": evaluation.until,
        "horizon_days": evaluation.horizon_days,
        "rows": evaluation.rows,
        "entities": evaluation.entities,
        "with_outcome": evaluation.with_outcome,
        "overall": _parts(evaluation.overall),
        "log_loss_gain": {name: _interval(gain) for name, gain in evaluation.gain.items()},
        "by_horizon": {name: _parts(part) for name, part in evaluation.by_horizon.items()},
        "by_age_days": {name: _parts(part) for name, part in evaluation.by_age.items()},
    }


def _parts(measured: Measured) -> dict[str, dict[str, dict[str, float]]]:
    return {who: {metric: _interval(interval) for metric, interval in metrics.items()} for who, metrics in measured.items()}


def _interval(interval: Interval) -> dict[str, float]:
    return {"value": interval.value, "low": interval.low, "high": interval.high}


def _shown(interval: Interval) -> str:
    return f"{interval.value:.3f} {interval.low:.3f}…{interval.high:.3f}"


def _title(who: str) -> str:
    return "dealml" if who == "model" else who.replace("_", " ")


def _named(evaluation: Evaluation, who: str) -> str:
    return f"dealml, {evaluation.rung}" if who == "model" else _title(who)
