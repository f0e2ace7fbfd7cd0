"""The record of deals: the state and the amount of each at any moment, and every win.

Everything here depends on facts recorded before the moment that it speaks of, so a record opened today
says of a past moment what one opened then would have said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pandas as pd
from ibis.backends.duckdb import Backend

from dealml.as_of.known_tables import in_order
from dealml.as_of.latest_values import latest_value
from dealml.as_of.lives import MARK
from dealml.as_of.rates import rates_at, running_rates, with_rates
from dealml.as_of.states import open_spells, states
from dealml.errors import InputError
from dealml.learning.record_lives import LIFE_SPANS, NO_SPANS, clip_to_lives, lives_query
from dealml.learning.view import View
from dealml.ledger.schema import TABLES
from dealml.ledger.sql import literal

Floats = npt.NDArray[np.float64]

CUTS = {"team": "team", "segment": "segment", "kind": "deal_type"}
"""How money is grouped, and the attribute of a deal that says it."""
UNKNOWN = "not on record"
"""Where a deal lacks the attribute that money is grouped by."""

_ATTRIBUTES = {
    **{name: (("text",), field) for name, field in CUTS.items()},
    "stage": (("text",), "stage"),
    "category": (("text",), "forecast_category"),
    "currency": (("text",), "currency"),
    "amount": (("amount", "::DOUBLE"), "amount"),
    "close_date": (("moment",), "close_date"),
}

_WINS = f"""
    WITH won AS (
        SELECT deal_id, since AS won_at, greatest(since, coalesce(began, since)) AS known_at,
               least(coalesce(until, ended), coalesce(ended, until)) AS undone_at
        FROM ({{states}}) LEFT JOIN life_spans USING (deal_id)
        WHERE status = 'won' AND (ended IS NULL OR greatest(since, coalesce(began, since)) < ended)),
    known AS (
        SELECT w.deal_id, w.won_at, w.known_at, w.undone_at, {{latest}}
        FROM won w LEFT JOIN record_changes c ON w.deal_id = c.deal_id AND w.won_at >= c.recorded_at GROUP BY ALL)
    {with_rates("known", "won_at", "record_rates")}"""

_OPEN = f"""
    WITH open AS (
        SELECT DISTINCT m.as_of, p.deal_id FROM moments_asked m JOIN deal_spells p
        ON p.since < m.as_of AND m.as_of <= coalesce(p.until, 'infinity'::TIMESTAMPTZ)),
    known AS (
        SELECT o.as_of, o.deal_id, {{latest}}
        FROM open o LEFT JOIN record_changes c ON o.deal_id = c.deal_id AND o.as_of > c.recorded_at GROUP BY ALL)
    {with_rates("known", "as_of", "record_rates")}"""

_STAGES = """
    WITH ends AS (
        SELECT deal_id, status AS outcome, since AS ended_at FROM ({states}) LEFT JOIN life_spans USING (deal_id)
        WHERE since < {at} AND (until IS NULL OR until >= {at}) AND status <> 'open'
          AND (began IS NULL OR began < {at}) AND (ended IS NULL OR ended >= {at})),
    passed AS (
        SELECT DISTINCT deal_id, text AS stage FROM record_changes JOIN ends USING (deal_id)
        WHERE field = 'stage' AND text IS NOT NULL AND recorded_at < ended_at)
    SELECT stage, count(*) AS closed, count(*) FILTER (WHERE outcome = 'won') AS won
    FROM passed JOIN ends USING (deal_id) GROUP BY stage"""


@dataclass(frozen=True)
class Record:
    """The deals of a view, at any moment up to its end."""

    con: Backend
    currency: str
    first: datetime
    """When the first deal went on record."""
    end: datetime
    """Nothing recorded at or after this moment is in it."""
    wins: pd.DataFrame
    """Each time a deal went on record as won, in the order of time: `deal_id`, `won_at`, `undone_at` (missing where it stands), `money`,
    which is the deal's amount as known then at the rate known then (nan where there is none), and `CUTS`. A deal whose record was
    deleted or merged has a row for each of its lives: a win stands until the life is over, and that of a later life is known from
    its beginning on (`known_at`, else the same as `won_at`)."""

    @classmethod
    def of(cls, view: View, currency: str) -> Record:
        """Read the record from a view of deals.

        Parameters
        ----------
        currency
            The one that money is added up in.

        Raises
        ------
        InputError
            When the view holds no deals.
        """
        con = view.con
        _prepare(view)
        first = con.raw_sql("SELECT min(recorded_at) FROM record_deals").fetchone()[0]
        if first is None:
            raise InputError(f"no deal was on record before {view.end:%Y-%m-%d}; choose a later --as-of")
        wins = with_money(_frame(con, _WINS.format(latest=_latest(), states=states()), "won_at", "deal_id", "known_at"), currency)
        return cls(con, currency, first.astimezone(view.end.tzinfo), view.end, wins)

    def open_at(self, moments: Sequence[datetime]) -> pd.DataFrame:
        """Every deal open at each moment as it was known then.

        Returns
        -------
        DataFrame
            `as_of`, `deal_id`, `CUTS`, `stage`, `category` (of the forecast), `close_date`, `amount`, `currency`, `rate` and
            `money`, in the order of moment and deal.
        """
        moment_rows = ", ".join(f"({literal(moment)})" for moment in moments)
        self.con.raw_sql(f"CREATE OR REPLACE TEMP TABLE moments_asked AS SELECT * FROM (VALUES {moment_rows}) AS v(as_of)")
        return with_money(_frame(self.con, _OPEN.format(latest=_latest()), "as_of", "deal_id"), self.currency)

    def rates(self, at: datetime) -> dict[str, float]:
        """By currency, units of the project's for one of it, as known at a moment; the project's own is 1 where none is published."""
        table = _frame(self.con, rates_at("record_rates", literal(at)), "currency")
        return {self.currency: 1.0} | {str(name): float(rate) for name, rate in zip(table["currency"], table["rate"], strict=True)}

    def stage_rates(self, at: datetime) -> dict[str, float]:
        """Of the deals that had passed each stage and were won or lost by a moment, the share that was won."""
        table = _frame(self.con, _STAGES.format(at=literal(at), states=states()), "stage")
        shares = table["won"].to_numpy(dtype=np.float64) / table["closed"].to_numpy(dtype=np.float64)
        return {str(stage): float(share) for stage, share in zip(table["stage"], shares, strict=True)}


def with_money(table: pd.DataFrame, currency: str) -> pd.DataFrame:
    """A table with its amounts converted: at their rate; as they are where they are in the project's currency, or name none."""
    amount = table["amount"].to_numpy(dtype=np.float64, na_value=np.nan)
    rate = table["rate"].to_numpy(dtype=np.float64, na_value=np.nan)
    in_own_currency = (table["currency"].isna() | (table["currency"] == currency)).to_numpy(dtype=np.bool_)
    texts = {name: table[name].astype(object).where(table[name].notna(), UNKNOWN) for name in CUTS}
    return table.assign(money=amount * np.where(in_own_currency & np.isnan(rate), 1.0, rate), **texts)


