"""The content of a head-to-head page: names, money and reasons of the deals that move, and the method."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

import numpy as np
import pandas as pd

from dealml.evaluation.baselines.baselines import DISPLAY_NAMES, scores_of
from dealml.evaluation.head_to_head.compare import Contender, ContenderResult, HeadToHead, log_loss_saved
from dealml.evaluation.head_to_head.rank_changes import RankChanges, latest_rank_changes
from dealml.evaluation.holdout.predictions import HoldoutPredictions
from dealml.evaluation.metrics.bootstrap import Interval
from dealml.evaluation.metrics.calibration import reliability
from dealml.evaluation.metrics.capacity import Capacity, credits, worked
from dealml.evaluation.metrics.metrics import log_loss
from dealml.evaluation.report.amounts import Amounts
from dealml.evaluation.report.evaluate import METHODS
from dealml.jobs.modelling.holdout import Holdout
from dealml.jobs.modelling.lead_worth import LeadCustomers, Worth
from dealml.learning.outcomes.outcome import outcome_word
from dealml.learning.scorecard import Points, Scorecard
from dealml.ledger.entities import ENTITIES
from dealml.page.head_to_head.content import Because, Entrant, Estimate, HeadToHeadPage, Mover, PointsBand, Standing
from dealml.page.review.content import ReliabilityCurve
from dealml.page.review.rows import money_of, text_of
from dealml.page.shared import filters
from dealml.page.shared.outcome_words import words_of
from dealml.project import Project
from dealml.reasons.top_reasons import reasons_of
from dealml.reasons.value_text import shown_values
from dealml.reasons.wording import Wording, wording_of

MOST_MOVERS = 6
MOST_REASONS = 4
BANDS = 5
POINTS = ("heuristic", "recorded_points")
"""Rivals that rank by points."""


@dataclass(frozen=True)
class Contest:
    """What was measured of both sides, and by which measure."""

    result: HeadToHead
    capacity: Capacity
    worth: Worth
    customers: LeadCustomers | None
    """Of leads with deals on record; None else."""


@dataclass(frozen=True)
class RankChangeTable:
    """The rows of the last week's list with all that a page says of them."""

    frame: pd.DataFrame
    moves: RankChanges
    happened: Sequence[bool]
    model_scores: Sequence[str]
    rival_scores: Sequence[str]
    model_reasons: Sequence[tuple[Because, ...]]
    rival_reasons: Sequence[tuple[Because, ...]]
    became: Sequence[tuple[bool, Decimal | None]] | None
    """Of leads whether each is a customer by the end of the data, and the money of its deal."""


def contest_page(
    project: Project,
    holdout: Holdout,
    predictions: HoldoutPredictions,
    sides: tuple[Contender, Contender],
    contest: Contest,
) -> HeadToHeadPage:
    """The content of the page."""
    model, rival = sides
    result, capacity, amounts, customers = contest.result, contest.capacity, contest.worth.money, contest.customers
    currency, spec, moments = (
        project.settings.company.currency,
        holdout.view.spec,
        pd.DatetimeIndex(predictions.rows.as_of).tz_localize("UTC").tz_convert(predictions.rows.zone),
    )
    moves = latest_rank_changes(predictions, model.scores, rival.scores, capacity)
    table = _table(holdout, predictions, model, rival, moves, contest.worth)
    entity = ENTITIES[spec.entity]
    return HeadToHeadPage(
        company=project.settings.company.name,
        model=spec.name,
        model_version=str(holdout.version),
        rung=holdout.predictions.rung or holdout.model.rung.name,
        method=METHODS[holdout.method],
        horizon_days=int(predictions.rows.horizon[0]),
        first=moments.min().to_pydatetime(),
        last=moments.max().to_pydatetime(),
        weeks=result.weeks,
        open_a_week=result.open_a_week,
        worked_a_week=result.worked_a_week,
        wins_all=result.deals_won,
        money_all=None if amounts is None else Decimal(result.money_won),
        currency=currency,
        us=_entrant("dealml", result.model, amounts, customers.model if customers else None),
        them=_entrant(DISPLAY_NAMES[rival.name], result.baseline, amounts, customers.baseline if customers else None),
        wins_ahead=_estimate(result.wins),
        money_ahead=None if amounts is None else _estimate(result.money),
        customers_all=customers.count if customers else 0,
        customers_ahead=_estimate(customers.ahead) if customers else None,
        log_loss_saved=_estimate(result.log_loss),
        list_at=moves.at,
        list_size=len(moves.rows),
        list_worked=float(capacity.room(np.array([float(len(moves.rows))]))[0]),
        onto=tuple(_mover(holdout, table, index, currency) for index in moves.onto[:MOST_MOVERS]),
        off=tuple(_mover(holdout, table, index, currency) for index in moves.off[:MOST_MOVERS]),
        onto_all=len(moves.onto),
        off_all=len(moves.off),
        differing=result.differing,
        bands=_bands(predictions, rival) if rival.name in POINTS else (),
        standings=tuple(_standings(holdout, predictions, capacity)),
        ledger_digest=project.ledger.digest,
        notes=tuple(_notes(holdout, predictions, rival, amounts)),
        is_scorecard=rival.name == "heuristic",
        subject_word=entity.word,
        outcome_word=outcome_word(spec.entity, holdout.view.outcome.outcome_name),
    )


