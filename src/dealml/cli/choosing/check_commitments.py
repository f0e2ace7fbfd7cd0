"""`dealml check-commitments`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dealml.cli.older_rules import tell_older_rules
from dealml.cli.options import HERE, Json, MaybeAsOf, ProjectFolder, open_project
from dealml.cli.output import say, say_json, say_table, warn
from dealml.commitments.words import promised_value
from dealml.formatting import counted_percent

if TYPE_CHECKING:
    import pandas as pd

    from dealml.commitments.aftermath import Aftermath, ObservedShare
    from dealml.jobs.choosing.commitments import CommitmentReport

NONE = "–"
MOST_ROWS = 20


def command(
    as_of: MaybeAsOf = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write every promise of open deals: .parquet or .csv.")] = None,
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """Offers and promises against `models/commitments.py`: what needs whose approval by when, and how deals that broke it fared."""
    from dealml.jobs.choosing.commitments import check_commitments

    here = open_project(project)
    older = tell_older_rules(here)
    report = check_commitments(here, here.calendar.read_optional_moment(as_of), out)
    if json:
        say_json(_json(report) | {"ledger_digest": here.ledger.digest} | older)
        return
    _tell(report)
    if out:
        say(f"{out}: written")
    for note in report.notes:
        warn(f"note: {note}")


def _tell(report: CommitmentReport) -> None:
    beyond = report.beyond_free
    counts = beyond["state"].value_counts()
    states = ", ".join(f"{state} {count:,}" for state, count in counts.items()) or "none"
    say(f"{report.open_deals:,} open deals as of {report.as_of:%Y-%m-%d}; promises beyond what is free: {states}")
    if len(beyond):
        say()
        rows = [_row(row, report.as_of) for row in _records(beyond.head(MOST_ROWS))]
        say_table(("deal", "promise", "free", "at most", "state", "approver", "decide by"), rows)
        if len(beyond) > MOST_ROWS:
            say(f"… and {len(beyond) - MOST_ROWS:,} more: --out writes all")
    if any(part.deals for part in report.aftermath):
        say()
        shown = [_aftermath_row(part) for part in report.aftermath if part.deals]
        say_table(("won deals", "policy", "deals", "late", "95% interval", "left within a year", "95% interval"), shown)
    say("Advisory: how deals that broke the policy fared went together with it; it need not come from it.")


def _row(row: dict[str, Any], as_of: datetime) -> list[object]:
    bounds = [promised_value(row["measure"], nan if row[name] is None else row[name]) for name in ("value", "free", "most")]
    by = NONE if row["decide_by"] is None else f"{row['decide_by']:%Y-%m-%d}{' (overdue)' if row['decide_by'] < as_of else ''}"
    return [row["deal_id"], f"{row['subject']}: {bounds[0]}", *bounds[1:], row["state"], row["approver"] or NONE, by]


def _aftermath_row(part: Aftermath) -> list[object]:
    return [part.subject, "broken" if part.broken else "kept", f"{part.deals:,}", *_shown(part.late), *_shown(part.churned)]


def _shown(share: ObservedShare) -> list[str]:
    if not share.deals:
        return [NONE, NONE]
    interval = f"{counted_percent(share.low)} to {counted_percent(share.high)}"
    return [f"{share.count} of {share.deals} ({counted_percent(share.share)})", interval]


def _json(report: CommitmentReport) -> dict[str, Any]:
    return {
        "as_of": report.as_of,
        "open_deals": report.open_deals,
        "promises": _records(report.promises),
        "won_deals": [asdict(part) for part in report.aftermath],
        "notes": report.notes,
    }


def _records(promises: pd.DataFrame) -> list[dict[str, Any]]:
    names = ["deal_id", "name", "stage", "subject", "measure", "value", "free", "most", "state", "approver", "promised_at", "decide_by"]
    rows = promises[names].astype(object).where(promises[names].notna(), None)
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]
