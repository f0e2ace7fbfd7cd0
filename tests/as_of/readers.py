"""What every reader of the ledger says of the deals that are open at a moment: the deal and its amount."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from dealml import Model, Shown, Won
from dealml.as_of.connection import connect
from dealml.as_of.known_tables import known_tables
from dealml.as_of.lives import record_of
from dealml.features.definition import features_in
from dealml.forecast.deals_as_of import DealsAsOf
from dealml.forecast.record import Record
from dealml.judgement.crm_values import crm_values
from dealml.learning.snapshots import spells
from dealml.learning.view import View
from dealml.ledger.ledger import Ledger
from dealml.period import Period
from dealml.sales_metrics.facts import derive, read
from features import economics

Open = dict[str, float | None]
SPEC = Model("deals", "deal_id", (Won(),), (30,), 30, tuple(f for f in features_in(economics) if f.name == "amount"), Shown())
END = datetime.fromisoformat("2026-06-01T00:00:00+00:00")


def _amounts(rows: list[dict[str, Any]]) -> Open:
    return {row["deal_id"]: None if row["amount"] is None or row["amount"] != row["amount"] else float(row["amount"]) for row in rows}


def of_features(ledger: Ledger, at: datetime) -> Open:
    """The scoring population and its feature `amount`."""
    return _amounts(View.of(ledger, SPEC, at).at_stake().to_dict("records"))


@lru_cache(maxsize=1)
def _view(ledger: Ledger) -> View:
    """The ledger opened later: it is asked about many moments."""
    return View.of(ledger, SPEC, END)


@lru_cache(maxsize=1)
def _record(ledger: Ledger) -> Record:
    return Record.of(_view(ledger), "EUR")


@lru_cache(maxsize=1)
def _standing(ledger: Ledger) -> DealsAsOf:
    return DealsAsOf.of(ledger, END, "EUR")


def of_record(ledger: Ledger, at: datetime) -> Open:
    """What forecasts and their backtests read, opened later."""
    return _amounts(_record(ledger).open_at([at]).to_dict("records"))


def of_standing(ledger: Ledger, at: datetime) -> Open:
    """What reviews and waterfalls read, opened later."""
    table = _standing(ledger).standing(at, Period.around(at))
    return _amounts(table[table["status"] == "open"].to_dict("records"))


def of_metrics(ledger: Ledger, at: datetime) -> Open:
    """The pipeline at the start of a period, opened later."""
    con = connect()
    read(con, ledger, END)
    derive(con, "EUR", [Period(at, END)])
    return _amounts(con.con.sql("SELECT deal_id, amount FROM pipeline").to_arrow_table().to_pylist())


def of_judgement(ledger: Ledger, at: datetime) -> Open:
    """The values in the CRM of the deals in the scoring population."""
    con, deals = connect(), sorted(of_spells(ledger, at))
    values = crm_values(con, known_tables(con, ledger, END), [(deal, at) for deal in deals])
    return {deal: None if (amount := values[deal, at].amount) is None else float(amount) for deal in deals}


def of_spells(ledger: Ledger, at: datetime) -> set[str]:
    """The deals whose spells, as labels are made of, hold the moment."""
    view = _view(ledger)
    rows = view.con.to_pyarrow(spells(view.con, view.tables, "deal_id", view.outcome)).to_pylist()
    return {record_of(row["deal_id"]) for row in rows if row["since"] < at and (row["until"] is None or at <= row["until"])}


READERS = {
    "features": of_features,
    "record": of_record,
    "standing": of_standing,
    "metrics": of_metrics,
    "judgement": of_judgement,
}
"""Every reader, by the part of dealml that it serves."""
