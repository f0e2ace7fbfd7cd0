"""How an evaluation is shown: tables for people, one object for machines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dealml.cli.output import say, say_table
from dealml.errors import GateRefused

if TYPE_CHECKING:
    from dealml.evaluation.metrics.bootstrap import Interval
    from dealml.evaluation.report.evaluate import Evaluation
    from dealml.evaluation.report.slice_metrics import Measured, SliceMetrics

_METRICS = {
    "log_loss": "log loss",
    "brier": "Brier",
    "brier_skill": "Brier skill",
    "auc": "AUC",
    "average_precision": "average precision",
    "calibration_error": "calibration error",
}
_KINDS = {"horizon": "days ahead", "age": "age in days", "life": "share of life"}
"""Kinds of slices that are not called what they are."""
NONE = "–"


def say_overall(evaluation: Evaluation) -> None:
    """Print the headline, the tables of metrics, and the verdict against each baseline."""
    say(headline(evaluation))
    rows = [[_named(evaluation, who), *(_shown(measured[metric]) for metric in _METRICS)] for who, measured in evaluation.overall.items()]
    say_table(("", *_METRICS.values()), rows)
    _say_tops(evaluation)
    for name, gain in evaluation.gain.items():
        verdict = "beats" if gain.low > 0 else "loses to" if gain.high < 0 else "does not beat"
        say(f"{verdict} {_title(name)}: log loss lower by {_shown(gain)}")


def headline(evaluation: Evaluation) -> str:
    """One sentence: the method, the held-out time, and the number of rows and outcomes."""
    from dealml.evaluation.report.evaluate import METHODS

    method = METHODS[evaluation.method]
    when = f"Held-out time {evaluation.cut[:10]} to {evaluation.until[:10]}: {method}" if evaluation.cut else method.capitalize()
    snapshots = "weekly snapshots of " if evaluation.cut else "rows of "
    ahead = f", within {evaluation.horizon_days} days" if evaluation.cut else ""
    return (
        f"{when}; {evaluation.rows:,} {snapshots}{evaluation.entities:,} entities, "
        f"{evaluation.with_outcome:,} with the outcome ({evaluation.outcome}){ahead}"
    )


def say_slices(evaluation: Evaluation) -> None:
    """Print the model's metrics in every slice, with the best baseline of that slice."""
    for kind, parts in evaluation.slices.items():
        say()
        columns = (_KINDS.get(kind, kind), "rows", evaluation.outcome, "log loss", "below base rate by", "best rival")
        rows = [[name, f"{part.rows:,}", f"{part.with_outcome:,}", *_slice(part)] for name, part in parts.items()]
        say_table((*columns, "Brier skill", "AUC", "calibr. error", "lift 20%", "money 20%"), rows)
    for kind, why in evaluation.absent.items():
        say(f"not by {kind}: {why}")
    if any(part.withheld for parts in evaluation.slices.values() for part in parts.values()):
        from dealml.evaluation.report.slice_metrics import LEAST_OUTCOMES, LEAST_ROWS

        say(f"withheld: fewer than {LEAST_ROWS} rows, or than {LEAST_OUTCOMES} entities with or without the outcome")


def measured_json(evaluation: Evaluation) -> dict[str, Any]:
    """An evaluation as plain values."""
    from dealml.evaluation.report.evaluate import METHODS, curve_of

    return {
        "model": evaluation.model,
        "outcome": evaluation.outcome,
        "rung": evaluation.rung,
        "method": evaluation.method,
        "method_in_words": METHODS[evaluation.method],
        "cut": evaluation.cut,
        "until": evaluation.until,
        "horizon_days": evaluation.horizon_days,
        "currency": evaluation.currency,
        "rows": evaluation.rows,
        "entities": evaluation.entities,
        "with_outcome": evaluation.with_outcome,
        "overall": _measured(evaluation.overall),
        "log_loss_gain": {name: vars(gain) for name, gain in evaluation.gain.items()},
        "reliability": {who: curve_of(evaluation.predictions, who).to_dict("records") for who in evaluation.overall},
        "slices": {kind: {name: _part(part) for name, part in parts.items()} for kind, parts in evaluation.slices.items()},
        "absent_slices": evaluation.absent,
    }


def refuse_without_worth(evaluation: Evaluation) -> None:
    """Refuse a model that has not earned to be served.

    Raises
    ------
    GateRefused
        When the model does not beat a rate, or is calibrated worse than its gate allows; the command exits with 6.
    """
    from dealml.evaluation.decisions.verdict import verdict_on

    verdict = verdict_on(evaluation)
    if not verdict.beats:
        raise GateRefused(f"{evaluation.model}: {verdict.message}; {verdict.advice} (docs/verdicts.md)")


def _say_tops(evaluation: Evaluation) -> None:
    from dealml.evaluation.metrics.lift import PERCENTS

    has_money = "money_10" in evaluation.overall["model"]
    kinds = {"lift": "lift"} | ({"money": "money"} if has_money else {})
    names = {f"{kind}_{percent}": f"{title} top {percent}%" for kind, title in kinds.items() for percent in PERCENTS}
    rows = [[_named(evaluation, who), *(_shown(measured[name]) for name in names)] for who, measured in evaluation.overall.items()]
    say_table(("", *names.values()), rows)


def _slice(part: SliceMetrics) -> list[str]:
    if part.withheld:
        return ["withheld", *[NONE] * 7]
    measured = part.measured["model"]
    rival = min((who for who in part.measured if who != "model"), key=lambda who: part.measured[who]["log_loss"].value)
    others = [measured.get(name) for name in ("brier_skill", "auc", "calibration_error", "lift_20", "money_20")]
    return [
        _shown(measured["log_loss"]),
        _shown(part.gain["base_rate"]),
        f"{part.measured[rival]['log_loss'].value:.3f} {_title(rival)}",
        *(NONE if interval is None else f"{interval.value:.3f}" for interval in others),
    ]


def _part(part: SliceMetrics) -> dict[str, Any]:
    counts = {"rows": part.rows, "entities": part.entities, "with_outcome": part.with_outcome, "withheld": part.withheld}
    gain = {name: vars(gain) for name, gain in part.gain.items()}
    return counts | ({} if part.withheld else {"measured": _measured(part.measured), "log_loss_gain": gain})


def _measured(measured: Measured) -> dict[str, dict[str, dict[str, float]]]:
    return {who: {metric: vars(interval) for metric, interval in metrics.items()} for who, metrics in measured.items()}


def _shown(interval: Interval) -> str:
    bounds = NONE if interval.low != interval.low else f"{interval.low:.3f}…{interval.high:.3f}"
    return f"{interval.value:.3f} {bounds}"


def _title(who: str) -> str:
    return "dealml" if who == "model" else who.replace("_", " ")


def _named(evaluation: Evaluation, who: str) -> str:
    return f"dealml, {evaluation.rung}" if who == "model" else _title(who)
