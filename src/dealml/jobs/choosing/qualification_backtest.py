"""The backtest of qualification: advice on past deals when a decision was due, against how they ended; and thresholds from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import numpy as np
import pandas as pd

from dealml.errors import ModelError, UsageError
from dealml.jobs.choosing.open_population import probabilities, specification, with_scenarios
from dealml.jobs.modelling.holdout import Holdout, holdout_of
from dealml.jobs.progress import Progress, silent, within
from dealml.learning.view import View
from dealml.load_definitions import load_qualification, load_scenarios
from dealml.project import Project
from dealml.qualification.advice import advised
from dealml.qualification.class_outcomes import ClassOutcome, PastDecisions, accounts_of, class_outcomes
from dealml.qualification.definition import Qualification
from dealml.qualification.proposal import proposed
from dealml.qualification.tested import TestedTable
from dealml.qualification.thresholds import KindThresholds, Thresholds, load_thresholds, write_thresholds
from dealml.scenarios.definition import WinScenarios
from dealml.scenarios.mined import mined_scenarios
from dealml.scoring.score import ServedModel

DAYS = 30
"""When a decision on a deal is due, in days after it was opened."""
FEWEST = 40
"""Held-out deals below which nothing is shown."""


@dataclass(frozen=True)
class QualificationBacktest:
    """How the deals of each class ended."""

    since: datetime
    """The model and the scenarios learned from what was on record before this; decisions were due later."""
    until: datetime
    currency: str
    outcomes: Mapping[str, ClassOutcome]
    """By class, and `all` and `heuristic` (`dealml.qualification.class_outcomes`)."""
    thresholds: KindThresholds


@dataclass(frozen=True)
class ProposedThresholds:
    """Thresholds that the earlier half of the held-out deals speaks for, and both backtests on the later half."""

    present: QualificationBacktest
    proposed: QualificationBacktest
    written: str
    """The file, where it was written."""


def qualification_backtest(project: Project, as_of: datetime | None = None, progress: Progress = silent) -> QualificationBacktest:
    """The advice on held-out past deals against how they ended.

    Each deal counts once, as it stood 30 days after it was opened; one that was over by then needed no decision.

    Raises
    ------
    ModelError
        When there is no model, no dates, or too few deals to hold out.
    """
    past, since, until, thresholds = _past(project, as_of, progress)
    return _outcomes(project, past, since, until, thresholds.deals)


def propose_thresholds(
    project: Project, as_of: datetime | None = None, by: str | None = None, write: bool = False, progress: Progress = silent
) -> ProposedThresholds:
    """Thresholds of deals from the earlier half of the held-out deals, tried on the later half.

    Parameters
    ----------
    by
        Who writes them; needed for that.
    write
        Whether `models/choosing.toml` is written.

    Raises
    ------
    UsageError
        When they are to be written and nobody is named.
    """
    if write and not by:
        raise UsageError("give --by NAME with --write: the file keeps who changed it")
    past, since, until, thresholds = _past(project, as_of, progress)
    half = len(past) // 2
    better = proposed(past.part(slice(0, half)), thresholds.deals)
    later = past.part(slice(half, None))
    present, new = (_outcomes(project, later, since, until, each) for each in (thresholds.deals, better))
    written = str(write_thresholds(project.folder, _changed(thresholds, better, str(by)))) if write else ""
    return ProposedThresholds(present, new, written)


def _changed(thresholds: Thresholds, better: KindThresholds, by: str) -> Thresholds:
    change = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "by": by,
        "why": "proposed from the past",
        "change": f"deals: {thresholds.deals} became {better}",
    }
    return replace(thresholds, deals=better, history=(*thresholds.history, change))


def _outcomes(project: Project, past: PastDecisions, since: datetime, until: datetime, limits: KindThresholds) -> QualificationBacktest:
    advice = advised(past.probability, past.usual, past.tested, limits)
    return QualificationBacktest(since, until, project.settings.company.currency, class_outcomes(past, advice), limits)


def _past(project: Project, as_of: datetime | None, progress: Progress) -> tuple[PastDecisions, datetime, datetime, Thresholds]:
    """The held-out deals, when their time begins and ends, and the thresholds of today."""
    definition = load_qualification(project.folder)
    thresholds = load_thresholds(project.folder, definition.test_names)
    if project.ledger.is_cross_section:
        raise ModelError(f"{definition.deal_model}: a cross-section has no dates, so no later deals can be held out")
    holdout = holdout_of(project, definition.deal_model, as_of, None, progress)
    since = datetime.fromisoformat(holdout.model.trained_through)
    table, until = _held_out(project, definition, holdout, since, as_of, progress)
    if len(table) < FEWEST or table["had"].nunique() < 2:
        raise ModelError(f"{definition.deal_model}: {len(table)} deals were decided after {since:%Y-%m-%d}; a backtest needs {FEWEST}")
    served = ServedModel(holdout.model, holdout.version, "")
    amount = holdout.view.spec.shown.amount_converted
    past = PastDecisions(
        probability=probabilities(served, table),
        tested=TestedTable.of(definition.deals, table, thresholds.needed),
        won=table["had"].to_numpy(float) == 1,
        amount=table[amount].to_numpy(float) if amount in table else np.full(len(table), np.nan),
        accounts=accounts_of(table),
        points=holdout.scorecard.points(table) if holdout.scorecard else None,
    )
    return past, since, until, thresholds


def _held_out(
    project: Project, definition: Qualification, holdout: Holdout, since: datetime, as_of: datetime | None, progress: Progress
) -> tuple[pd.DataFrame, datetime]:
    """Deals whose decision was due after a moment, as they stood then, with the scenarios that were mined from what closed before it."""
    scenarios = load_scenarios(project.folder)
    spec = specification(project, definition.deal_model, definition.deals, scenarios)
    view = View.of(project.ledger, spec, as_of, project.query_settings, served=[holdout.model], learns=False)
    closed = view.closed_deals(DAYS, within(progress, "closed deals"))
    is_later = (closed["as_of"] >= since) & (closed["ended_at"] > closed["as_of"])
    later = closed[is_later].sort_values(["as_of", "deal_id"], ignore_index=True)
    return _with_earlier_scenarios(later, closed[closed["ended_at"] < since].reset_index(drop=True), view, scenarios, since), view.end


def _with_earlier_scenarios(
    later: pd.DataFrame, earlier: pd.DataFrame, view: View, scenarios: WinScenarios | None, since: datetime
) -> pd.DataFrame:
    mined = mined_scenarios(earlier, scenarios, since)[0] if scenarios is not None and len(earlier) else None
    return with_scenarios(later, view.spec, scenarios, mined)
