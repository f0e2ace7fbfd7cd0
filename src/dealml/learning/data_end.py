"""The end of the data: until when a ledger tells what happened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from ibis.backends.duckdb import Backend

from dealml.ledger.ledger import Ledger
from dealml.ledger.schema import AHEAD, CHANGES_OF, TABLES

OF_DEALS = ("deals", "deal_changes", "outcomes")
"""The tables that tell how deals went on and ended."""


def data_end(con: Backend, ledger: Ledger, tables: Sequence[str] = OF_DEALS) -> datetime:
    """Just after the earliest of the tables' latest extracts, or after the last event on record where no extract says when it was taken.

    An extract without news says that nothing happened, so it settles labels too.

    Parameters
    ----------
    con
        The connection that reads the ledger.
    tables
        The tables that are decisive; one without a dated extract does not count.
    """
    extracted = ledger.extracted_at
    ends = [extracted[name] for name in tables if name in extracted]
    last = min(ends) if ends else _last_event(con, ledger)
    return last.astimezone(UTC) + timedelta(microseconds=1)


def _last_event(con: Backend, ledger: Ledger) -> datetime:
    """When the last event went on record; values seen when an extract was taken do not count as events, nor costs and quotas."""
    entities = {name for name in CHANGES_OF if TABLES[name].column("event") is None}  # leads are told by their events
    states = {*entities, *CHANGES_OF.values(), *AHEAD}
    files = ledger.files_by_table
    events = [name for name in files if name not in states]
    paths = [str(path) for name in (events or files) for path in files[name]]
    last: datetime = con.raw_sql(f"SELECT max(recorded_at) FROM read_parquet({paths}, union_by_name=true)").fetchone()[0]
    return last
