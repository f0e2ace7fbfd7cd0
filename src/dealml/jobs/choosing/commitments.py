"""Check the offers and promises of a project's deals against its policy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa

from dealml.as_of.connection import connect
from dealml.commitments.aftermath import Aftermath, aftermath
from dealml.commitments.check import FREE, checked
from dealml.commitments.promises import open_tables, promises
from dealml.jobs.scoring.requirements import ledger_end, require_dated
from dealml.load_definitions import load_commitments
from dealml.project import Project
from dealml.scoring.export import check_destination, write_table

_COLUMNS = pa.schema(
    [
        ("deal_id", pa.string()), ("name", pa.string()), ("stage", pa.string()), ("subject", pa.string()), ("measure", pa.string()),
        ("value", pa.float64()), ("free", pa.float64()), ("most", pa.float64()), ("state", pa.string()), ("approver", pa.string()),
        ("promised_at", pa.timestamp("us", "UTC")), ("decide_by", pa.timestamp("us", "UTC")),
    ]
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class CommitmentReport:
    """The promises of open deals against the policy, and how won deals that broke it fared."""

    as_of: datetime
    open_deals: int
    promises: pd.DataFrame
    """Those of open deals (`dealml.commitments.check.checked`), what has to be decided first at the top."""
    aftermath: tuple[Aftermath, ...]
    notes: tuple[str, ...]
    """What cannot be shown, and why."""

    @property
    def beyond_free(self) -> pd.DataFrame:
        """The promises that need an approval, have one, or are not on offer."""
        return self.promises[self.promises["state"] != FREE]


def check_commitments(project: Project, as_of: datetime | None = None, out: Path | None = None) -> CommitmentReport:
    """Check every promise on record.

    Parameters
    ----------
    as_of
        Only what was recorded before this moment counts; without it, all.
    out
        A file for the promises of open deals, Parquet or CSV.

    Raises
    ------
    InputError
        When the project has no policy or one that contradicts itself, or the ledger is empty or has no dates.
    """
    if out:
        check_destination(out)
    require_dated(project, "approvals and deliveries need dates")
    policy = load_commitments(project.folder)
    at = as_of or project.calendar.local(ledger_end(project.ledger, project.query_settings))
    con = connect(project.query_settings)
    open_tables(con, project.ledger, at)
    table = checked(promises(con, policy.commitments), policy.commitments)
    ((open_deals,),) = con.con.sql("SELECT count(*) FROM deal WHERE status = 'open'").fetchall()
    still_open = table[table["status"] == "open"].sort_values(["decide_by", "deal_id", "subject"], na_position="last", ignore_index=True)
    report = CommitmentReport(at, open_deals, still_open, aftermath(con, table, at), _notes(project))
    if out:
        write_table(out, _COLUMNS, [pa.Table.from_pandas(still_open[_COLUMNS.names], _COLUMNS, preserve_index=False)])
    return report


def _notes(project: Project) -> tuple[str, ...]:
    missing = {
        "offers": "no offer is on record, so no promise can be checked",
        "approvals": "no approval is on record, so all that needs one shows as not requested",
        "deliveries": "no delivery is on record, so nothing is known to be late",
        "subscriptions": "no subscription is on record, so nobody is known to have left",
    }
    return tuple(note for table, note in missing.items() if table not in project.ledger.tables)
