"""The state of deals at a moment, read from the ledger as it was known then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pandas as pd
import pyarrow as pa
from ibis.backends.duckdb import Backend

from dealml.as_of.connection import QuerySettings, connect
from dealml.as_of.known_tables import order_of
from dealml.as_of.latest_values import latest_value
from dealml.as_of.lives_form import resolved
from dealml.as_of.rates import running_rates, with_rates
from dealml.as_of.states import closings, states
from dealml.formatting import day
from dealml.ledger.fact_files import stored_facts
from dealml.ledger.ledger import Ledger
from dealml.ledger.schema import TABLES
from dealml.ledger.sql import literal
from dealml.period import Period

FIELDS = {
    "amount": "amount",
    "currency": "text",
    "close_date": "moment",
    "team": "text",
    "name": "text",
    "stage": "text",
    "forecast_category": "text",
    "competitor": "text",
}
"""Attributes of a deal that a review speaks of, with the column of `deal_changes` that holds each."""

OF_DEALS = ("deals", "deal_changes", "outcomes", "activities")
"""Tables whose facts follow a deal that the CRM merges or deletes."""

_DEALS = """
    CREATE OR REPLACE TEMP TABLE standing AS
    WITH current AS (SELECT * FROM ({closings}) WHERE until IS NULL)
    SELECT deal_id, created_at, known_at, coalesce(status, 'open') AS status, since AS ended_at,
           CASE status WHEN 'won' THEN since END AS won_at, reason, competitor AS rival
    FROM (SELECT deal_id, min(occurred_at) AS created_at, min(recorded_at) AS known_at FROM deals WHERE recorded_at < $at GROUP BY deal_id)
         LEFT JOIN (SELECT * FROM current WHERE turn > 1) USING (deal_id)
    WHERE status IS NULL OR status = 'open' OR since >= $since OR (status = 'won' AND since >= $from AND since < $until)"""

_CHANGES = """
    SELECT deal_id, {latest}
    FROM {changes} GROUP BY deal_id"""

_CHANGES_OF_STANDING = """(
    SELECT *, {order} AS _order FROM deal_changes SEMI JOIN standing USING (deal_id) WHERE recorded_at < $at AND field IN ({fields}))"""

_RECORD_CHANGES = """
    WITH changes AS (
        SELECT record_id AS deal_id, recorded_at, CASE event WHEN 'merged' THEN 'Merged into ' || into_id
               WHEN 'deleted' THEN 'Deleted' ELSE 'Restored' END AS what
        FROM record_events WHERE kind = 'deal'
        UNION ALL
        SELECT into_id, recorded_at, 'Merged with ' || record_id FROM record_events WHERE kind = 'deal' AND event = 'merged')
    SELECT deal_id, arg_max(what, (recorded_at, what)), max(recorded_at) FROM changes WHERE recorded_at >= {since} GROUP BY deal_id"""

_SILENT = """
    SELECT deal_id, max(occurred_at) AS active_at FROM activities SEMI JOIN standing USING (deal_id)
    WHERE recorded_at < $at AND occurred_at <= $at GROUP BY deal_id"""


@dataclass(frozen=True)
class DealsAsOf:
    """A connection to the ledger as known at a moment; nothing recorded later can be queried."""

    con: Backend
    tables: frozenset[str]
    end: datetime
    currency: str
    """The project's: an amount without a currency is taken to be in it, and it needs no rate."""

    @classmethod
    def of(cls, ledger: Ledger, end: datetime, currency: str, settings: QuerySettings = QuerySettings()) -> DealsAsOf:  # noqa: B008  (frozen)
        """Open a ledger at a moment."""
        con, tables = connect(settings), frozenset(ledger.tables)
        followed = OF_DEALS if "record_events" in tables else ()
        for name in tables:
            view = f"recorded_{name}" if name in followed else name
            facts = stored_facts(TABLES[name], ledger.files(name))
            con.raw_sql(f"CREATE VIEW {view} AS SELECT * FROM {facts} WHERE recorded_at < {literal(end)}")
        if "outcomes" not in tables:
            con.con.register("outcomes", TABLES["outcomes"].empty)
        past = cls(con, tables, end, currency)
        past._resolve(end)
        return past

    def _resolve(self, at: datetime) -> None:
        """Let the tables of deals show the records that were there at a moment: merged ones under one id, deleted ones not at all."""
        if "record_events" not in self.tables:
            return
        events = self.con.table("record_events")
        recorded = {name: self.con.table(f"recorded_{name}") for name in self.tables & set(OF_DEALS)}
        present = resolved(self.con, {**recorded, "record_events": events.filter((events.recorded_at < at) & (events.kind == "deal"))}, at)
        for name, table in present.items():
            self.con.raw_sql(f"CREATE OR REPLACE TEMP VIEW {name} AS {self.con.compile(table)}")

    def standing(self, at: datetime, period: Period, since: datetime | None = None) -> pd.DataFrame:
        """The deals that matter to a period, as they stood at a moment.

        Parameters
        ----------
        at
            Not after the connection's own; only what was on record before it counts.
        since
            Deals that closed at or after this moment matter too, whenever and however; default the moment itself.

        Returns
        -------
        DataFrame
            A row for each deal that is open, won in the period, or closed since: `deal_id`, `status` (open, won, lost),
            `created_at`, `known_at`, `ended_at`, `won_at`, `reason`, `rival`, what is known of its `FIELDS` (`close` for close_date),
            `rate` (of the moment; of the moment of winning where it is won) and `active_at`, its last activity.

        Notes
        -----
        A win counts from when it was on record, as in the labels that models learn from: so nothing recorded later changes what
        was won in a period.
        """
        self._resolve(at)
        where = {"at": at, "since": since or at, "from": period.start, "until": period.end}
        self._run(_DEALS.format(closings=closings(_recorded_before("deals"), _recorded_before("outcomes"))), where)
        table = self._read("SELECT * FROM standing", where)
        table = table.merge(self._changes(where), how="left", on="deal_id").rename(columns={"close_date": "close"})
        table["team"] = table["team"].fillna("")
        table["currency"] = table["currency"].fillna(self.currency)
        return self._with_rates(self._with_silence(table, where), at).sort_values("deal_id", ignore_index=True)

    def record_changes(self, since: datetime) -> dict[str, str]:
        """By deal, what the CRM last did to its record at or after a moment, in words: deleted, restored, merged into another."""
        if "record_events" not in self.tables:
            return {}
        return {deal: f"{what} on {day(at)}" for deal, what, at in self.read(_RECORD_CHANGES.format(since=literal(since))).to_numpy()}

    def _changes(self, where: dict[str, datetime]) -> pd.DataFrame:
        if "deal_changes" not in self.tables:
            return pd.DataFrame({"deal_id": pd.Series(dtype="str")}).assign(**dict.fromkeys(FIELDS))
        latest = ", ".join(
            f"{latest_value(field, column, '::DOUBLE' if column == 'amount' else '')} AS {field}" for field, column in FIELDS.items()
        )
        fields = ", ".join(f"'{field}'" for field in FIELDS)
        changes = _CHANGES_OF_STANDING.format(order=order_of("deal_changes"), fields=fields)
        return self._read(_CHANGES.format(latest=latest, changes=changes), where)

    def _with_silence(self, table: pd.DataFrame, where: dict[str, datetime]) -> pd.DataFrame:
        if "activities" not in self.tables:
            return table.assign(active_at=pd.Series(pd.NaT, index=table.index, dtype="datetime64[us, UTC]"))
        return table.merge(self._read(_SILENT, where), how="left", on="deal_id")

    def rates(self, requests: pd.DataFrame) -> pd.Series:
        """The exchange rate on record at each moment: units of the project's currency for one of another, nan where there is none.

        Parameters
        ----------
        requests
            `currency` and `rated_at`.
        """
        if "rates" in self.tables:
            wanted = pa.Table.from_pandas(requests[["currency", "rated_at"]].drop_duplicates(), preserve_index=False)
            self.con.con.register("priced", wanted)
            known_rates = self.read(with_rates("priced", "rated_at", f"({running_rates(self.in_order('rates'))})"))
            rate = requests.merge(known_rates, how="left", on=["currency", "rated_at"])["rate"]
        else:
            rate = pd.Series(float("nan"), index=range(len(requests)))
        # A rate of the project's own currency is rarely published.
        in_own_currency = (requests["currency"] == self.currency).to_numpy()
        return rate.where(rate.notna() | ~in_own_currency, 1.0)

    def _with_rates(self, table: pd.DataFrame, at: datetime) -> pd.DataFrame:
        rated_at = table["won_at"].where(table["status"] == "won", pd.Timestamp(at).tz_convert(table["won_at"].dt.tz))
        return table.assign(rate=self.rates(table[["currency"]].assign(rated_at=rated_at)).to_numpy(dtype="float64"))

    def in_order(self, name: str) -> str:
        """A table with `_order`, the place of each fact within its entity, as a query in brackets."""
        return f"(SELECT *, {order_of(name)} AS _order FROM {name})"

    @property
    def states(self) -> str:
        """The query of every spell of a deal in one state (`dealml.as_of.states`)."""
        return states(self.in_order("deals"), self.in_order("outcomes"))

    def read(self, query: str) -> pd.DataFrame:
        """The result of a query of the tables."""
        return self._read(query, {})

    def _run(self, query: str, where: dict[str, datetime]) -> None:
        self.con.raw_sql(_filled(query, where))

    def _read(self, query: str, where: dict[str, datetime]) -> pd.DataFrame:
        frame: pd.DataFrame = self.con.con.sql(_filled(query, where)).to_arrow_table().to_pandas()
        return frame


def _recorded_before(name: str) -> str:
    return f"(SELECT *, {order_of(name)} AS _order FROM {name} WHERE recorded_at < $at)"


def _filled(query: str, where: dict[str, datetime]) -> str:
    for name, moment in where.items():
        query = query.replace(f"${name}", literal(moment))
    return query
