"""Extracts that are imported late: what a later full extract showed holds from that one on.

A full extract shows every record as it was when it was taken. What an older extract adds to the ledger afterwards is true only
until the next full one of the same file: from there on the ledger says what it said before. So values, records and outcomes are
recorded once more, deals are open again, what that extract listed is restored, and what it lacked is deleted. An extract after it
may list what it lacked, so this is done for one after the other.

What was first seen in the later extract and is dated by the record's own clocks stays as it is: the ledger never takes back a fact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dealml.importing.identity.contradictions import holds_records, is_current_state
from dealml.importing.identity.full_extracts import FULL_EXTRACTS, records_in_lists
from dealml.importing.identity.lives.record_events import RECORD_KINDS
from dealml.importing.identity.lives.record_lives import RecordLives
from dealml.importing.identity.reopened_deals import reopened_today, stage_outcomes
from dealml.importing.identity.sql import VALUES, columns_of, listed, moment_of, packed, parquet, same
from dealml.importing.identity.workspace import Workspace, stem
from dealml.importing.mapping.extract import Extract
from dealml.ledger.schema import CHANGES_OF, TABLES
from dealml.ledger.sql import literal


@dataclass(frozen=True)
class LaterExtract:
    """A full extract of a file that is on record and was taken after the extract of this import."""

    at: str
    """When it was taken, in SQL."""
    ids: Path
    """The file of the ids (`record_id`) that full extracts of the same table and moment list, and whether they take them (`is_taken`)."""

    @property
    def taken(self) -> str:
        """The records of which it shows values, as a table in SQL."""
        return f"(SELECT record_id FROM {parquet([self.ids])} WHERE is_taken)"


def later_extracts(work: Workspace, extract: Extract) -> Iterator[LaterExtract]:
    """The later full extracts of the file of an extract of records, the next one first; none where this one is the latest."""
    if not holds_records(work, extract) or work.mapping.cross_section:
        return
    lists = work.fed_by(extract.file, extract.into, FULL_EXTRACTS)
    if not lists:
        return
    into, file = literal(extract.into), literal(stem(extract.file))
    times = work.con.sql(_LATER.format(lists=records_in_lists(lists), file=file, into=into, seen=work.seen)).fetchall()
    everywhere = records_in_lists(work.published(FULL_EXTRACTS))
    for (at,) in times:
        ids = _IDS.format(lists=everywhere, into=into, at=literal(at))
        yield LaterExtract(literal(at), work.write(ids))


def add_what_holds_again(work: Workspace, extracts: Sequence[Extract], lives: RecordLives) -> Counter[int]:
    """Add what later full extracts showed, where this import has changed it; how many facts, by the number of the extract."""
    added: Counter[int] = Counter()
    for number, extract in enumerate(extracts):
        for later in later_extracts(work, extract):
            queries = [*_facts_again(work, extract, later), ("record_events", _lives_again(work, extract, later, lives.ids(number)))]
            for name, query in queries:
                added[number] += work.rows(work.add(name, query))
            if extract.into == "deals":
                added[number] += _reopened_again(work, extract, later)
    return added


def _facts_again(work: Workspace, extract: Extract, later: LaterExtract) -> Iterator[tuple[str, str]]:
    """By table, the query of the facts that held at the later extract and would not hold there now."""
    entity = str(TABLES[extract.into].entity)
    records = _Facts(extract.into, moment_of(extract.into), ["recorded_at"])
    values = _Facts(CHANGES_OF.get(extract.into, ""), [entity, "field"], ["occurred_at", "recorded_at", "sequence"], VALUES)
    outcomes = _Facts("outcomes", [entity], ["recorded_at", "occurred_at", "sequence"], ("outcome", "occurred_at", "reason", "competitor"))
    if extract.into in work.new_files:
        yield extract.into, _again(work, records, later)
    if values.table in work.new_files and extract.attributes:
        fields = ", ".join(map(literal, extract.attributes))
        yield values.table, _again(work, values, later, f"field IN ({fields})", ("occurred_at", "recorded_at"))
        if brought := work.fed_by(extract.file, extract.into, values.table):
            yield (
                values.table,
                _empty_again(work, values, later, f"field IN ({fields}) AND field IN (SELECT field FROM {parquet(brought)})"),
            )
    if "outcomes" in work.new_files and is_current_state(work, extract.file):
        yield "outcomes", _again(work, outcomes, later)


@dataclass(frozen=True)
class _Facts:
    """Facts of which the last ones of each key hold."""

    table: str
    key: list[str]
    clocks: list[str]
    content: Sequence[str] = ()

    @property
    def says(self) -> Sequence[str]:
        return self.content or columns_of(self.table, but=[*self.key, *self.clocks])


def _again(work: Workspace, facts: _Facts, later: LaterExtract, where: str = "true", moments: Sequence[str] = ("recorded_at",)) -> str:
    return _AGAIN.format(
        entity=facts.key[0],
        before=work.in_ledger(facts.table),
        after=work.stored(facts.table),
        where=where,
        ids=later.taken,
        key=listed(facts.key),
        clocks=packed(facts.clocks),
        content=packed(facts.says),
        same_last=same("f", "l", facts.key),
        same_key=same("b", "a", facts.key),
        same_rows=same("r", "b", facts.key),
        moments=", ".join(f"{later.at} AS {moment}" for moment in moments),
        columns=listed(columns_of(facts.table), "r"),
        at=later.at,
    )


def _empty_again(work: Workspace, values: _Facts, later: LaterExtract, where: str) -> str:
    """The query of attributes without a value at the later extract, of those that the file has ever brought: it showed them empty."""
    return _EMPTY_AGAIN.format(
        before=work.in_ledger(values.table),
        after=work.stored(values.table),
        where=where,
        ids=later.taken,
        key=listed(values.key),
        entity=values.key[0],
        same_key=same("a", "b", values.key),
        columns=listed(columns_of(values.table)),
        others=", ".join(f'NULL AS "{column}"' for column in columns_of(values.table, but=[*values.key, "occurred_at", "recorded_at"])),
        at=later.at,
    )


def _lives_again(work: Workspace, extract: Extract, later: LaterExtract, listed_now: str | None) -> str:
    kind = literal(RECORD_KINDS[extract.into])
    states = _STATES.format(kind=kind, at=later.at, stored=work.stored("record_events"))
    before = _STATES.format(kind=kind, at=later.at, stored=work.in_ledger("record_events"))
    return _LIVES.format(
        before=before,
        after=states,
        ids=parquet([later.ids]),
        now=listed_now or "SELECT NULL::VARCHAR AS record_id WHERE false",
        records=work.stored(extract.into),
        entity=TABLES[extract.into].entity,
        columns=listed(columns_of("record_events")),
        kind=kind,
        at=later.at,
    )


def _reopened_again(work: Workspace, extract: Extract, later: LaterExtract) -> int:
    """Add `reopened` of deals whose stage the later extract showed as open, after a closing that this import brought; how many."""
    if "outcomes" not in work.new_files:
        return 0
    deals = f"SELECT deal_id FROM {work.in_import('outcomes')} WHERE deal_id IN (SELECT record_id FROM {later.taken})"
    pairs = [both for both in stage_outcomes(work.mapping.extracts) if both.stages == extract and not both.is_history]
    queries = filter(None, (reopened_today(work, both, deals, later.at) for both in pairs))
    return sum(work.rows(work.add("outcomes", query)) for query in queries)


# Of each key the facts with the last clocks, before and after; where they differ, those from before hold again.
_AGAIN = """
    WITH before_facts AS (
        SELECT * FROM {before} WHERE recorded_at <= {at} AND {where} AND {entity} IN (SELECT record_id FROM {ids})),
    after_facts AS (
        SELECT * FROM {after} WHERE recorded_at <= {at} AND {where} AND {entity} IN (SELECT {entity} FROM before_facts)),
    before_last AS (SELECT {key}, max({clocks}) AS clocks FROM before_facts GROUP BY ALL),
    after_last AS (SELECT {key}, max({clocks}) AS clocks FROM after_facts GROUP BY ALL),
    before_rows AS (
        SELECT f.* FROM before_facts AS f JOIN before_last AS l ON {same_last} WHERE {clocks} IS NOT DISTINCT FROM l.clocks),
    after_rows AS (
        SELECT f.* FROM after_facts AS f JOIN after_last AS l ON {same_last} WHERE {clocks} IS NOT DISTINCT FROM l.clocks),
    b AS (SELECT {key}, list_sort(list(DISTINCT {content})) AS content FROM before_rows GROUP BY ALL),
    a AS (SELECT {key}, list_sort(list(DISTINCT {content})) AS content FROM after_rows GROUP BY ALL),
    again AS (
        SELECT DISTINCT {columns} FROM before_rows AS r JOIN b ON {same_rows} JOIN a ON {same_key}
        WHERE a.content IS DISTINCT FROM b.content)
    SELECT * REPLACE ({moments}), NULL::BIGINT AS "row" FROM again"""

_IDS = """
    SELECT record_id, bool_or(is_taken) AS is_taken FROM {lists} WHERE "into" = {into} AND extracted_at = {at} GROUP BY record_id"""

_LATER = """
    SELECT DISTINCT extracted_at FROM {lists} WHERE file = {file} AND "into" = {into} AND extracted_at > {seen} ORDER BY extracted_at"""

_EMPTY_AGAIN = """
    WITH b AS (SELECT DISTINCT {key} FROM {before} WHERE recorded_at <= {at} AND {where}),
    a AS (
        SELECT DISTINCT {key} FROM {after} WHERE recorded_at <= {at} AND {where} AND {entity} IN (SELECT record_id FROM {ids}))
    SELECT {columns}, NULL::BIGINT AS "row" FROM (
        SELECT {key}, {at} AS occurred_at, {at} AS recorded_at, {others} FROM a ANTI JOIN b ON {same_key})"""

_STATES = """
    SELECT record_id, arg_max(event, struct_pack(recorded_at, occurred_at, "sequence", event)) AS event
    FROM {stored} WHERE kind = {kind} AND recorded_at <= {at} GROUP BY record_id"""

_LIVES = """
    WITH before AS ({before}), after AS ({after}), ids AS (SELECT record_id FROM {ids}),
    on_record AS (SELECT DISTINCT {entity} AS record_id FROM {records} WHERE recorded_at <= {at}),
    news AS (
        SELECT record_id, 'restored' AS event FROM after LEFT JOIN before USING (record_id)
        WHERE after.event = 'deleted' AND before.event IS DISTINCT FROM 'deleted' AND record_id IN (SELECT record_id FROM ids)
        UNION ALL
        SELECT DISTINCT record_id, 'deleted' FROM ({now}) SEMI JOIN on_record USING (record_id) LEFT JOIN after USING (record_id)
        WHERE coalesce(after.event, 'restored') = 'restored' AND record_id NOT IN (SELECT record_id FROM ids))
    SELECT {columns}, NULL::BIGINT AS "row" FROM (
        SELECT *, {kind} AS kind, NULL::VARCHAR AS into_id, {at} AS recorded_at, {at} AS occurred_at, NULL::BIGINT AS "sequence"
        FROM news)"""
