"""The selected rows of a chunk while they are parsed; the first mistake of each is remembered."""

from __future__ import annotations

from datetime import UTC, datetime

import pandas as pd
import pyarrow as pa

from dealml.importing.mapping.column import ColumnOf
from dealml.importing.mapping.extract import RECORDS, Extract, tells_currency
from dealml.importing.mapping.mapping import Mapping
from dealml.importing.notes import NoteExample, Notes
from dealml.importing.parse import cells, parse, present, product
from dealml.importing.parsing.amount_limits import AmountLimits, too_large
from dealml.importing.parsing.currencies import not_currencies
from dealml.importing.parsing.ranges import clock_problems, far_dates, number_problems
from dealml.importing.parsing.source_ids import REWRITTEN, rewritten, with_suffix
from dealml.importing.read import BROKEN, LINE

QUARANTINE = pa.schema(
    [(name, pa.string()) for name in ("file", "into")]
    + [("row", pa.int64())]
    + [(name, pa.string()) for name in ("column", "value", "reason", "kind")]
)
"""The form of refused rows; `kind` is a noun that counts them."""


_NO_END = datetime(2299, 1, 1, tzinfo=UTC)
"""Where it does not matter when the extract was taken."""
_DEFAULT_LIMITS = AmountLimits()


class SourceRows:
    """The selected rows of a chunk while they are parsed; remembers the first mistake of each."""

    def __init__(
        self,
        chunk: pd.DataFrame,
        extract: Extract,
        mapping: Mapping,
        extracted_at: datetime = _NO_END,
        company_zone: str = "UTC",
        limits: AmountLimits = _DEFAULT_LIMITS,
    ) -> None:
        self.chunk, self.extract, self.mapping = chunk, extract, mapping.of(extract)
        self.extracted_at, self.company_zone, self.limits, self.notes = extracted_at, company_zone, limits, Notes()
        self.column = pd.Series(None, index=chunk.index, dtype="str")
        self.value = self.column.copy()
        self.reason = chunk[BROKEN].copy()
        self.kind = pd.Series("broken_row", index=chunk.index, dtype="str")

    def parse(self, origin: ColumnOf, kind: str, required: bool = False) -> pd.Series:
        """Parse a column; cells that cannot be understood are remembered and left empty."""
        if origin.times:
            by = ColumnOf(column=origin.times)
            return product(self._parse(origin, "factor", required), self._parse(by, "factor", required))
        return self._parse(origin, kind, required)

    def _parse(self, origin: ColumnOf, kind: str, required: bool) -> pd.Series:
        texts = cells(self.chunk, origin, self.mapping)
        parsed = parse(texts, kind, origin, self.mapping, self.company_zone)
        for note, noted in parsed.notes.items():
            self.note(note, noted.reindex(texts.index, fill_value=False), texts)
        self.refuse(parsed.bad, origin, texts, parsed.reason)
        if required:
            self.refuse(texts.isna(), origin, texts, "is empty; a value is needed", "missing_value")
        return parsed.values.mask(parsed.bad)

    def parse_clock(self, name: str) -> pd.Series:
        """Parse a clock of the facts; one that is out of range is a mistake."""
        origin = self.extract.columns[name]
        values = self.parse(origin, "time", required=True)
        for bad, reason, kind in clock_problems(name, self.extract.into, values, self.extracted_at):
            self.refuse(bad.fillna(False), origin, cells(self.chunk, origin, self.mapping), reason, kind)
        return values

    def parse_date(self, origin: ColumnOf, kind: str) -> pd.Series:
        """Parse a planned date; one that is too far away stands for none."""
        values = self.parse(origin, kind)
        far = far_dates(values, self.extracted_at)
        if far.any():
            self.note("far_date", far, cells(self.chunk, origin, self.mapping))
        return values.mask(far)

    def parse_id(self, origin: ColumnOf, required: bool) -> pd.Series:
        """Parse the id of a record."""
        values = self.parse(origin, "text", required)
        if origin.column:
            self.refuse(rewritten(values), origin, values, REWRITTEN, "rewritten_id")
            self._note_continuations(values, required)
        return with_suffix(values)

    def _note_continuations(self, ids: pd.Series, required: bool) -> None:
        """Note rows of records that have no id: they may continue the row above."""
        nameless = ids.isna() & self.chunk[BROKEN].isna()
        if required and self.extract.into in RECORDS and nameless.any():
            self.note("continuation", nameless, ids)

    def parse_pieces(self, origin: ColumnOf, is_id: bool = False, required: bool = False) -> pd.Series:
        """Parse a column of several texts in a cell; each cell becomes a list, without empty and repeated ones, or is missing."""
        texts = cells(self.chunk, origin, self.mapping)
        pieces = [[] if pd.isna(text) else str(text).split(str(origin.split)) for text in texts]
        flat = present(pd.Series([piece for cell in pieces for piece in cell], dtype="str"), self.mapping)
        rows = pd.Series(texts.index.repeat([len(cell) for cell in pieces]))
        parsed = parse(flat, "text", origin, self.mapping)
        self._refuse_rows(rows[parsed.bad], origin, texts, parsed.reason, "unreadable_value")
        if is_id:
            self._refuse_rows(rows[rewritten(parsed.values)], origin, texts, REWRITTEN, "rewritten_id")
        values = with_suffix(parsed.values) if is_id else parsed.values
        by_row = values.dropna().groupby(rows).agg(lambda group: list(dict.fromkeys(group))).reindex(texts.index)
        if required:
            self.refuse(by_row.isna(), origin, texts, "is empty; a value is needed", "missing_value")
        return by_row.astype(object)

    def _refuse_rows(self, rows: pd.Series, origin: ColumnOf, texts: pd.Series, reason: str, kind: str) -> None:
        self.refuse(pd.Series(texts.index.isin(rows), index=texts.index), origin, texts, reason, kind)

    def parse_currency(self, origin: ColumnOf, required: bool) -> pd.Series:
        """Parse a currency, which is one of ISO 4217."""
        values = self.parse(origin, "text", required)
        self.refuse(not_currencies(values), origin, values, "is no currency of ISO 4217, such as EUR", "unknown_currency")
        return values

    def parse_number(self, name: str, origin: ColumnOf, kind: str, required: bool = False) -> pd.Series:
        """Parse a number or an amount; one that is out of range is a mistake."""
        values = self.parse(origin, kind, required)
        for bad, reason in number_problems(self.extract.into, name, values, origin.negative):
            texts = cells(self.chunk, origin, self.mapping)
            self.refuse(bad.fillna(False).astype(bool), origin, texts, reason, "number_out_of_range")
        if name == "amount" and self.extract.into in ("deals", "deal_changes"):
            self._refuse_too_large(origin, values)
        return values

    def _refuse_too_large(self, origin: ColumnOf, amounts: pd.Series) -> None:
        """Refuse deals' amounts beyond the limit of their currency."""
        suspect = too_large(amounts, self.limits.lowest)
        if not suspect.any():
            return
        currencies, texts = self._currencies(), cells(self.chunk, origin, self.mapping)
        for currency in currencies[suspect].unique():
            limit = self.limits.of(currency) if currency else self.limits.highest
            reason = f"is more than a deal is worth at most{f' in {currency}' if currency else ''}: {limit:,f} ([imports] largest_amount)"
            self.refuse((currencies == currency) & too_large(amounts, limit), origin, texts, reason, "amount_too_large")

    def _currencies(self) -> pd.Series:
        """The currency of each row's amount; empty where only other rows or files tell it."""
        attribute = self.extract.attributes.get("currency")
        elsewhere = any(tells_currency(extract) for extract in self.mapping.extracts if extract != self.extract)
        alone = not elsewhere and not (attribute and self.extract.into == "deal_changes")
        otherwise = self.limits.company_currency if alone or (attribute and self.extract.into == "deals") else ""
        if attribute is None:
            return pd.Series(otherwise, index=self.chunk.index, dtype="str")
        return parse(cells(self.chunk, attribute, self.mapping), "text", attribute, self.mapping).values.fillna(otherwise)

    def note(self, kind: str, rows: pd.Series, texts: pd.Series) -> None:
        """Note something about the cells of some rows."""
        lines = zip(self.chunk[LINE][rows], texts[rows].fillna(""), strict=True)
        self.notes.add(kind, int(rows.sum()), (NoteExample(self.extract.file, int(line), str(text)[:100]) for line, text in lines))

    def refuse(self, bad: pd.Series, origin: ColumnOf, texts: pd.Series, reason: str, kind: str = "unreadable_value") -> None:
        """Remember a mistake of a kind in some rows; of several in one row the first counts."""
        first = bad & self.reason.isna()
        if not first.any():
            return
        self.column[first] = origin.column
        self.value[first] = texts[first]
        self.reason[first] = reason
        self.kind[first] = kind

    @property
    def good(self) -> pd.Series:
        """Which rows hold no mistake."""
        return self.reason.isna()

    def quarantined(self) -> pa.Table:
        """The rows that hold a mistake, with where and why."""
        bad = ~self.good
        frame = pd.DataFrame(
            {
                "file": self.extract.file,
                "into": self.extract.into,
                "row": self.chunk[LINE][bad],
                "column": self.column[bad],
                "value": self.value[bad],
                "reason": self.reason[bad],
                "kind": self.kind[bad],
            }
        )
        return pa.Table.from_pandas(frame, QUARANTINE, preserve_index=False)
