"""Exchange rates that jump: one that is many times its currency's last rate, or as small a part of it, is no rate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

from dealml.importing.identity.sql import parquet
from dealml.importing.identity.workspace import Workspace
from dealml.importing.mapping.extract import Extract
from dealml.importing.source_rows import QUARANTINE

KIND = "rate_jump"
_ROWS_AT_ONCE = 10_000


class Rate(NamedTuple):
    """A rate on record, or of a row of the extract."""

    currency: str
    occurred_at: datetime
    rate: float
    row: int | None
    """The row of the extract; None where the rate is on record."""


def rate_jumps(work: Workspace, extract: Extract, incoming: Mapping[str, Sequence[Path]]) -> Path | None:
    """The file of an extract's rates that are out of proportion, as they go to the quarantine; None where there are none.

    A rate is compared with its currency's last one before it, by occurrence, that was not refused: in the ledger, in this import
    or in the file. The first one of a currency is compared with nothing.
    """
    if extract.into != "rates" or "rates" not in incoming:
        return None
    factor = work.settings.largest_rate_change
    rates = _RATES.format(stored=work.stored("rates"), incoming=parquet(incoming["rates"]), order=_ORDER)
    # Most files hold no jump, so the slow way from rate to rate is taken only where two neighbours differ.
    differ = f'"row" IS NOT NULL AND NOT rate BETWEEN before / {factor} AND before * {factor}'
    if not work.number(f"SELECT count(*) FROM ({rates}) WHERE {differ}"):
        return None
    in_order = f'SELECT currency, occurred_at, rate, "row" FROM ({rates}) ORDER BY currency, {_ORDER}'
    path, last = work.new_path(), dict[str, Rate]()
    with pq.ParquetWriter(path, QUARANTINE) as writer:
        for batch in work.con.sql(in_order).to_arrow_reader(_ROWS_AT_ONCE):
            pairs = jumps((Rate(**row) for row in batch.to_pylist()), factor, last)
            refused = [_as_refused(extract, *jump, work.company_zone) for jump in pairs]
            writer.write_table(pa.Table.from_pylist(refused, QUARANTINE))
    return path


def jumps(rates: Iterable[Rate], factor: float, last: dict[str, Rate]) -> Iterator[tuple[Rate, Rate]]:
    """The rates of the extract that are out of proportion, each with the last one that was not.

    Parameters
    ----------
    rates
        In the order of their occurrence, by currency.
    factor
        How many times the last rate a rate may be.
    last
        The last rate of each currency; it is carried on.
    """
    for rate in rates:
        before = last.get(rate.currency)
        if before and rate.row is not None and not before.rate / factor <= rate.rate <= before.rate * factor:
            yield rate, before
        else:
            last[rate.currency] = rate


def _as_refused(extract: Extract, rate: Rate, before: Rate, zone: str) -> dict[str, object]:
    origin = extract.columns["rate"]
    day = f"{before.occurred_at.astimezone(ZoneInfo(zone)):%Y-%m-%d}"
    reason = f"{rate.currency}: {rate.rate:.10g} is no rate after {before.rate:.10g} of {day}"
    hint = "more than [imports] largest_rate_change times more or less"
    cells: dict[str, object] = {
        "file": extract.file,
        "into": extract.into,
        "row": rate.row,
        "column": origin.column,
        "value": f"{rate.rate:.10g}",
    }
    return cells | {"reason": f"{reason}: {hint}", "kind": KIND}


_ORDER = """occurred_at, recorded_at, "sequence", "row" IS NOT NULL, rate, "row\""""

_RATES = """
    SELECT *, lag(rate) OVER (PARTITION BY currency ORDER BY {order}) AS before
    FROM (SELECT *, NULL::BIGINT AS "row" FROM {stored} UNION ALL BY NAME SELECT * FROM {incoming})"""