def _prepare(view: View) -> None:
    con, tables = view.con, view.tables
    for name in {"deals", "outcomes", "rates"} & set(tables):
        con.create_view(name, tables[name], overwrite=True)
    con.raw_sql("CREATE OR REPLACE TEMP TABLE record_deals AS SELECT deal_id, recorded_at FROM deals")
    con.raw_sql(f"CREATE OR REPLACE TEMP TABLE spells AS {open_spells()}")
    lives = lives_query(con, tables, "deal_id")
    if lives:
        clip_to_lives(con, "deal_id", lives, [])
    con.raw_sql("CREATE OR REPLACE TEMP TABLE deal_spells AS SELECT * FROM spells")
    con.raw_sql(f"CREATE OR REPLACE TEMP TABLE life_spans AS {LIFE_SPANS.format(lives=lives) if lives else NO_SPANS}")
    for name in {"deal_changes", "rates"} - set(tables):
        con.con.register(f"no_{name}", TABLES[name].empty_in_order)
    changes = con.compile(_attribute_changes(tables["deal_changes"])) if "deal_changes" in tables else "FROM no_deal_changes"
    con.raw_sql(f"CREATE OR REPLACE TEMP TABLE record_changes AS {changes}")
    con.raw_sql(f"CREATE OR REPLACE TEMP TABLE record_rates AS {running_rates('rates' if 'rates' in tables else 'no_rates')}")


def _attribute_changes(changes: ir.Table) -> ir.Table:
    """Changes of the attributes; those of others are left out before the rest is put in order, which takes the longest."""
    attributes = changes.drop("_order").filter(changes.field.isin([field for _, field in _ATTRIBUTES.values()]))
    return in_order(attributes, "deal_changes", "deal_id").select(
        "deal_id", "recorded_at", "field", "text", "number", "amount", "moment", "_order"
    )


def _frame(con: Backend, query: str, *by: str) -> pd.DataFrame:
    con.raw_sql(f"CREATE OR REPLACE TEMP TABLE query_result AS {query}")
    table: pd.DataFrame = con.to_pyarrow(con.table("query_result")).to_pandas()
    if "deal_id" in table:
        table["deal_id"] = table["deal_id"].str.replace(f"{MARK}.*", "", regex=True)
    return table.sort_values(list(by), ignore_index=True)


def _latest() -> str:
    return ", ".join(f"{latest_value(field, *column)} AS {name}" for name, (column, field) in _ATTRIBUTES.items())
