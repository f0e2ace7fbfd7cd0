"""Rows of one extract that cannot all be right, and that nothing puts in order: both are refused.

- Two rows of one record, of which the mapped cells differ, where a file holds one row for each record: deals, accounts, contacts
  and leads that came in, and outcomes from a file that feeds deals too.
- Two rows of a history that give an attribute another value at the same clocks and in the same place of the sequence,
  unless both values stand in a declared order.
- Won and lost, two companies of one lead, or two rates of one currency, at the same clocks and in the same place of the sequence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from dealml.importing.identity.sql import VALUES, columns_of, in_declared_order, listed, moment_of, parquet
from dealml.importing.identity.workspace import Workspace
from dealml.importing.mapping.extract import CHANGE_TABLES, ENTITIES, Extract
from dealml.ledger.schema import TABLES
from dealml.ledger.sql import literal

Incoming = Mapping[str, Sequence[Path]]
"""The files of an extract's facts by table, each fact with its `row`."""

ANOTHER = "gives another {what} than row {other} for the same moment, and no sequence tells which is the later"
"""The reason of a row that differs in what holds at a moment; `other` is a row that says something else."""

CONTRADICTION = "contradiction"
"""The kind of such rows."""


def contradicting_rows(work: Workspace, extract: Extract, incoming: Incoming, states: Sequence[Path] = ()) -> Path | None:
    """The file of the rows that contradict another row of the extract, as they go to the quarantine; None where there are none.

    Parameters
    ----------
    states
        The files of what the rows say about the state of their deals, in the form of `dealml.importing.identity.row_states.ROW_STATES`.
    """
    if extract.into not in incoming or work.mapping.cross_section:
        return None
    facts = parquet(incoming[extract.into])
    if holds_records(work, extract) or (extract.into == "outcomes" and is_current_state(work, extract.file)):
        return _two_rows_of_one_record(work, extract, incoming, facts, states)
    if extract.into in CHANGE_TABLES:
        return _two_values_at_once(work, extract, facts)
    return _two_facts_at_once(work, extract, facts, *_ONE_AT_A_TIME[extract.into]) if extract.into in _ONE_AT_A_TIME else None


def is_current_state(work: Workspace, file: str) -> bool:
    """Whether a file holds one row for each deal, with what is true of it today."""
    return any(e.file == file and e.into == "deals" and e.keep == "all" for e in work.mapping.extracts)


def holds_records(work: Workspace, extract: Extract) -> bool:
    """Whether an extract takes one row for each record of its table: deals, accounts, contacts, or a file of leads that came in."""
    if extract.into in ENTITIES:
        return extract.keep == "all"
    is_listed = any(e.file == extract.file and e.lists_leads for e in work.mapping.extracts)
    return extract.into == "leads" and is_listed and extract.columns["event"].constant is not None


def _two_rows_of_one_record(work: Workspace, extract: Extract, incoming: Incoming, facts: str, states: Sequence[Path]) -> Path | None:
    entity = TABLES[extract.into].entity
    in_two_states = f"UNION {_IN_TWO_STATES.format(states=parquet(states))}" if states else ""
    twice = work.write(f'SELECT "{entity}" FROM {facts} GROUP BY 1 HAVING count(*) > 1 {in_two_states}')
    if not work.rows(twice):
        return None
    cells = [
        work.write(
            _CELLS.format(
                entity=entity,
                record=_digest(f'"{entity}"'),
                cell=_digest(listed(columns_of(name))),
                facts=parquet(paths),
                twice=parquet([twice]),
            )
        )
        for name, paths in incoming.items()
    ]
    if states:
        cells.append(
            work.write(_STATES.format(record=_digest("record"), cell=_digest("state"), states=parquet(states), twice=parquet([twice])))
        )
    hint = "" if extract.latest else "; 'latest: COLUMN' would say which is the later"
    return _refused(work, extract, facts, cells, f"differs from row {{other}}, which is of the same record{hint}")


_IN_TWO_STATES = """SELECT record FROM {states} WHERE record IS NOT NULL GROUP BY record HAVING min(state) <> max(state)"""

_STATES = """SELECT {record} AS record, "row", {cell} AS cell FROM {states} WHERE record IN (SELECT * FROM {twice})"""

_CELLS = """SELECT {record} AS record, "row", {cell} AS cell FROM {facts} WHERE "{entity}" IN (SELECT "{entity}" FROM {twice})"""


