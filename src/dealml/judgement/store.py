"""Overrides in the score database: append-only, each with the model's prediction. None replaces another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Column, Date, DateTime, Float, MetaData, String, Table, Text, inspect, select

from dealml.judgement.override import ModelPrediction, Override, StoredOverride
from dealml.scoring.database import append, create_tables, database, in_utc
from dealml.scoring.store_version import VERSION_SCHEMA, check_version, mark_version

_METADATA = MetaData()

OVERRIDES = Table(
    "overrides",
    _METADATA,
    Column("override_id", String(16), primary_key=True),
    Column("model", String(200), primary_key=True),
    Column("model_digest", String(64), primary_key=True),
    Column("deal_id", String(500), nullable=False, index=True),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("stored_at", DateTime(timezone=True), nullable=False),
    Column("until", DateTime(timezone=True), nullable=False),
    Column("probability", Float(53)),
    # Texts, since SQLite has no exact decimals.
    Column("amount", String(40)),
    Column("currency", String(3), nullable=False),
    Column("close_date", Date),
    Column("why", Text, nullable=False),
    Column("who", String(200), nullable=False),
    Column("model_version", BigInteger, nullable=False),
    Column("model_trained_through", DateTime(timezone=True), nullable=False),
    Column("model_probability", Float(53), nullable=False),
    Column("model_amount", String(40)),
    Column("model_currency", Text, nullable=False),
    Column("model_close_date", Date),
    Column("forecast_category", Text, nullable=False),
)


def append_overrides(url: str, overrides: Sequence[StoredOverride]) -> int:
    """Add overrides that are not stored yet for the same model version, all or none of them. Returns how many were new.

    Raises
    ------
    SetupError
        When the database cannot be reached or written.
    """
    with database(url) as engine:
        check_version(engine)
        create_tables(engine, _METADATA, VERSION_SCHEMA)
        with engine.begin() as connection:
            mark_version(connection)
            return append(connection, OVERRIDES, [_row(stored) for stored in overrides])


def stored_overrides(url: str, model: str | None = None, zone: tzinfo = UTC) -> list[StoredOverride]:
    """Every override, in the order in which they were made; an override with several predictions comes once for each.

    Parameters
    ----------
    model
        Only those with a prediction of this model.
    zone
        Where its moments are told: the company's.

    Raises
    ------
    SetupError
        When the database cannot be reached or read.
    """
    query = select(OVERRIDES).order_by(OVERRIDES.c.made_at, OVERRIDES.c.stored_at, OVERRIDES.c.override_id)
    with database(url) as engine:
        # Reading must not create the database.
        if engine.url.get_backend_name() == "sqlite" and not Path(engine.url.database or "").is_file():
            return []
        check_version(engine)
        if not inspect(engine).has_table(OVERRIDES.name):
            return []
        with engine.connect() as connection:
            rows = connection.execute(query if model is None else query.where(OVERRIDES.c.model == model)).mappings()
            return [_stored_override(row, zone) for row in rows]


def _row(stored: StoredOverride) -> dict[str, Any]:
    override, prediction = stored.override, stored.model_prediction
    return {
        "override_id": override.override_id,
        "deal_id": override.deal_id,
        "made_at": override.made_at,
        "stored_at": stored.stored_at,
        "until": override.until,
        "probability": override.probability,
        "amount": None if override.amount is None else f"{override.amount:f}",
        "currency": override.currency,
        "close_date": override.close_date,
        "why": override.why,
        "who": override.who,
        "model": prediction.model,
        "model_version": prediction.version,
        "model_digest": prediction.digest,
        "model_trained_through": prediction.trained_through,
        "model_probability": prediction.probability,
        "model_amount": None if prediction.amount is None else f"{prediction.amount:f}",
        "model_currency": prediction.currency,
        "model_close_date": prediction.close_date,
        "forecast_category": prediction.category,
    }


def _stored_override(row: Mapping[Any, Any], zone: tzinfo) -> StoredOverride:
    override = Override(
        row["deal_id"],
        in_utc(row["made_at"]).astimezone(zone),
        in_utc(row["until"]).astimezone(zone),
        row["probability"],
        _amount(row["amount"]),
        row["currency"],
        _day(row["close_date"]),
        row["why"],
        row["who"],
    )
    prediction = ModelPrediction(
        row["model"],
        row["model_version"],
        row["model_digest"],
        in_utc(row["model_trained_through"]),
        row["model_probability"],
        _amount(row["model_amount"]),
        row["model_currency"],
        _day(row["model_close_date"]),
        row["forecast_category"],
    )
    return StoredOverride(override, prediction, in_utc(row["stored_at"]))


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _day(day: date | datetime | None) -> date | None:
    return day.date() if isinstance(day, datetime) else day
