"""Rows of two files of one import that cannot both be right, and that nothing puts in order: both are refused, as in one file.

- Another value of an attribute at the same clocks and in the same place of the sequence: in two histories, or in two files that
  show today's values; what is empty in one of these was left out before (`dealml.importing.identity.empty_cells`).
- Won and lost, two rates of one currency, or two accounts of one deal, contact or lead.

A history and a file of today's values are compared with each other elsewhere: the history tells what was true before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from dealml.importing.identity.contradictions import ANOTHER, CONTRADICTION, Incoming
from dealml.importing.identity.sql import VALUES, in_declared_order, listed, parquet
from dealml.importing.identity.workspace import Workspace
from dealml.importing.mapping.extract import CHANGE_TABLES, Extract
from dealml.ledger.schema import CHANGES_OF, TABLES
from dealml.ledger.sql import literal


@dataclass
class _Compared:
    """Extracts of several files whose facts in a table are compared."""

    table: str
    what: str
    """The word for what the rows say, in the reason."""
    key: list[str]
    values: Sequence[str]
    where: str = "true"
    has_order: bool = False
    numbers: list[int] = field(default_factory=list)


def rows_contradicting_other_files(work: Workspace, extracts: Sequence[Extract], incoming: Mapping[int, Incoming]) -> dict[int, Path]:
    """The files of rows that contradict a row of another file, by the number of their extract, as they go to the quarantine.

    Parameters
    ----------
    incoming
        By the number of the extract: the files of its facts by table, each fact with its `row`.
    """
    if work.mapping.cross_section:
        return {}
    refused: dict[int, list[Path]] = {}
    for compared in _comparisons(extracts, incoming):
        if len({extracts[number].file for number in compared.numbers}) > 1 and (rows := _contradicting(work, compared, extracts, incoming)):
            for number in compared.numbers:
                refused.setdefault(number, []).append(work.write(_refused(compared, extracts[number], number, rows, incoming[number])))
    return {number: _once(work, paths) for number, paths in refused.items()}


def _comparisons(extracts: Sequence[Extract], incoming: Mapping[int, Incoming]) -> Iterator[_Compared]:
    groups: dict[tuple[str, bool], _Compared] = {}
    for number, extract in enumerate(extracts):
        for compared in _kinds(extract):
            if compared.table in incoming.get(number, {}):
                is_current = extract.into != compared.table
                groups.setdefault((compared.table, is_current), compared).numbers.append(number)
    yield from groups.values()


def _kinds(extract: Extract) -> Iterator[_Compared]:
    """What the facts of an extract may contradict those of another file in."""
    into, clocks = extract.into, ["occurred_at", "recorded_at", "sequence"]
    entity = str(TABLES[into].entity)
    if into in CHANGE_TABLES:
        yield _Compared(into, "value", [entity, "field", *clocks], VALUES, has_order=True)
    if into in ("deals", "contacts") and extract.keep == "all":
        yield _Compared(into, "account", [entity, *clocks], ["account_id"], "account_id IS NOT NULL")
    if into == "leads":
        yield _Compared(into, "account", [entity, "event", *clocks], ["account_id"], "account_id IS NOT NULL")
    if into in CHANGES_OF and extract.attributes:
        yield _Compared(CHANGES_OF[into], "value", [entity, "field", *clocks], VALUES, has_order=True)
    if into == "outcomes":
        yield _Compared(into, "outcome", [entity, *clocks], ["outcome"], "outcome IN ('won', 'lost')")
    if into == "rates":
        yield _Compared(into, "rate", [entity, *clocks], ["rate"], "rate IS NOT NULL")


def _contradicting(work: Workspace, compared: _Compared, extracts: Sequence[Extract], incoming: Mapping[int, Incoming]) -> Path | None:
    """The file of the rows in a contradiction: the number of their extract, their row, and a row that says something else."""
    files = {number: extracts[number].file for number in compared.numbers}
    facts = " UNION ALL ".join(
        _CELLS.format(
            number=number,
            file=literal(file),
            record=f"hash({listed(compared.key)})",
            cell=f"hash({listed(compared.values)})",
            ordered=in_declared_order("f") if compared.has_order else "false",
            facts=parquet(incoming[number][compared.table]),
            where=compared.where,
        )
        for number, file in files.items()
    )
    cells = work.write(facts)
    ties = work.write(_TIES.format(cells=parquet([cells])))
    if not work.rows(ties):
        return None
    rows = work.write(_ROWS.format(cells=parquet([cells]), ties=parquet([ties])))
    path = work.write(_OTHERS.format(rows=parquet([rows])))
    return path if work.rows(path) else None


def _refused(compared: _Compared, extract: Extract, number: int, rows: Path, incoming: Incoming) -> str:
    """The query of the refused rows of an extract, each with a row that says something else."""
    entity = str(TABLES[extract.into].entity)
    origin = extract.columns[entity]
    before, _, after = ANOTHER.format(what=compared.what, other="{other}").partition("{other}")
    return _REFUSED.format(
        file=literal(extract.file),
        into=literal(extract.into),
        column=literal(origin.column or ", ".join(origin.id_columns)),
        entity=entity,
        before=literal(before),
        after=literal(after),
        kind=literal(CONTRADICTION),
        rows=parquet([rows]),
        facts=parquet(incoming[compared.table]),
        number=number,
    )


def _once(work: Workspace, paths: Sequence[Path]) -> Path:
    return work.write(f'SELECT DISTINCT ON ("row") * FROM {parquet(paths)} ORDER BY "row", reason')


_CELLS = """
    SELECT {number} AS number, {file} AS file, {record} AS record, "row", {cell} AS cell, {ordered} AS is_ordered
    FROM {facts} AS f WHERE {where}"""

_TIES = """
    SELECT record FROM {cells} GROUP BY record
    HAVING min(file) <> max(file) AND min(cell) <> max(cell) AND NOT bool_and(is_ordered)"""

# The cells of a row are one set: their order has no part in it.
_ROWS = """
    SELECT record, number, file, "row", bit_xor(cell) AS content
    FROM (SELECT DISTINCT c.* FROM {cells} AS c SEMI JOIN {ties} AS t USING (record)) GROUP BY ALL"""

# Of the rows with the least and those with the greatest digest the first; which of them is the lesser does not matter.
_OTHERS = """
    WITH rows AS (SELECT *, {{'file': file, 'row': "row"}} AS label FROM {rows}),
    records AS (
        SELECT record, max(content) AS greatest, arg_min(label, {{'content': content, 'label': label}}) AS least,
               arg_min(label, {{'content': -content::HUGEINT, 'label': label}}) AS most
        FROM rows GROUP BY record HAVING min(content) <> max(content))
    SELECT number, "row", if(content = greatest, least, most) AS other FROM rows JOIN records USING (record)"""

_REFUSED = """
    SELECT {file} AS file, {into} AS "into", "row", {column} AS "column", min("{entity}") AS value,
           {before} || min(other).row || ' of ' || min(other).file || {after} AS reason, {kind} AS kind
    FROM {facts} AS f JOIN {rows} AS r USING ("row") WHERE r.number = {number} GROUP BY "row\""""
