"""The content of a version's model card."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from dealml.evaluation.decisions.fit_or_fall_back import ValidatedFit
from dealml.evaluation.metrics.bootstrap import Interval
from dealml.evaluation.metrics.metrics import METRICS
from dealml.evaluation.report.evaluate import METHODS, Evaluation
from dealml.evaluation.report.segments import FOUR_FIFTHS, LEAST_OUTCOMES, Segment, Segments, segments_of
from dealml.leaks.findings import Inspection
from dealml.learning.fitted import FittedModel
from dealml.learning.recipe.family_trial import FamilyTrial
from dealml.learning.training_rows import TrainingRows
from dealml.learning.view import View
from dealml.ledger.batches import manifests
from dealml.ledger.entities import ENTITIES
from dealml.ledger.ledger import Ledger
from dealml.page.model_card import Card, CardSection


def card_of(
    view: View, earned: ValidatedFit, leaks: Inspection, excluded: Mapping[str, int], data_quality: CardSection, truncated: str = ""
) -> Card:
    """Write the card of a version that was just trained.

    Parameters
    ----------
    excluded
        How much was left out, by reason.
    data_quality
        What imports refused and noted.
    truncated
        The sentence on rows from before outcomes are on record, if there were any.
    """
    fitted, evaluation = earned.fitted, earned.evaluation
    sections = [
        _use(fitted, view.outcome.condition),
        _data(fitted, excluded, truncated),
        data_quality,
        _rungs(fitted),
        *(_quality(evaluation, view.spec.shown.segment) if evaluation else ()),
        _features(view, fitted),
        _leaks(fitted, leaks),
        _limits(fitted),
    ]
    return Card(f"Model card: {fitted.name}{_through(fitted)}", earned.verdict.message, tuple(sections))


def excluded_from(ledger: Ledger, rows: TrainingRows, taught: int, open_now: int, conditional: bool = False) -> dict[str, int]:
    """The number of rows left out between the extracts and the training rows, by reason.

    Parameters
    ----------
    conditional
        Whether the outcome is predicted on a condition, which also takes rows out.
    """
    counts = [count for _, manifest in manifests(ledger.folder) for count in manifest.counts]
    of_extracts = {what: sum(int(str(count[what])) for count in counts) for what in ("quarantined", "duplicates", "not_selected")}
    pairs = len(rows.snapshots) * len(np.unique(rows.horizon))
    truncated = {} if rows.truncation is None else {"snapshot and horizon: before the first outcome on record": rows.truncation.rows}
    broken = ", or the condition broken within it" if conditional else ""
    return {
        "rows of extracts: quarantined": of_extracts["quarantined"],
        "rows of extracts: duplicates": of_extracts["duplicates"],
        "rows of extracts: not selected by the mapping": of_extracts["not_selected"],
        "entities still open or active at the end": open_now,
        f"snapshot and horizon: not over before the end of the data{broken}": pairs - len(rows) - sum(truncated.values()),
        **truncated,
        "snapshot and horizon: thinned out evenly": len(rows) - taught,
    }


def _through(fitted: FittedModel) -> str:
    return "" if fitted.cross_section else f", trained through {fitted.trained_through[:10]}"


def _use(fitted: FittedModel, condition: str) -> CardSection:
    subject = ENTITIES[fitted.entity].in_play
    days = ", ".join(str(days) for days in fitted.horizons)
    when = "at all, as the source has no dates" if fitted.cross_section else f"within {days} days of a snapshot"
    return CardSection(
        "Intended use",
        (
            f"The probability that {subject} is {fitted.outcome_name} {when}{condition and f', {condition}'}: "
            "to rank what to work on, to add up a forecast, and to explain both.",
            "Not for judging people: it does not rate those who own the deals, and it tells what goes together, not what causes what.",
        ),
    )


def _data(fitted: FittedModel, excluded: Mapping[str, int], truncated: str) -> CardSection:
    counts = fitted.counts
    learned_from = f"; snapshots from {fitted.first_snapshot[:10]} on, all recorded before {fitted.trained_through[:10]}"
    dates = "; the source has no dates" if fitted.cross_section else learned_from
    learned = (
        f"{counts['rows_taught']:,} rows (snapshot and horizon) of {counts['entities']:,} entities, {counts['with_outcome']:,} of them "
        f"{fitted.outcome_name}{dates}."
    )
    rows = tuple((reason, f"{count:,}") for reason, count in excluded.items())
    sentences = (learned, *([f"{truncated}."] if truncated else []), f"Ledger {fitted.ledger_digest}.")
    return CardSection("Data", sentences, ("left out", "how many"), rows)


def _rungs(fitted: FittedModel) -> CardSection:
    share = fitted.rung.content().get("share")
    kind = {
        "base_rate": "The base rate: the same probability for everybody at one horizon.",
        "shrunken_rates": "Shrunken rates: the base rate, moved by the record of stage and segment.",
        "logistic": "Penalised logistic regression.",
        "lightgbm": f"LightGBM blended with logistic regression; the trees weigh {share:.0%}." if share is not None else "LightGBM.",
    }[fitted.rung.name]
    calibrator = fitted.calibrator
    sentence = f"Calibration: slope {calibrator.slope:.3f}, shift {calibrator.shift:.3f} on the log-odds."
    rows = tuple((t["rung"], f"{t['log_loss']:.4f}", f"{t['behind']:.4f} ± {t['error']:.4f}") for t in fitted.tried)
    return CardSection(f"Model: {fitted.rung.name}", (kind, sentence), ("rung tried", "log loss", "behind the best"), rows)


def _quality(evaluation: Evaluation, segment: str) -> Iterator[CardSection]:
    when = f" from {evaluation.cut[:10]} to {evaluation.until[:10]}" if evaluation.cut else ""
    ahead = f", within {evaluation.horizon_days} days" if evaluation.cut else ""
    sentence = (
        f"Held out{when}: {METHODS[evaluation.method]}; {evaluation.rows:,} rows of {evaluation.entities:,} entities, "
        f"{evaluation.with_outcome:,} with the outcome{ahead}. 95% intervals, whole accounts resampled."
    )
    rows = tuple((who.replace("_", " "), *(_shown(measured[name]) for name in METRICS)) for who, measured in evaluation.overall.items())
    yield CardSection("Quality and calibration", (sentence,), ("", *(name.replace("_", " ") for name in METRICS)), rows)
    yield _segments(segments_of(evaluation.predictions, segment), segment)


def _segments(segments: Segments, feature: str) -> CardSection:
    if len(segments.parts) < 2:
        return CardSection("Segments", ("The held-out rows do not name different segments.",))
    sentences = [f"Segments with fewer than {LEAST_OUTCOMES} outcomes are withheld."]
    if segments.calibration_gap is not None and segments.picked_ratio is not None:
        rule = "holds" if segments.picked_ratio >= FOUR_FIFTHS else "does not hold"
        sentences.append(f"Calibration gap between segments: {segments.calibration_gap:.3f}.")
        sentences.append(f"Rule of four fifths: the least picked segment is picked {segments.picked_ratio:.2f} times as often; it {rule}.")
    rows = tuple((part.name, f"{part.entities:,}", *_cells(part)) for part in segments.parts)
    return CardSection(
        f"Segments by {feature}", tuple(sentences), ("", "entities", "forecast", "observed", "gap", "in the top fifth"), rows
    )


def _cells(part: Segment) -> tuple[str, ...]:
    values = (part.forecast, part.observed, part.gap, part.picked)
    return tuple("withheld" if part.withheld else f"{value:.3f}" for value in values)


def _features(view: View, fitted: FittedModel) -> CardSection:
    used, about = set(fitted.schema.names[:-1]), {feature.name: feature for feature in view.plan.features}
    rows = tuple((name, about[name].meaning) for name in sorted(used) if name in about)
    sentences = [f"{len(used)} features."]
    if fitted.family_trial:
        sentences.append(f"{FamilyTrial(**fitted.family_trial).sentence.capitalize()}.")
    sentences += [f"Family {name}: the {len(values)} most frequent values as of the training." for name, values in fitted.families.items()]
    if fitted.schema.dropped:
        sentences.append(f"Without two different values in training, so not used: {', '.join(sorted(fitted.schema.dropped))}.")
    if view.plan.absent:
        sentences.append(f"Absent, as the ledger lacks their facts: {', '.join(sorted(view.plan.absent))}.")
    return CardSection("Features", tuple(sentences), ("feature", "meaning"), rows, words=("meaning",))


def _leaks(fitted: FittedModel, leaks: Inspection) -> CardSection:
    sentences = [f"Allowed though it looks like a leak: {name}, because: {reason}." for name, reason in fitted.allowed_leaks.items()]
    sentences += [f"{clock.feature}: {clock.reason}." for clock in leaks.clocks]
    rows = tuple((canary.meaning, canary.strength, canary.detected_by or "not found") for canary in leaks.canaries)
    sentences.append("Leaks planted in this run, and which search found them.")
    return CardSection("Leak gate", tuple(sentences), ("planted", "strength", "found by"), rows, words=("strength", "found by"))


def _limits(fitted: FittedModel) -> CardSection:
    sentences = [
        "It knows what the ledger records: what nobody entered, it cannot weigh.",
        "It holds for as long as deals go on as they did; the evaluation tells how it did on time that it had not seen.",
    ]
    if fitted.cross_section:
        sentences.insert(
            0, "The source has no dates: it was cross-validated, not tested on later time, and cannot become champion of dated data."
        )
    if fitted.rung.name == "base_rate":
        sentences.insert(0, "It tells no deal from another: every score is the base rate.")
    if fitted.fallback_reason and fitted.held_out:
        sentences.insert(0, f"A rate is served in place of what was learned, which {fitted.fallback_reason}.")
    return CardSection("Limits", tuple(sentences))


def _shown(interval: Interval) -> str:
    return f"{interval.value:.3f} ({interval.low:.3f} to {interval.high:.3f})"
