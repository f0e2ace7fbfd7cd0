"""Compare a model with one baseline at the same capacity, and write the page of the comparison."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from dealml.errors import UsageError
from dealml.evaluation.baselines.baselines import BASELINES, DISPLAY_NAMES, scores_of
from dealml.evaluation.head_to_head.compare import Contender, HeadToHead, compare_at_capacity
from dealml.evaluation.holdout.predictions import HoldoutPredictions
from dealml.evaluation.metrics.capacity import Capacity
from dealml.evaluation.report.amounts import amounts_of
from dealml.evaluation.report.evaluate import main_horizon
from dealml.files import checked_page, write_page
from dealml.jobs.modelling.head_to_head_page import Contest, contest_page
from dealml.jobs.modelling.holdout import Holdout, holdout_of
from dealml.jobs.modelling.lead_worth import LeadCustomers, Worth, lead_worth
from dealml.jobs.progress import Progress, silent
from dealml.load_definitions import SCORECARD_FILES, load_model
from dealml.page.head_to_head.render import render_head_to_head
from dealml.page.head_to_head.verdict import HeadToHeadVerdict, verdict_of
from dealml.page.shared.outcome_words import words_of
from dealml.project import Project


@dataclass(frozen=True)
class HeadToHeadReport:
    """The comparison, and the file that was written."""

    contest: HeadToHead
    customers: LeadCustomers | None
    """Of leads with deals on record; None else."""
    baseline: str
    baseline_title: str
    """The title of the baseline in tables and pages."""
    version: int
    rung: str
    method: str
    horizon_days: int
    first: datetime
    last: datetime
    verdict: HeadToHeadVerdict
    notes: tuple[str, ...]
    bytes: int
    """Of the page; 0 where none was asked for."""


def compare_with_baseline(
    project: Project,
    name: str,
    baseline: str = "heuristic",
    out: Path | None = None,
    deals: int | None = None,
    as_of: datetime | None = None,
    version: int | None = None,
    progress: Progress = silent,
) -> HeadToHeadReport:
    """Compare a version (default: the champion), or its recipe, with a baseline on held-out later time.

    Parameters
    ----------
    baseline
        A name of `dealml.evaluation.baselines.baselines.BASELINES`.
    out
        The page to write, an .html file.
    deals
        How many deals a team can work each week; without it a fifth of those there are.
    as_of
        Use only what was recorded before this moment.

    Raises
    ------
    UsageError, InputError
        When there is no such baseline, the page cannot be written, or the model completes another.
    ModelError
        When no outcome was settled by then.
    """
    _check(baseline, deals)
    if out is not None:
        checked_page(out)
    _check_model(project, name)
    holdout = holdout_of(project, name, as_of, version, progress)
    progress("contest", 0, 1)
    horizon = main_horizon(holdout.view.spec, holdout.predictions.rows)
    predictions = holdout.predictions.at(holdout.predictions.rows.horizon == horizon)
    model, other, capacity = _model(predictions), _baseline(predictions, baseline, holdout), Capacity(deals)
    contest = _contest(predictions, (model, other), _worth(project, holdout, predictions), capacity)
    page = contest_page(project, holdout, predictions, (model, other), contest)
    written = write_page(out, render_head_to_head(page)) if out is not None else 0
    progress("contest", 1, 1)
    return HeadToHeadReport(
        contest=contest.result,
        customers=contest.customers,
        baseline=baseline,
        baseline_title=DISPLAY_NAMES[baseline],
        version=holdout.version,
        rung=page.rung,
        method=holdout.method,
        horizon_days=int(horizon),
        first=page.first,
        last=page.last,
        verdict=verdict_of(page, words_of(page.subject_word, page.outcome_word)),
        notes=page.notes,
        bytes=written,
    )


def _contest(predictions: HoldoutPredictions, sides: tuple[Contender, Contender], worth: Worth, capacity: Capacity) -> Contest:
    result = compare_at_capacity(predictions, *sides, worth.money, capacity)
    became = compare_at_capacity(predictions, *sides, worth.customers, capacity) if worth.customers else None
    return Contest(result, capacity, worth, LeadCustomers.of(became) if became else None)


def _worth(project: Project, holdout: Holdout, predictions: HoldoutPredictions) -> Worth:
    rows, spec = predictions.rows, holdout.view.spec
    worth = lead_worth(project, holdout.view, rows) if spec.entity == "lead_id" else None
    return worth or Worth(amounts_of(rows, spec.shown, project.settings.company.currency))


def _check_model(project: Project, name: str) -> None:
    load_model(project.folder, name).require_own_page()
    if project.ledger.is_cross_section:
        raise UsageError(f"{name}: this ledger's source has no dates, so no lists of weeks to compare; see: dealml evaluate {name}")


def _check(baseline: str, deals: int | None) -> None:
    if baseline not in BASELINES:
        raise UsageError(f"--baseline: no baseline {baseline!r}; there is {', '.join(BASELINES)}")
    if deals is not None and deals < 1:
        raise UsageError(f"--capacity: {deals} is no number of deals that a team can work; give 1 or more")


def _model(predictions: HoldoutPredictions) -> Contender:
    p = np.asarray(predictions.probabilities["model"])
    return Contender("model", p, p)


def _baseline(predictions: HoldoutPredictions, name: str, holdout: Holdout) -> Contender:
    if name not in predictions.probabilities:
        file = SCORECARD_FILES.get(holdout.view.spec.entity, name)
        lacking = f"models/{file}.py has no rule that applies" if name == "heuristic" else "the ledger lacks what it needs"
        there = ", ".join(other for other in predictions.probabilities if other != "model")
        raise UsageError(f"--baseline {name}: {lacking} (docs/metrics.md); there is {there}")
    p = predictions.probabilities[name]
    return Contender(name, scores_of(name, predictions.rows, p, holdout.scorecard), p)
