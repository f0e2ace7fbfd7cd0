"""Which facts are new: neither in the ledger, nor repeated, nor an old value observed again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dealml.errors import InputError
from dealml.importing.identity.contradictions import contradicting_rows
from dealml.importing.identity.contradictions_over_files import rows_contradicting_other_files
from dealml.importing.identity.empty_cells import without_empty_cells
from dealml.importing.identity.events.corrected_events import CorrectedEvents, may_correct
from dealml.importing.identity.events.repeated_events import COUNTED
from dealml.importing.identity.full_extracts import FULL_EXTRACTS
from dealml.importing.identity.late_extracts import add_what_holds_again
from dealml.importing.identity.latest_rows import latest_of, superseded_rows
from dealml.importing.identity.lives.merged_ids import merged_ids
from dealml.importing.identity.lives.record_lives import RecordLives
from dealml.importing.identity.new_facts import new_facts
from dealml.importing.identity.reopened_deals import reopened_deals, stage_outcomes
from dealml.importing.identity.row_states import outcomes_of_deals, row_states
from dealml.importing.identity.sql import columns_of, listed, parquet
from dealml.importing.identity.workspace import Workspace
from dealml.importing.mapping.extract import Extract
from dealml.importing.sense.rate_jumps import rate_jumps
from dealml.ledger.corrections import CORRECTED
from dealml.ledger.schema import CHANGES_OF, TABLES


@dataclass(frozen=True)
class Sifted:
    """Of an extract: the new facts, the number of rows that have any, and the rows that other rows make doubtful."""

    files: dict[str, Path]
    """By table, each fact with its `row`."""
    fresh: int
    doubtful: Path | None
    """The file of these rows, in the form of `QUARANTINE`; None where there is none."""


def sift_order(extracts: Sequence[Extract]) -> list[int]:
    """The numbers of extracts: first those that tell of merges, last those that show today's values, to compare with histories."""

    def rank(number: int) -> tuple[bool, bool]:
        extract = extracts[number]
        return extract.into != "record_events", bool(extract.into in CHANGES_OF and extract.attributes)

    return sorted(range(len(extracts)), key=rank)


