"""What a reader of scores of leads must know: how leads were matched to accounts, and which are in play no more."""

from __future__ import annotations

from dataclasses import replace

from dealml.as_of.lead_accounts import match_counts
from dealml.learning.outcomes.of_leads import Converted, LeadWon
from dealml.learning.snapshots import at_stake
from dealml.learning.view import View


def lead_notes(view: View, in_play: int) -> tuple[str, ...]:
    """Counts of a view of leads as sentences; none of a view of other entities.

    Parameters
    ----------
    in_play
        The leads that are scored at the view's end.
    """
    outcome = view.outcome
    if not isinstance(outcome, Converted | LeadWon):
        return ()
    counts = match_counts(view.con, view.tables, view.end)
    whole = sum(counts.values())
    if not whole:
        return ("no lead was on record yet",)
    matched = f"{counts['id']:,} by id, {counts['domain']:,} by the domain of their e-mail address"
    rest = f"{counts['free_mail']:,} have free mail and {counts['unmatched']:,} match none"
    cold = _without_an_end(view, outcome) - in_play
    silent = f"{cold:,} leads without an end are not scored, as nothing touched them for {outcome.untouched_days} days"
    return (f"of {whole:,} leads on record {matched} are matched to an account; {rest}", *([silent] if cold else []))


def _without_an_end(view: View, outcome: Converted | LeadWon) -> int:
    """The leads that would be in play if none left for want of a touch."""
    table = at_stake(view.con, view.tables, view.spec.entity, replace(outcome, untouched_days=None), view.end)
    return int(view.con.to_pyarrow(table.count()).as_py())
