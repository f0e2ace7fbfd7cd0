"""The quarantine of an import: refused rows, written as they come so that memory stays bounded."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dealml.errors import InputError
from dealml.importing.import_settings import ImportSettings
from dealml.importing.report import ExtractCounts
from dealml.importing.sense.kinds import DEFAULTS
from dealml.importing.source_rows import QUARANTINE

MOST_EXAMPLES = 20
LONGEST_VALUE = 200
"""How many characters of a refused cell are stored."""
_SHOWN = 3
_ROWS_AT_ONCE = 50_000


class Quarantine:
    """Where an import's refused rows go.

    Parameters
    ----------
    writer
        Writes them, in the form of `QUARANTINE`.
    """

    def __init__(self, writer: pq.ParquetWriter) -> None:
        self._writer = writer
        self.examples: list[dict[str, object]] = []
        """The first rows."""
        self.kinds: Counter[str] = Counter()
        """How many rows, by kind of mistake."""
        self._reasons: dict[str, Counter[str]] = {}
        self._shown: dict[str, list[str]] = {}
        self._firsts: dict[str, str] = {}

    def add(self, rows: pa.Table) -> int:
        """Take in refused rows; how many there were."""
        if not rows.num_rows:
            return 0
        value = rows["value"]
        rows = rows.set_column(rows.schema.get_field_index("value"), "value", pc.utf8_slice_codeunits(value, 0, LONGEST_VALUE))
        self._writer.write_table(rows)
        self.examples += rows.slice(0, MOST_EXAMPLES - len(self.examples)).to_pylist()
        self._show(rows)
        for group in rows.group_by(["into", "kind", "column"]).aggregate([([], "count_all")]).to_pylist():
            kind, column, table = group["kind"], group["column"], group["into"]
            if kind not in self.kinds:
                self._firsts[kind] = _written(rows.filter(pc.equal(rows["kind"], kind)).slice(0, 1).to_pylist()[0])
            self.kinds[kind] += group["count_all"]
            self._reasons.setdefault(table, Counter())[f"{kind} in {column}" if column else kind] += group["count_all"]
        return int(rows.num_rows)

    def _show(self, rows: pa.Table) -> None:
        """Keep the first rows of each fact table in words: those of one must not crowd out those of another."""
        for table in pc.unique(rows["into"]).to_pylist():
            shown = self._shown.setdefault(table, [])
            first = rows.filter(pc.equal(rows["into"], table)).slice(0, _SHOWN - len(shown))
            shown += map(_written, first.to_pylist())

    def add_file(self, path: Path) -> int:
        """Take in the refused rows of a Parquet file, however many; how many there were."""
        return sum(self.add(pa.Table.from_batches([batch]).cast(QUARANTINE)) for batch in pq.ParquetFile(path).iter_batches(_ROWS_AT_ONCE))

    def require_none(self, settings: ImportSettings) -> None:
        """Refuse an import with rows of a kind that the project refuses.

        Raises
        ------
        InputError
            With the first such row, and how many there are.
        """
        for kind, first in self._firsts.items():
            if kind in DEFAULTS and settings.action(kind) == "refuse":
                raise InputError(f"{first} ({self.kinds[kind]:,} × {kind}); [imports] {kind} in dealml.toml says what becomes of such rows")

    def require_few(self, counts: Sequence[ExtractCounts], settings: ImportSettings) -> None:
        """Refuse an import of which too many rows of a fact table, over all files that feed it, were quarantined.

        Raises
        ------
        InputError
            With the counts by reason, and the first rows.
        """
        for table in dict.fromkeys(count.into for count in counts):
            rows = sum(count.rows_in for count in counts if count.into == table)
            refused = sum(count.quarantined for count in counts if count.into == table)
            too_many = refused >= settings.quarantine_rows and refused > settings.quarantine_share * rows
            if refused and (refused == rows or too_many):
                raise InputError(self._too_many(table, rows, refused))

    def _too_many(self, table: str, rows: int, refused: int) -> str:
        reasons = ", ".join(f"{number:,} × {reason}" for reason, number in self._reasons[table].most_common(_SHOWN))
        shown = "; ".join(self._shown[table])
        how = "import without them by --allow-quarantine"
        return f"{table}: {refused:,} of {rows:,} rows would be quarantined ({reasons}), so nothing was imported: {shown}; {how}"


@contextmanager
def quarantine_in(path: Path) -> Iterator[Quarantine]:
    """A quarantine that is written to a Parquet file, which is whole at the end."""
    with pq.ParquetWriter(path, QUARANTINE, compression="zstd") as writer:
        yield Quarantine(writer)


def _written(row: dict[str, object]) -> str:
    return f"{row['file']}:{row['row']}: {row['column'] or 'row'}: {str(row['value'] or '')[:40]!r}: {row['reason']}"
