"""The facts of an extract that are news, by the kind of their table and by the clocks that the extract has."""

from __future__ import annotations

from dealml.importing.identity.changed_records import new_records
from dealml.importing.identity.changed_values import new_current_values, new_history
from dealml.importing.identity.contradictions import is_current_state
from dealml.importing.identity.corrected_outcomes import corrects, new_outcomes
from dealml.importing.identity.record_events import new_record_events
from dealml.importing.identity.repeated_events import new_events
from dealml.importing.identity.sql import columns_of, listed
from dealml.importing.identity.workspace import Workspace
from dealml.importing.mapping.extract import CHANGE_TABLES, ENTITIES, Extract
from dealml.ledger.schema import CHANGES_OF


def new_facts(work: Workspace, name: str, incoming: str, extract: Extract) -> str:
    """The query of the facts, each with its `row`, that an extract adds to a table.

    Parameters
    ----------
    incoming
        The extract's facts of that table, as a table in SQL.
    """
    columns = listed(columns_of(name))
    fresh = _FRESH.format(columns=columns, incoming=incoming, stored=work.stored(name))
    if name in CHANGE_TABLES and extract.into in CHANGES_OF:
        return new_current_values(work, name, fresh)
    if work.mapping.cross_section:
        return fresh
    if name == "record_events":
        return new_record_events(work, incoming, fresh, extract)
    if name in ENTITIES and extract.keep == "all":
        return new_records(work, name, fresh, incoming, extract)
    if name == "outcomes" and is_current_state(work, extract.file) and corrects(work, extract, incoming):
        return new_outcomes(work, incoming)
    if "recorded_at" not in extract.columns and extract.keep == "all":
        return new_events(work, name, incoming, extract)
    if name in CHANGE_TABLES:
        return new_history(work, name, fresh)
    return fresh


# Each fact once, with the first row that has it, unless it is stored already.
_FRESH = """
    SELECT {columns}, min("row") AS "row"
    FROM (SELECT {columns}, "row", false AS is_held FROM {incoming} UNION ALL SELECT {columns}, NULL, true FROM {stored})
    GROUP BY {columns} HAVING NOT bool_or(is_held)"""
