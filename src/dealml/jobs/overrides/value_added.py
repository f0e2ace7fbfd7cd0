"""Whether overrides foretold better than the model beside them, as far as their time is over."""

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
    """All that stand beside this model's numbers."""
    found: ValueAdded
    settled: Settled
    notes: tuple[str, ...]


def forecast_value_added(project: Project, as_of: datetime | None = None, model: str = "deal_win") -> ValueAddedReport:
    """Compare overrides with the model's numbers beside them.

    Parameters
    ----------
    as_of
        Only overrides whose time was over by this moment count, with outcomes on record before it; default, and at most, the end of
        the data.

    Raises
    ------
    UsageError, InputError
        When the model speaks of accounts, or the ledger is empty or a cross-section.
    """
    spec = load_override_model(project, model)
    end = ledger_end(project.ledger, project.limits)
    view = View.of(project.ledger, spec, end if as_of is None else min(as_of, end), project.limits)
    kept = [one for one in stored_overrides(project.scores_url, model) if one.override.made_at < view.end]
    found = settled(kept, view, project.settings.company.currency)
    said = len({one.override.override_id for one in kept})
    return ValueAddedReport(model, view.end, said, value_added(found.decisions), found, tuple(_notes(found, model)))


def _notes(found: Settled, model: str) -> list[str]:
    clipped = sum(one.probability is not None and not CLIP <= one.probability <= 1 - CLIP for one in found.decisions)
    told = {
        f"{found.hindsight:,} left out: the only version of {model} had learned from what came later": found.hindsight,
        f"{found.gone:,} left out: the ledger no longer has the deal as open at that moment": found.gone,
        f"{found.late:,} were entered when their time was over already, so they may know what came": found.late,
        f"{clipped:,} said nearly 0% or 100%; in the log loss they count as {CLIP:.1%} or {1 - CLIP:.1%}": clipped,
    }
    return [text for text, count in told.items() if count]
