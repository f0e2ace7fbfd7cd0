"""Forecast value added: whether overrides predicted better than the model, as far as their outcomes are on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dealml.jobs.overrides.model_numbers import load_override_model
from dealml.jobs.scoring.requirements import ledger_end
from dealml.judgement.decisions import Settled, settled
from dealml.judgement.store import stored_overrides
from dealml.judgement.value_added import CLIP, ValueAdded, value_added
from dealml.learning.view import View
from dealml.project import Project


@dataclass(frozen=True)
class ValueAddedReport:
    """What the comparison found."""

    model: str
    as_of: datetime
    """Outcomes are those on record before it."""
    overrides: int
    """All that were compared with this model."""
    value_added: ValueAdded
    settled: Settled
    notes: tuple[str, ...]


def forecast_value_added(project: Project, as_of: datetime | None = None, model: str = "deal_win") -> ValueAddedReport:
    """Compare overrides with the model's predictions of the same moments.

    Parameters
    ----------
    as_of
        Only overrides whose time was over by this moment count, with outcomes on record before it; default, and at most, the end of
        the data.

    Raises
    ------
    UsageError, InputError
        When it is a model of accounts, or the ledger is empty or a cross-section.
    """
    spec = load_override_model(project, model)
    end = ledger_end(project.ledger, project.query_settings)
    view = View.of(project.ledger, spec, end if as_of is None else min(as_of, end), project.query_settings)
    stored = [entry for entry in stored_overrides(project.scores_url, model, project.calendar.zone) if entry.override.made_at < view.end]
    outcomes = settled(stored, view, project.settings.company.currency)
    count = len({entry.override.override_id for entry in stored})
    return ValueAddedReport(model, view.end, count, value_added(outcomes.decisions), outcomes, tuple(_notes(outcomes, model)))


def _notes(outcomes: Settled, model: str) -> list[str]:
    clipped = sum(decision.probability is not None and not CLIP <= decision.probability <= 1 - CLIP for decision in outcomes.decisions)
    counts = {
        f"{outcomes.hindsight:,} left out: the only version of {model} had learned from what came later": outcomes.hindsight,
        f"{outcomes.gone:,} left out: the ledger no longer has the deal as open at that moment": outcomes.gone,
        f"{outcomes.late:,} were entered when their time was over already, so they may know what came": outcomes.late,
        f"{clipped:,} said nearly 0% or 100%; in the log loss they count as {CLIP:.1%} or {1 - CLIP:.1%}": clipped,
    }
    return [text for text, count in counts.items() if count]