class Deduplicator:
    """Reads the facts of one extract after the other, and keeps the new ones.

    Facts wait in Parquet files, so that memory stays bounded however long the extracts are.

    Parameters
    ----------
    work
        The ledger, and a folder to work in.
    extracts
        The extracts whose files are there; elsewhere they go by their number in this list.
    """

    def __init__(self, work: Workspace, extracts: Sequence[Extract]) -> None:
        self._work, self._extracts = work, extracts
        self._incoming: dict[int, dict[str, list[Path]]] = {}
        self._latest: dict[int, list[Path]] = {}
        self._states: dict[int, list[Path]] = {}
        self._contradicting_other_files: dict[int, Path] = {}
        self._lives = RecordLives(work, extracts)
        self._corrected = CorrectedEvents(work)
        self._sifted: dict[str, list[Path]] = {}

    def add(self, number: int, by_table: dict[str, pa.Table]) -> None:
        """Take in a chunk of an extract: facts of each table with their `row`."""
        for name, facts in by_table.items():
            files = self._incoming.setdefault(number, {}).setdefault(name, [])
            files.append(self._work.folder / f"in-{number}-{name}-{len(files)}.parquet")
            pq.write_table(facts, files[-1], compression="none")

    def look_at(self, number: int, chunk: pd.DataFrame, extract: Extract) -> None:
        """Take in what a chunk of an extract says about its records as such, where the mapping asks for it."""
        self._lives.look_at(number, chunk)
        if extract.latest:
            self._write(self._latest, number, latest_of(chunk, extract, self._work.mapping, self._work.company_zone))
        if outcomes := outcomes_of_deals(self._work, extract):
            self._write(self._states, number, row_states(self._work, chunk, outcomes))

    def compare_files(self) -> None:
        """Before the first sifting: leave out superseded rows of all extracts, and find rows that contradict those of another file."""
        for number, latest in self._latest.items():
            superseded = superseded_rows(latest)
            arrived = self._incoming.pop(number, {})
            if arrived:
                self._incoming[number] = self._without(arrived, f"({superseded})")
            self._lives.leave_out(number, superseded)
        if not self._work.mapping.cross_section:
            self._incoming = without_empty_cells(self._work, self._extracts, self._incoming)
        self._contradicting_other_files = rows_contradicting_other_files(self._work, self._extracts, self._incoming)

    def sift(self, number: int, extract: Extract, keep_contradictions: bool = False) -> Sifted:
        """Keep the new facts of an extract, also those of rows that contradict each other where that is wanted."""
        arrived = self._incoming.pop(number, {})
        incoming, contradicting = self._judged(number, extract, arrived, keep_contradictions)
        if extract.into != "record_events":
            self._work.merged_ids = self._merged_ids
        if extract.keep == "first" and extract.into in incoming:
            incoming = {extract.into: [self._first(extract.into, incoming[extract.into])]}
        fresh = {name: self._news(name, incoming[name], extract) for name in sorted(incoming)}
        for name, files in arrived.items():
            self._done_with(name, files)
        count = self._work.number(f'SELECT count(DISTINCT "row") FROM {parquet([*fresh.values()])}') if fresh else 0
        return Sifted(fresh, count, contradicting)

    def has_fed(self, extract: Extract) -> bool:
        """Whether the ledger has facts from an earlier file of the extract's name."""
        return bool(self._work.fed_by(extract.file, extract.into))

    def conclude(self, allow_quarantine: bool = False) -> Counter[int]:
        """Add what all extracts together say: deleted, restored and merged records, and deals that are open again.

        Returns
        -------
        Counter
            How many facts these are, by the number of the extract that they are counted with.

        Raises
        ------
        InputError
            When records were merged in a circle, or a full extract has lost most of its records and that is not allowed.
        """
        derived = self._lives.conclude(allow_quarantine)
        derived += add_what_holds_again(self._work, self._extracts, self._lives)
        for both in stage_outcomes(self._work.mapping.extracts):
            if query := reopened_deals(self._work, both):
                fed = [number for number, extract in enumerate(self._extracts) if extract in (both.outcomes, both.stages)]
                derived[fed[-1] if fed else 0] += self._work.rows(self._work.add("outcomes", query))
        return derived

    @property
    def names(self) -> list[str]:
        """The names of the tables that have new facts."""
        files = sorted(self._work.new_files.items())
        return [name for name, paths in files if self._work.number(f"SELECT count(*) FROM {parquet(paths)}")]

    def tables(self) -> Iterator[tuple[str, pa.RecordBatchReader]]:
        """The new facts of each table, in an order that does not depend on the order of files and rows."""
        for name in self.names:
            schema = TABLES[name].schema
            yield name, pa.RecordBatchReader.from_batches(schema, self._ordered(name, self._work.new_files[name], schema))

    def extra_files(self) -> dict[str, pa.Table]:
        """What a batch keeps in addition to its facts: the ids of full extracts, and which facts correct others; only what there is."""
        lists = self._lives.full_extracts()
        return self._corrected.tables() | ({} if lists is None else {FULL_EXTRACTS: lists})

    def require_one_value_each(self) -> None:
        """Refuse an entity with two different rows, which a cross-section cannot hold.

        Raises
        ------
        InputError
            Naming the first one.
        """
        for name in sorted({"deals", "accounts", "outcomes", *CHANGES_OF.values()} & self._work.new_files.keys()):
            entity = TABLES[name].entity
            key = f"{entity}, field" if name in CHANGES_OF.values() else entity
            contradictions = self._work.con.sql(_TWICE.format(key=key, stored=self._work.stored(name))).fetchall()
            if contradictions:
                what = ", ".join(str(part) for part in contradictions[0])
                raise InputError(f"{name}: {what}: told twice, and differently; a cross-section tells it once, so mend the source")

    @property
    def merges(self) -> dict[str, str]:
        """By table: the query of the ids in merges that `conclude` will put on record."""
        return self._lives.merges()

    def _write(self, files: dict[int, list[Path]], number: int, rows: pa.Table) -> None:
        files.setdefault(number, []).append(self._work.new_path())
        pq.write_table(rows, files[number][-1])

    @cached_property
    def _merged_ids(self) -> dict[str, Path]:
        return {} if self._work.mapping.cross_section else merged_ids(self._work, self._lives.merged_pairs())

    def _news(self, name: str, incoming: list[Path], extract: Extract) -> Path:
        """The new facts of an extract in a table; those that correct others are taken down."""
        fresh = self._work.add(name, new_facts(self._work, name, parquet(incoming), extract))
        if name in COUNTED and any(other.into == name and other.file != extract.file for other in self._extracts):
            rows = self._work.write(f"SELECT {listed(columns_of(name, but=['recorded_at', 'sequence']))} FROM {parquet(incoming)}")
            self._work.counted_rows.setdefault(name, []).append((extract.file, rows))
        if self._work.mapping.cross_section or not may_correct(name, extract):
            return fresh
        waiting = [path for by_table in self._incoming.values() for path in by_table.get(name, [])]
        return self._corrected.look_at(name, fresh, [*incoming, *waiting, *self._sifted.get(name, [])], extract)

    def _done_with(self, name: str, files: list[Path]) -> None:
        """Remove files of an extract, unless later ones are compared with them."""
        if name in CORRECTED and sum(extract.into == name for extract in self._extracts) > 1:
            self._sifted.setdefault(name, []).extend(files)
            return
        for path in files:
            path.unlink()

    def _judged(
        self, number: int, extract: Extract, arrived: dict[str, list[Path]], keep_contradictions: bool
    ) -> tuple[dict[str, list[Path]], Path | None]:
        """An extract's facts, and the rows that other rows make doubtful, which are left out."""
        in_file = contradicting_rows(self._work, extract, arrived, self._states.pop(number, []))
        if both := [path for path in (in_file, self._contradicting_other_files.pop(number, None)) if path]:
            contradicting = self._work.write(f'SELECT DISTINCT ON ("row") * FROM {parquet(both)} ORDER BY "row", reason')
            return arrived if keep_contradictions else self._without(arrived, parquet([contradicting])), contradicting
        jumps = rate_jumps(self._work, extract, arrived)
        return (self._without(arrived, parquet([jumps])) if jumps else arrived), jumps

    def _without(self, incoming: dict[str, list[Path]], rows: str) -> dict[str, list[Path]]:
        return {
            name: [self._work.write(f'SELECT * FROM {parquet(files)} WHERE "row" NOT IN (SELECT "row" FROM {rows})')]
            for name, files in incoming.items()
        }

    def _ordered(self, name: str, files: Sequence[Path], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        query = f"SELECT * FROM {parquet(files)} ORDER BY {listed(columns_of(name))}"
        for batch in self._work.con.sql(query).to_arrow_reader(100_000):
            yield batch.select(schema.names).cast(schema)

    def _first(self, name: str, incoming: list[Path]) -> Path:
        order = listed(columns_of(name))
        query = _FIRST.format(entity=TABLES[name].entity, incoming=parquet(incoming), stored=self._work.stored(name), order=order)
        return self._work.write(query)


# Of each entity the first fact, unless an earlier one is held.
_FIRST = """
    SELECT * FROM {incoming} AS i
    WHERE NOT EXISTS (SELECT 1 FROM {stored} AS h WHERE h.{entity} = i.{entity} AND h.occurred_at <= i.occurred_at)
    QUALIFY row_number() OVER (PARTITION BY {entity} ORDER BY {order}, "row") = 1"""

# What has a sequence is a history, dates or not.
_TWICE = """SELECT {key} FROM {stored} WHERE "sequence" IS NULL GROUP BY ALL HAVING count(*) > 1 ORDER BY ALL LIMIT 1"""
