"""CRM values of deals at given moments: amount, currency, close date, forecast category; and exchange rates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa
from ibis.backends.duckdb import Backend

from dealml.as_of.latest_values import latest_value
from dealml.as_of.rates import running_rates, with_rates
from dealml.learning.record_lives import lives_query

Tables = Mapping[str, ir.Table]

_MOMENT = pa.timestamp("us", tz="UTC")

_FIELDS = {
    "amount": ("amount", "::TEXT"),
    "currency": ("text", ""),
    "close_date": ("moment", "::DATE::TEXT"),
    "forecast_category": ("text", ""),
}

_LATEST = f"""
    WITH wanted AS (SELECT key, moment AS looked_at, {{life}} AS life_id FROM {{requests}} r {{lives}})
    SELECT key, looked_at AS moment, {", ".join(f"{latest_value(field, *value)} AS {field}" for field, value in _FIELDS.items())}
    FROM wanted JOIN {{changes}} c ON c.deal_id = wanted.life_id AND c.recorded_at < wanted.looked_at
    WHERE field IN {tuple(_FIELDS)} GROUP BY key, looked_at"""

_LIVES = """LEFT JOIN ({lives}) l ON l.record_id = r.key
        AND (l.since IS NULL OR l.since < r.moment) AND (l.until IS NULL OR r.moment <= l.until)"""
"""The life that a record had at the moment: a merged one has the values of all that it is made of."""

_RATES = f"""
    SELECT key, moment, rate FROM ({with_rates("(SELECT *, key AS currency FROM {requests})", "moment", "({rates})")})"""


@dataclass(frozen=True)
class CrmValues:
    """A deal's values in the CRM at a moment."""

    amount: Decimal | None = None
    currency: str = ""
    close_date: date | None = None
    category: str = ""


def crm_values(con: Backend, tables: Tables, requests: Iterable[tuple[str, datetime]]) -> dict[tuple[str, datetime], CrmValues]:
    """What was on record before each moment of each deal; nothing known is an empty entry."""
    pairs = set(requests)
    if "deal_changes" not in tables or not pairs:
        return dict.fromkeys(pairs, CrmValues())
    lives = lives_query(con, tables, "deal_id")
    joined = {"life": "coalesce(l.life_id, key)", "lives": _LIVES.format(lives=lives)} if lives else {"life": "key", "lives": ""}
    rows = _query_rows(con, _LATEST, pairs, changes=f"({con.compile(tables['deal_changes'])})", **joined)
    return dict.fromkeys(pairs, CrmValues()) | {(row["key"], row["moment"]): _entry(row) for row in rows}


def rates(con: Backend, tables: Tables, requests: Iterable[tuple[str, datetime]], currency: str) -> dict[tuple[str, datetime], float]:
    """Units of the project's currency for one unit of another, as last published before each moment; what is not known is left out."""
    pairs = set(requests)
    known_rates = {pair: 1.0 for pair in pairs if pair[0] == currency}
    if "rates" in tables and pairs - known_rates.keys():
        rows = _query_rows(con, _RATES, pairs - known_rates.keys(), rates=running_rates(f"({con.compile(tables['rates'])})"))
        known_rates |= {(row["key"], row["moment"]): float(row["rate"]) for row in rows if row["rate"] is not None}
    return known_rates


def _query_rows(con: Backend, query: str, pairs: set[tuple[str, datetime]], **tables: str) -> list[dict[str, Any]]:
    """The rows of a query about pairs of a key and a moment; its other parts are SQL: tables that it reads are queries in brackets."""
    keys, moments = zip(*sorted(pairs), strict=True)
    given = pa.table({"key": pa.array(keys, pa.string()), "moment": pa.array(moments, _MOMENT)})
    con.con.register("crm_requests", given)
    relation = con.con.sql(query.format(requests="crm_requests", **tables))
    rows: list[dict[str, Any]] = relation.to_arrow_table().to_pylist()
    con.con.unregister("crm_requests")
    return rows


def _entry(row: Mapping[str, str | None]) -> CrmValues:
    amount, close = row["amount"], row["close_date"]
    return CrmValues(
        None if amount is None else Decimal(amount),
        row["currency"] or "",
        None if close is None else date.fromisoformat(close[:10]),
        row["forecast_category"] or "",
    )