def _entrant(name: str, result: ContenderResult, amounts: Amounts | None, customers: Interval | None) -> Entrant:
    columns = ("predicted", "observed", "low", "high", "weight")
    return Entrant(
        name=name,
        wins=_estimate(result.wins),
        money=None if amounts is None else _estimate(result.money),
        customers=_estimate(customers) if customers else None,
        places=_estimate(result.places),
        own_places=None if np.isnan(result.exclusive_win_rate) else result.exclusive_win_rate,
        log_loss=_estimate(result.log_loss),
        calibration_error=_estimate(result.calibration_error),
        gains=tuple(result.gains.tolist()),
        curve=ReliabilityCurve(*(tuple(result.curve[column].tolist()) for column in columns)),
    )


def _estimate(interval: Interval) -> Estimate:
    bounds = (None if np.isnan(bound) else bound for bound in (interval.low, interval.high))
    return Estimate(interval.value, *bounds)


def _table(
    holdout: Holdout, predictions: HoldoutPredictions, model: Contender, rival: Contender, moves: RankChanges, worth: Worth
) -> RankChangeTable:
    which = np.zeros(len(predictions), dtype=np.bool_)
    which[moves.rows] = True
    frame, wording = predictions.rows.keep(which).table(), wording_of(holdout.view.plan.features)
    by_points = rival.name in POINTS
    return RankChangeTable(
        frame=frame,
        moves=moves,
        happened=(predictions.rows.label[moves.rows] == 1).tolist(),
        model_scores=[filters.percent(p) for p in model.p[moves.rows]],
        rival_scores=[f"{score:g} points" if by_points else filters.percent(score) for score in rival.scores[moves.rows]],
        model_reasons=_reasons(holdout, frame, wording, moves),
        rival_reasons=_rules(holdout.scorecard, frame, wording, moves)
        if rival.name == "heuristic" and holdout.scorecard
        else [()] * len(frame),
        became=_became(worth, moves),
    )


def _became(worth: Worth, moves: RankChanges) -> list[tuple[bool, Decimal | None]] | None:
    if worth.customers is None:
        return None
    money = np.full(len(worth.customers.values), np.nan) if worth.money is None else worth.money.values
    pairs = zip(worth.customers.values[moves.rows], money[moves.rows], strict=True)
    return [(customer > 0, None if np.isnan(amount) else Decimal(float(amount)).quantize(Decimal("0.01"))) for customer, amount in pairs]


def _reasons(holdout: Holdout, frame: pd.DataFrame, wording: Wording, moves: RankChanges) -> list[tuple[Because, ...]]:
    """The model's strongest reasons for each row; those that explain the direction of its move come first."""
    explained = reasons_of(holdout.model, frame, holdout.model.explain(frame), wording)
    reasons_by_row = []
    for index, reasons in enumerate(explained):
        way: int = 1 if moves.model_rank[index] <= moves.baseline_rank[index] else -1
        ordered = sorted(reasons, key=lambda reason: way * np.sign(cast(float, reason["points"])) < 0)
        reasons_by_row.append(tuple(Because(filters.points(cast(float, r["points"])), str(r["sentence"])) for r in ordered[:MOST_REASONS]))
    return reasons_by_row


def _rules(scorecard: Scorecard, frame: pd.DataFrame, wording: Wording, moves: RankChanges) -> list[tuple[Because, ...]]:
    """The scorecard's rules that gave each row points; where the scorecard ranks it lower than the model, the missed points come first."""
    rules = sorted(scorecard.applied(frame), key=lambda rule: -abs(rule.points))
    holds = {rule: rule.holds(frame) for rule in rules}
    values = {rule.feature: shown_values(frame[rule.feature]) for rule in rules}
    reasons_by_row = []
    for row in range(len(frame)):
        holding = [rule for rule in rules if holds[rule][row]]
        missed = {rule.feature: rule for rule in reversed(rules) if rule.points > 0 and rule.feature not in {r.feature for r in holding}}
        fell = moves.baseline_rank[row] > moves.model_rank[row]
        lost = sorted(missed.values(), key=lambda rule: -rule.points) if fell else []
        reasons_by_row.append(
            tuple(Because(f"0 of {r.points:g}", wording.sentence(r.feature, values[r.feature][row])) for r in lost)
            + tuple(Because(_signed(r), wording.sentence(r.feature, values[r.feature][row])) for r in holding)
        )
    return reasons_by_row