def _two_values_at_once(work: Workspace, extract: Extract, facts: str) -> Path | None:
    key = listed([TABLES[extract.into].entity, "field", "occurred_at", "recorded_at", "sequence"])
    ties = work.write(_TIES.format(key=key, values=listed(VALUES), ordered=in_declared_order("f"), facts=facts))
    if not work.rows(ties):
        return None
    cells = work.write(_VALUES.format(record=_digest(key), value=_digest(listed(VALUES)), facts=facts, ties=parquet([ties])))
    reason = ANOTHER.format(what="value", other="{other}")
    return _refused(work, extract, facts, [cells], reason)


_TIES = """
    SELECT k FROM (SELECT hash({key}) AS k, hash({values}) AS v, {ordered} AS is_ordered FROM {facts} AS f)
    GROUP BY k HAVING min(v) <> max(v) AND NOT bool_and(is_ordered)"""

_VALUES = """
    SELECT {record} AS record, "row", {value} AS cell FROM {facts} WHERE {record} IN (SELECT k FROM {ties})"""


_ONE_AT_A_TIME = {
    "outcomes": ("outcome", "outcome IN ('won', 'lost')"),
    "rates": ("rate", "rate IS NOT NULL"),
    "leads": ("account_id", "account_id IS NOT NULL"),
}
"""Tables of which one fact holds at a moment: the column that says it, and the facts that it is asked of."""


def _two_facts_at_once(work: Workspace, extract: Extract, facts: str, column: str, where: str) -> Path | None:
    key = listed([*moment_of(extract.into), "recorded_at"])
    twice = f"SELECT {key} FROM {facts} WHERE {where} GROUP BY ALL HAVING min({column}) <> max({column})"
    if not work.number(f"SELECT count(*) FROM ({twice})"):
        return None
    cells = f"""SELECT {_digest(key)} AS record, "row", {_digest(column)} AS cell FROM {facts} WHERE {where}"""
    reason = ANOTHER.format(what=column, other="{other}")
    return _refused(work, extract, facts, [work.write(cells)], reason)


def _digest(columns: str) -> str:
    """64 bits that stand for the values of columns: the texts of many rows at a time would not fit into an import's memory."""
    return f"hash({columns})"


def _refused(work: Workspace, extract: Extract, facts: str, cells: Sequence[Path], reason: str) -> Path | None:
    """The file of the rows that share their `record` with a row of other cells; `reason` names such a row.

    Each step waits in a file: several in one query would share the memory.

    Parameters
    ----------
    cells
        The files of the digests of what each row says: `record`, `row` and `cell`.
    """
    entity = TABLES[extract.into].entity
    origin = extract.columns[entity]
    before, _, after = reason.partition("{other}")
    distinct = work.write(f"SELECT DISTINCT * FROM {parquet(cells)}")
    rows = parquet([work.write(_ROWS.format(cells=parquet([distinct])))])
    records = work.write(_RECORDS.format(rows=rows))
    others = work.write(_OTHERS.format(rows=rows, records=parquet([records])))
    if not work.rows(others):
        return None
    query = _REFUSED.format(
        others=parquet([others]),
        facts=facts,
        entity=entity,
        file=literal(extract.file),
        into=literal(extract.into),
        column=literal(origin.column or ", ".join(origin.id_columns)),
        before=literal(before),
        after=literal(after),
        kind=literal(CONTRADICTION),
    )
    return work.write(f'SELECT * FROM {parquet([work.write(query)])} ORDER BY "row"')


# The cells of a row are one set: their order has no part in it.
_ROWS = """SELECT record, "row", bit_xor(cell) AS content FROM {cells} GROUP BY record, "row\""""

# Of the rows with the least and those with the greatest digest the first; which of them is the lesser does not matter.
_RECORDS = """
    SELECT record, max(content) AS greatest, min({{'content': content, 'row': "row"}}).row AS least_row,
           -max({{'content': content, 'row': -"row"}}).row AS greatest_row
    FROM {rows} GROUP BY record HAVING min(content) <> max(content)"""

_OTHERS = """
    SELECT "row", min(if(content = greatest, least_row, greatest_row)) AS other
    FROM {rows} AS r JOIN {records} AS t USING (record) GROUP BY "row\""""

_REFUSED = """
    SELECT {file} AS file, {into} AS "into", "row", {column} AS "column", min("{entity}") AS value,
           {before} || any_value(other) || {after} AS reason, {kind} AS kind
    FROM {facts} AS f JOIN {others} AS o USING ("row") GROUP BY "row\""""
