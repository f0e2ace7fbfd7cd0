"""Corrected events: an event with an id of its own that a later extract shows with another amount, date or account.

Of the rows of one id and kind, those that the ledger has and the extracts lack are compared with those that the extracts have and
the ledger lacks. Where there are as many of each, the new ones replace the old ones, from their recording on; in which pairs is
unknown, so they are taken in the order of their moments and values. Fewer new ones replace nothing: an event that is no longer
listed is still one. When a correction is recorded: without `recorded_at` at its extract, else see `both_clocks`.

An extract may also bring only what is new, and then a second event of an id is no correction: a renewal of the next year, a return of
goods. So one of these must hold:

- the extracts show another row of that id again, as full extracts do, and reach back to the old row (by each clock that they have);
- both rows are of one moment;
- it is one row of each, of what happens once to an id (`ONCE`), and nothing else of the id happened between the two moments.

With the first of these there may be more new rows than old ones: the others are new events.

An older extract that is imported late corrects nothing, and its row is no news.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from dealml.importing.identity.events.both_clocks import clocks_of, recorded_once
from dealml.importing.identity.events.repeated_events import COUNTED
from dealml.importing.identity.lives.merged_ids import as_merged
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
    return name in CORRECTED and extract.keep == "all" and "sequence" not in extract.columns


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

    def look_at(self, name: str, fresh: Path, incoming: Sequence[Path], extract: Extract) -> Path:
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
            The facts that remain new, with the moments of their recording: without events that are on record already, and without
            those of an extract that is older than what the ledger has.
        """
        if not self._work.ledger.files(name) or not self._work.number(_ANY.format(**self._names(name, fresh, incoming))):
            return fresh
        clocks = clocks_of(self._work, extract)
        if "recorded_at" in extract.columns:
            fresh = self._instead(name, fresh, recorded_once(self._work, name, fresh, incoming))
        if clocks.is_same_moment:
            return fresh
        found = self._work.write(
            _PAIRS.format(**self._names(name, fresh, incoming), **clocks.in_pairs(as_merged(self._work, name, parquet(incoming))))
        )
        if not self._work.rows(found):
            return fresh
        self._files.setdefault(name, []).append(found)
        is_it = same("f", "p", columns_of(name, but=["recorded_at"]))
        return self._instead(name, fresh, _CORRECTED.format(fresh=parquet([fresh]), found=parquet([found]), is_it=is_it))

    def tables(self) -> dict[str, pa.Table]:
        """The corrections of each table, as a batch keeps them: those whose new facts are published."""
        tables = {name: self._published(name, files) for name, files in self._files.items()}
        return {corrections_of(name): table for name, table in tables.items() if table.num_rows}

    def _instead(self, name: str, fresh: Path, query: str) -> Path:
        """Let the facts of a query wait to be published in place of those of a file."""
        news = self._work.write(query)
        self._work.replace(name, fresh, news)
        return news

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
            "old": ", ".join(f'o."{_WAS if column == entity else column}" AS "{REPLACED}{column}"' for column in replaced),
            "once": "true" if name == "purchases" else f"n.event IN {ONCE}",
            "is_return": is_return,
            "first": f"coalesce(e.{FIRST_RECORDED}, o.recorded_at)" if earlier else "o.recorded_at",
            "first_name": FIRST_RECORDED,
            "known": known,
            "is_again": same("stored", "again", content),
            "is_unknown": same("n", "u", content),
            "fresh": parquet([fresh]),
            "incoming": as_merged(self._work, name, parquet(incoming)),
            "stored": as_merged(self._work, name, f'(SELECT *, "{entity}" AS {_WAS} FROM {self._work.current(name)})'),
            "was": _WAS,
            "prefix": REPLACED,
            "current": self._work.current(name),
            "seen": self._work.seen,
        }


_ANY = """
    SELECT count(*) FROM (
        SELECT 1 FROM {current} WHERE {id} IN (SELECT {id} FROM {fresh} WHERE {id} IS NOT NULL) LIMIT 1)"""

# Of each id and kind that has news: what the ledger has and the extracts lack (gone), and what they have and the ledger lacks (unknown).
_PAIRS = """
    WITH ids AS (SELECT DISTINCT {id} FROM {fresh} WHERE {id} IS NOT NULL),
    stored AS (SELECT {columns}, {was}, {is_return} AS is_return FROM {stored} SEMI JOIN ids USING ({id}) WHERE "sequence" IS NULL),
    arrived AS (SELECT DISTINCT {content} FROM {incoming} SEMI JOIN ids USING ({id})),
    again AS (SELECT DISTINCT {content} FROM (SELECT {content} FROM stored INTERSECT SELECT {content} FROM arrived)),
    gone AS (
        SELECT *, count(*) OVER of_kind AS number, row_number() OVER (of_kind ORDER BY occurred_at, {content}, recorded_at) AS place
        FROM stored ANTI JOIN again ON {is_again} WINDOW of_kind AS (PARTITION BY {id}, {kind})),
    unknown AS (
        SELECT *, count(*) OVER of_kind AS number, row_number() OVER (of_kind ORDER BY is_elsewhen, occurred_at, {content}) AS place
        FROM (SELECT *, ({id}, occurred_at) NOT IN (SELECT ({id}, occurred_at) FROM gone) AS is_elsewhen
              FROM (SELECT {content} FROM arrived EXCEPT SELECT {content} FROM stored))
        WINDOW of_kind AS (PARTITION BY {id}, {kind})),
    news AS (
        SELECT *, {is_return} AS is_return FROM {fresh}
        QUALIFY row_number() OVER (PARTITION BY {content} ORDER BY recorded_at, "row") = 1),
    pairs AS (
        SELECT n.*, {recorded} AS told_at, {is_late} AS is_late, o.number AS gone, u.number AS unknown, {old}, {first} AS {first_name},
               o.is_return AS was_return, n.{id} IN (SELECT {id} FROM again)
                   AND {reaches_back} AS is_shown_again
        FROM news AS n JOIN unknown AS u ON {is_unknown}
        JOIN gone AS o ON u.{id} = o.{id} AND u.{kind} IS NOT DISTINCT FROM o.{kind} AND u.place = o.place {known}
        WHERE o.number <= u.number)
    SELECT * EXCLUDE (told_at, gone, unknown, is_return, was_return, is_shown_again) REPLACE (told_at AS recorded_at) FROM pairs AS n
    WHERE told_at <> {prefix}recorded_at AND (is_shown_again OR gone = unknown AND is_return = was_return AND (
        occurred_at = {prefix}occurred_at OR gone = 1 AND {once} AND NOT EXISTS (
            SELECT 1 FROM stored AS b WHERE b.{id} = n.{id}
            AND b.occurred_at > least(n.occurred_at, {prefix}occurred_at)
            AND b.occurred_at < greatest(n.occurred_at, {prefix}occurred_at))))"""

# What is late is no news; of a correction the pair says when it was recorded.
_CORRECTED = """
    SELECT f.* REPLACE (coalesce(p.recorded_at, f.recorded_at) AS recorded_at)
    FROM {fresh} AS f LEFT JOIN {found} AS p ON f."row" = p."row" AND {is_it}
    WHERE NOT coalesce(p.is_late, false)"""