def _signed(rule: Points) -> str:
    return f"{rule.points:+g}".replace("-", filters.MINUS)


def _mover(holdout: Holdout, table: RankChangeTable, index: int, currency: str) -> Mover:
    shown, facts = holdout.view.spec.shown, {str(name): value for name, value in table.frame.iloc[index].items()}
    amount, unit = money_of(facts, shown, currency)
    is_customer = None
    if table.became:
        is_customer, amount = table.became[index]
    return Mover(
        name=text_of(facts, shown.name) or str(facts[holdout.view.spec.entity]),
        account=text_of(facts, shown.account),
        owner=text_of(facts, shown.owner),
        stage=", ".join(filter(None, (text_of(facts, shown.stage), text_of(facts, shown.touch)))),
        amount=amount,
        currency=unit,
        model_rank=int(table.moves.model_rank[index]),
        rival_rank=int(table.moves.baseline_rank[index]),
        model_score=table.model_scores[index],
        rival_score=table.rival_scores[index],
        happened=table.happened[index],
        model_reasons=table.model_reasons[index],
        rival_reasons=table.rival_reasons[index],
        is_customer=is_customer,
    )


def _bands(predictions: HoldoutPredictions, rival: Contender) -> tuple[PointsBand, ...]:
    """The observed outcome rate in bands of points."""
    has_points = np.isfinite(rival.scores)
    points = rival.scores[has_points]
    low, span = points.min(), max(float(np.ptp(points)), 1.0)
    # Points on a scale from 0 to 1, for they are grouped as probabilities are.
    groups = reliability(
        predictions.rows.label[has_points], (points - low) / span, predictions.weight[has_points], BANDS, predictions.clusters[has_points]
    )
    total = groups["weight"].sum()
    return tuple(
        PointsBand(low + row["predicted"] * span, Estimate(row["observed"], row["low"], row["high"]), row["weight"] / total)
        for row in groups.to_dict("records")
    )


def _standings(holdout: Holdout, predictions: HoldoutPredictions, capacity: Capacity) -> Iterator[Standing]:
    """Every baseline's result in the same weeks."""
    credit, model = credits(predictions.rows.label, predictions.rows.codes), predictions.probabilities["model"]
    for name, p in predictions.probabilities.items():
        if name == "model":
            continue
        caught = credit * worked(scores_of(name, predictions.rows, p, holdout.scorecard), predictions.lists, capacity)
        yield Standing(
            DISPLAY_NAMES[name],
            float(caught.sum() / credit.sum()),
            log_loss(predictions.rows.label, p, predictions.weight),
            _estimate(log_loss_saved(predictions, model, p)),
        )


def _notes(holdout: Holdout, predictions: HoldoutPredictions, rival: Contender, amounts: Amounts | None) -> Iterator[str]:
    """Sentences on how the comparison was measured."""
    days, subject = int(predictions.rows.horizon[0]), ENTITIES[holdout.view.spec.entity].word
    happened = words_of(subject, outcome_word(holdout.view.spec.entity, holdout.view.outcome.outcome_name)).outcome.happened
    yield f"Each Monday, both sides rank the same {subject}s by what was on record then; what became of them within {days} days is known."
    if subject == "deal":
        yield "Deals that the model learned from take no part, so the lists are shorter than the whole pipeline was."
        yield f"A won deal counts once, shared evenly by the Mondays up to {days} days before it was won."
    yield f"Ties are worked in random order: one of the {subject}s at the edge of a list counts by its expected part."
    yield "Intervals draw whole accounts anew and hold the lists fixed; a difference is drawn on the same accounts for both sides."
    if subject == "lead":
        yield "A customer is a lead whose deal is won by the end of the data; the money is that of these deals."
    elif amounts is not None and amounts.unknown:
        yield f"{amounts.unknown:,} of {len(predictions):,} rows have no amount in the project's currency and add nothing to the money."
    if rival.name in POINTS:
        yield (
            "Lists are ranked by the points themselves. Points are no probabilities: for log loss and calibration they were read as the "
            f"share of {subject}s with about as many points before the cut that {happened}, which is kinder to them than any fixed reading."
        )
    if rival.name in ("rep_probability", "crm_probability"):
        yield f"It is a probability of winning at all, held as it is against {days} days; where none was on record, the base rate stands."
    if rival.name == "heuristic" and holdout.scorecard and (idle := holdout.scorecard.idle(predictions.rows.snapshots)):
        names = ", ".join(dict.fromkeys(rule.feature for rule in idle))
        yield f"Rules that score nothing, for the ledger lacks their feature: {names}."
