"""The stored probabilities of one model as of a moment, without reasons and features: quick to read for many entities."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pandas as pd
from sqlalchemy import case, func, select

from dealml.scoring.database import database, in_utc
from dealml.scoring.store import SCORES, is_stored


@dataclass(frozen=True, eq=False)
class StoredProbabilities:
    """The probabilities of the last scoring run before or at a moment."""

    model: str
    as_of: datetime
    """The moment of the scores."""
    horizon_days: int
    version: int
    """The latest of the versions that scored then."""
    by_entity: pd.Series
    """The probability at the horizon, by the entity's id."""


def stored_probabilities(url: str, model: str, at: datetime, oldest: timedelta, ledger_digest: str) -> StoredProbabilities | None:
    """The probabilities at the longest horizon of the last run at or before a moment; None where there is none so young.

    Parameters
    ----------
    oldest
        How long before the moment a run may lie.
    ledger_digest
        The ledger of today: where one moment was scored from several ledgers, its scores come first, then those of the latest version.

    Raises
    ------
    SetupError
        When the database cannot be read.
    """
    with database(url) as engine:
        if not is_stored(engine):
            return None
        of_model = SCORES.c.model == model
        within = (SCORES.c.as_of <= at.astimezone(UTC), SCORES.c.as_of >= (at - oldest).astimezone(UTC))
        with engine.connect() as connection:
            last = connection.execute(select(func.max(SCORES.c.as_of)).where(of_model, *within)).scalar()
            if last is None:
                return None
            then = (of_model, SCORES.c.as_of == last)
            horizon = connection.execute(select(func.max(SCORES.c.horizon_days)).where(*then)).scalar()
            of_today = case((SCORES.c.ledger_digest == ledger_digest, 1), else_=0)
            query = (
                select(SCORES.c.entity_id, SCORES.c.probability, SCORES.c.model_version)
                .where(*then, SCORES.c.horizon_days == horizon)
                .order_by(of_today, SCORES.c.model_version, SCORES.c.model_digest, SCORES.c.ledger_digest)
            )
            rows = pd.DataFrame(connection.execute(query).all(), columns=["entity_id", "probability", "version"])
    latest = rows.drop_duplicates("entity_id", keep="last").set_index("entity_id")
    return StoredProbabilities(model, in_utc(last), int(horizon or 0), int(latest["version"].max()), latest["probability"].astype(float))
