"""Corrected events: an event with an id of its own that a later extract shows with another amount, date or account.

Rows without `recorded_at` are recorded when their extract was taken. Of the rows of one id and kind, those that the ledger has and
the extracts lack are compared with those that the extracts have and the ledger lacks. Where it is one of each, the new row corrects
the old one, from its extract on. Several of them stay what they are: which corrects which is unknown.

An extract may also bring only what is new, and then a second event of an id is no correction: a renewal of the next year, a return of
goods. So one of these must hold:

- the extracts show another row of that id again, as full extracts do;
- both rows are of one moment;
- it is what happens once to an id (`ONCE`), and nothing else of the id happened between the two moments.

An older extract that is imported late corrects nothing, and its row is no news.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from dealml.importing.identity.lives.merged_ids import as_merged
from dealml.importing.identity.repeated_events import COUNTED
from dealml.importing.identity.sql import columns_of, listed, parquet, same
from dealml.importing.identity.workspace import Workspace
from dealml.importing.mapping.extract import Extract
from dealml.ledger.corrections import CORRECTED, FIRST_RECORDED, REPLACED, correction_table, corrections_of
from dealml.ledger.schema import TABLES

KIND = {"offers": "event", "subscriptions": "event", "purchases": "product", "tickets": "event"}
"""The column that tells the events of one id apart."""

ONCE = ("created", "accepted", "cancelled", "refused", "start", "cancellation", "opened", "resolved")
"""Events that happen once to an offer, a subscription or a ticket; an order buys a product once."""

_WAS = "_was"
"""The column with the record that a fact on record names; a merge may have given it another name since."""


def may_correct(name: str, extract: Extract) -> bool:
    """Whether rows of an extract may correct events that are on record in a table."""
    return name in CORRECTED and extract.keep == "all" and not {"recorded_at", "sequence"} & set(extract.columns)


class CorrectedEvents:
    """Finds the corrections of an import.

    Parameters
    ----------
    work
        The ledger, and a folder to work in.
    """

    def __init__(self, work: Workspace) -> None:
        self._work = work
        self._files: dict[str, list[Path]] = {}

    def look_at(self, name: str, fresh: Path, incoming: Sequence[Path]) -> Path:
        """Take in the corrections among the new facts of an extract.

        Parameters
        ----------
        fresh
            The extract's new facts, which wait to be published.
        incoming
            All facts of the import's extracts in that table.

        Returns
        -------
        Path
            The facts that remain new: without those of an extract that is older than what the ledger has.
        """
        if not self._work.ledger.files(name) or not self._work.number(_ANY.format(**self._names(name, fresh, incoming))):
            return fresh
        found = self._work.write(_PAIRS.format(**self._names(name, fresh, incoming)))
        late = f'SELECT "row" FROM {parquet([found])} WHERE is_late'
        if self._work.number(f"SELECT count(*) FROM ({late})"):
            news = self._work.write(f'SELECT * FROM {parquet([fresh])} WHERE "row" NOT IN ({late})')
            self._work.replace(name, fresh, news)
            fresh = news
        self._files.setdefault(name, []).append(found)
        return fresh

    def tables(self) -> dict[str, pa.Table]:
        """The corrections of each table, as a batch keeps them: those whose new facts are published."""
        tables = {name: self._published(name, files) for name, files in self._files.items()}
        return {corrections_of(name): table for name, table in tables.items() if table.num_rows}

    def _published(self, name: str, files: Sequence[Path]) -> pa.Table:
        schema, new = correction_table(name).schema, parquet(self._work.new_files[name])
        query = f"""
            SELECT {listed(schema.names)} FROM {parquet(files)} AS c
            SEMI JOIN {new} AS n ON {same("n", "c", columns_of(name))} WHERE NOT is_late ORDER BY ALL"""
        return self._work.con.sql(query).to_arrow_table().cast(schema)

    def _names(self, name: str, fresh: Path, incoming: Sequence[Path]) -> dict[str, str]:
        entity, content, replaced = TABLES[name].entity, columns_of(name, but=["recorded_at", "sequence"]), columns_of(name)
        is_return = 'coalesce("quantity", "value", 0) < 0' if name == "purchases" else "false"
        earlier = self._work.published(corrections_of(name))
        is_it = " AND ".join(f'e."{column}" IS NOT DISTINCT FROM o."{_WAS if column == entity else column}"' for column in replaced)
        known = f"LEFT JOIN {parquet(earlier)} AS e ON {is_it}" if earlier else ""
        return {
            "id": f'"{COUNTED[name]}"',
            "kind": f'"{KIND[name]}"',
            "content": listed(content),
            "columns": listed(columns_of(name)),
            "new": listed(columns_of(name), "n"),
            "old": ", ".join(f'o."{_WAS if column == entity else column}" AS "{REPLACED}{column}"' for column in replaced),
            "once": "true" if name == "purchases" else f"n.event IN {ONCE}",
            "is_return": is_return,
            "first": f"coalesce(e.{FIRST_RECORDED}, o.recorded_at)" if earlier else "o.recorded_at",
            "first_name": FIRST_RECORDED,
            "known": known,
            "is_again": same("stored", "again", content),
            "fresh": parquet([fresh]),
            "incoming": as_merged(self._work, name, parquet(incoming)),
            "stored": as_merged(self._work, name, f'(SELECT *, "{entity}" AS {_WAS} FROM {self._work.current(name)})'),
            "was": _WAS,
            "current": self._work.current(name),
            "seen": self._work.seen,
        }


_ANY = """
    SELECT count(*) FROM (
        SELECT 1 FROM {current} WHERE {id} IN (SELECT {id} FROM {fresh} WHERE {id} IS NOT NULL) LIMIT 1)"""

# Of each id and kind that has news: what the ledger has and the extracts lack (old), and what they have and the ledger lacks (new).
_PAIRS = """
    WITH ids AS (SELECT DISTINCT {id} FROM {fresh} WHERE {id} IS NOT NULL),
    stored AS (SELECT {columns}, {was}, {is_return} AS is_return FROM {stored} SEMI JOIN ids USING ({id}) WHERE "sequence" IS NULL),
    arrived AS (SELECT DISTINCT {content} FROM {incoming} SEMI JOIN ids USING ({id})),
    again AS (SELECT DISTINCT {content} FROM (SELECT {content} FROM stored INTERSECT SELECT {content} FROM arrived)),
    gone AS (
        SELECT *, count(*) OVER (PARTITION BY {id}, {kind}) AS number FROM stored ANTI JOIN again ON {is_again}),
    unknown AS (
        SELECT {id}, {kind}, count(*) AS number FROM (SELECT {content} FROM arrived EXCEPT SELECT {content} FROM stored) GROUP BY ALL)
    SELECT {new}, {old}, {first} AS {first_name}, n."row", o.recorded_at > {seen} AS is_late
    FROM (SELECT *, {is_return} AS is_return FROM {fresh}) AS n
    JOIN unknown AS u ON n.{id} = u.{id} AND n.{kind} IS NOT DISTINCT FROM u.{kind} AND u.number = 1
    JOIN gone AS o ON n.{id} = o.{id} AND n.{kind} IS NOT DISTINCT FROM o.{kind} AND o.number = 1 {known}
    WHERE o.recorded_at <> {seen} AND (
        n.{id} IN (SELECT {id} FROM again)
        OR n.is_return = o.is_return AND (n.occurred_at = o.occurred_at OR {once} AND NOT EXISTS (
            SELECT 1 FROM stored AS b WHERE b.{id} = n.{id}
            AND b.occurred_at > least(n.occurred_at, o.occurred_at) AND b.occurred_at < greatest(n.occurred_at, o.occurred_at))))"""
