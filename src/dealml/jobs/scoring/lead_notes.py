"""What a reader of scores of leads must know: how leads were matched to accounts, and which are in play no more."""

from __future__ import annotations

from dataclasses import replace

from dealml.as_of.lead_accounts import match_counts
from dealml.learning.outcomes.of_leads import LeadOutcome
from dealml.learning.outcomes.outcome import Outcome
from dealml.learning.snapshots import at_stake
from dealml.learning.view import View

_EVER = 365_000
"""Days that no lead waits for."""


def lead_notes(view: View) -> tuple[str, ...]:
    """Counts of a view of leads as sentences; none of a view of other entities."""
    outcome = view.outcome
    if not isinstance(outcome, LeadOutcome):
        return ()
    counts = match_counts(view.con, view.tables, view.end)
    whole = sum(counts.values())
    matched = f"{counts['id']:,} by id, {counts['domain']:,} by the domain of their e-mail address"
    rest = f"{counts['free_mail']:,} have free mail and {counts['unmatched']:,} match none"
    cold = _in_play(view, replace(outcome, untouched_days=_EVER)) - _in_play(view, outcome)
    silent = f"{cold:,} leads without an end are not scored, as nothing touched them for {outcome.untouched_days} days"
    return (f"of {whole:,} leads on record {matched} are matched to an account; {rest}", *([silent] if cold else []))


def _in_play(view: View, outcome: Outcome) -> int:
    table = at_stake(view.con, view.tables, view.spec.entity, outcome, view.end)
    return int(view.con.to_pyarrow(table.count()).as_py())
