"""Scoring: what is at stake at a moment, with probabilities, parts and reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from dealml.errors import ModelError
from dealml.learning.encoding import HORIZON
from dealml.learning.fitted import Explained, FittedModel
from dealml.ledger.batches import digest_of
from dealml.reasons.top_reasons import reasons_of
from dealml.reasons.value_text import exact_values
from dealml.reasons.wording import Wording
from dealml.scoring.contribution_table import long_form

REASON = pa.struct(
    [("feature", pa.string()), ("value", pa.string()), ("log_odds", pa.float64()), ("points", pa.float64()), ("sentence", pa.string())]
)
SCORES = pa.schema(
    [
        ("score_id", pa.string()),
        ("entity_id", pa.string()),
        ("as_of", pa.timestamp("us", tz="UTC")),
        ("horizon_days", pa.int64()),
        ("probability", pa.float64()),
        ("base_probability", pa.float64()),
        ("margin", pa.float64()),
        ("base_margin", pa.float64()),
        ("rung", pa.string()),
        ("model", pa.string()),
        ("model_version", pa.int64()),
        ("model_digest", pa.string()),
        ("ledger_digest", pa.string()),
        ("reasons", pa.list_(REASON)),
    ]
)
CONTRIBUTIONS = pa.schema(
    [
        ("entity_id", pa.string()),
        ("as_of", pa.timestamp("us", tz="UTC")),
        ("horizon_days", pa.int64()),
        ("feature", pa.string()),
        ("value", pa.string()),
        ("log_odds", pa.float64()),
        ("points", pa.float64()),
    ]
)
ENTITIES_A_BATCH = 1_000
REASONS_AT_MAIN_HORIZON_ONLY = frozenset({"lead_id"})
"""Leads are many: reasons at every horizon would triple what a database keeps of them. `explain` gives them for any lead."""


Columns = dict[str, list[Any]]
"""A table for a database: by column its values, as Python has them."""


@dataclass(frozen=True)
class ServedModel:
    """A registered model as it is served."""

    fitted: FittedModel
    version: int
    digest: str


@dataclass(frozen=True)
class Scored:
    """Scores of a batch of entities at every horizon."""

    scores: pa.Table
    _columns: Callable[[], Columns]
    _snapshots: Callable[[], Columns]
    _long_form: Callable[[], pa.Table]

    @property
    def columns(self) -> Columns:
        """The scores as Python values; made when asked for, since only a database takes them so."""
        return self._columns()

    @property
    def snapshots(self) -> Columns:
        """Of each entity `entity_id`, `as_of`, what its scores were made by, and `features`: by name the exact value of each that is known.

        Made when asked for, since only a database keeps them.
        """
        return self._snapshots()

    @property
    def contributions(self) -> pa.Table:
        """All contributions to them, a row for each (score, feature); made when asked for, since they are many."""
        return self._long_form()


def score(
    table: pd.DataFrame,
    served: ServedModel,
    wording: Wording,
    ledger_digest: str,
    progress: Callable[[int, int], None] = lambda done, of: None,
    horizons: tuple[int, ...] | None = None,
) -> Iterator[Scored]:
    """Score snapshots at every horizon, batch by batch.

    Parameters
    ----------
    table
        Snapshots with their features, from `View.at_stake`.
    wording
        The texts of reasons.
    horizons
        Only these horizons; default all of the model.

    Raises
    ------
    ModelError
        When the ledger lacks facts that the model learned from.
    """
    require_features(table, served)
    yield Scored(SCORES.empty_table(), dict, lambda: {"entity_id": [], "features": []}, CONTRIBUTIONS.empty_table)
    for start in range(0, len(table), ENTITIES_A_BATCH):
        yield _score_batch(table.iloc[start : start + ENTITIES_A_BATCH], served, wording, ledger_digest, horizons or served.fitted.horizons)
        progress(min(start + ENTITIES_A_BATCH, len(table)), len(table))


def require_features(table: pd.DataFrame, served: ServedModel) -> None:
    """See that a table has all that a model learned from.

    Raises
    ------
    ModelError
        When it lacks some of it.
    """
    model = served.fitted
    if lacking := [name for name in model.schema.names if name != HORIZON and name not in table.columns]:
        raise ModelError(
            f"{model.name} version {served.version} learned from {lacking[0]!r}, which this ledger or project lacks; train again"
        )


def _score_batch(table: pd.DataFrame, served: ServedModel, wording: Wording, ledger_digest: str, horizons: tuple[int, ...]) -> Scored:
    model = served.fitted
    rows = at_horizons(table, horizons)
    explained = model.explain(rows)
    made_by = {"model": model.name, "model_digest": served.digest, "ledger_digest": ledger_digest}
    frame = pd.DataFrame(
        {
            "entity_id": rows[model.entity],
            "as_of": rows["as_of"],
            "horizon_days": rows[HORIZON].astype("int64"),
            "probability": explained.probability,
            "base_probability": explained.base_probability,
            "margin": explained.margin,
            "base_margin": explained.base_margin,
            "rung": model.rung.name,
            "model_version": served.version,
            **made_by,
        }
    )
    frame["score_id"] = score_ids(frame)
    reasons = _reasons(model, rows, explained, wording)
    as_arrow = pa.array(reasons, SCORES.field("reasons").type)
    scores = pa.Table.from_pandas(frame, SCORES.remove(len(SCORES) - 1), preserve_index=False).append_column("reasons", as_arrow)

    def snapshots() -> Columns:
        return _snapshots(table, model, made_by)

    def parts() -> pa.Table:
        return pa.Table.from_pandas(long_form(model, rows, explained.log_odds, explained.points), CONTRIBUTIONS, preserve_index=False)

    def columns() -> Columns:
        values = {str(name): frame[name].tolist() for name in frame.columns}
        return values | {"as_of": frame["as_of"].dt.to_pydatetime().tolist(), "reasons": reasons}

    return Scored(scores, columns, snapshots, parts)


def _reasons(model: FittedModel, rows: pd.DataFrame, explained: Explained, wording: Wording) -> list[list[dict[str, object]]]:
    """The strongest reasons of each score; none at other horizons than the main one, where the model is of leads."""
    if model.entity not in REASONS_AT_MAIN_HORIZON_ONLY:
        return reasons_of(model, rows, explained, wording)
    is_main = (rows[HORIZON] == model.main_horizon).to_numpy()
    reasons = iter(reasons_of(model, rows[is_main].reset_index(drop=True), explained.of_rows(is_main), wording))
    return [next(reasons) if main else [] for main in is_main]


def score_ids(frame: pd.DataFrame) -> list[str]:
    """A short name of each score, made from what tells it from all others."""
    keys = zip(*(frame[name] for name in ("model", "entity_id", "model_digest", "ledger_digest")), strict=True)
    days = zip(frame["as_of"].dt.as_unit("us").astype("int64"), frame["horizon_days"], strict=True)
    return [digest_of(*key, str(moment), str(horizon))[:16] for key, (moment, horizon) in zip(keys, days, strict=True)]


def _snapshots(table: pd.DataFrame, model: FittedModel, made_by: dict[str, str]) -> Columns:
    names = [name for name in model.schema.names if name != HORIZON]
    values = zip(*(exact_values(table[name]) for name in names), strict=True) if names else ((),) * len(table)
    features = [{name: value for name, value in zip(names, row, strict=True) if value is not None} for row in values]
    same = {name: [value] * len(table) for name, value in made_by.items()}
    return {"entity_id": table[model.entity].tolist(), "as_of": table["as_of"].dt.to_pydatetime().tolist(), **same, "features": features}


def at_horizons(table: pd.DataFrame, horizons: tuple[int, ...]) -> pd.DataFrame:
    """Each row once for each horizon."""
    repeated = table.loc[table.index.repeat(len(horizons))].reset_index(drop=True)
    return repeated.assign(**{HORIZON: np.tile(np.array(horizons, dtype=np.float64), len(table))})
