"""Backtests as files: one for each model, kind of period and state of the ledger, written once and never changed.

They are in the project's folder, next to the scores, as JSON that a person can read. A forecast takes from them what had ended before
its own moment, so an old forecast made again is what it was.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Any

import numpy as np

from dealml.errors import InputError
from dealml.files import atomic_write
from dealml.forecast.backtest import BacktestPeriod
from dealml.forecast.result import PastPeriod, Range
from dealml.period import Kind, Period

FOLDER = "forecasts"
FORMAT = 1


@dataclass(frozen=True)
class StoredBacktest:
    """A backtest as it was made."""

    model: str
    kind: Kind
    as_of: datetime
    """Nothing recorded at or after this moment was used."""
    ledger_digest: str
    model_digest: str
    """Of the version whose recipe was refitted."""
    periods: tuple[BacktestPeriod, ...]

    def before(self, moment: datetime) -> tuple[BacktestPeriod, ...]:
        """The past periods that had ended by a moment."""
        return tuple(entry for entry in self.periods if entry.past.period.end <= moment)


def write_backtest(folder: Path, stored: StoredBacktest) -> Path:
    """Write a backtest under a name made from what is in it; what stands there already is the same."""
    text = json.dumps(_content(stored), indent=1)
    name = f"{stored.model}-{stored.kind}-{hashlib.sha256(text.encode()).hexdigest()[:16]}.json"
    path = folder / FOLDER / name
    if path.exists():
        return path
    path.parent.mkdir(exist_ok=True)
    with atomic_write(path) as part:
        part.write_text(text, encoding="utf-8")
    return path


def stored_backtest(folder: Path, model: str, kind: Kind | None, as_of: datetime) -> StoredBacktest | None:
    """The backtest that tells most of what had ended by a moment: the one that reaches furthest, then the one with most periods.

    Raises
    ------
    InputError
        When a file was damaged.
    """
    backtests = [_read(path, as_of.tzinfo or UTC) for path in sorted((folder / FOLDER).glob(f"{model}-{kind}-*.json"))]
    useful = [(stored.before(as_of), stored) for stored in backtests if stored.before(as_of)]
    if not useful:
        return None
    return max(useful, key=lambda pair: (pair[0][-1].past.period.end, len(pair[0]), pair[1].as_of))[1]


def _content(stored: StoredBacktest) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "model": stored.model,
        "kind": stored.kind,
        "as_of": stored.as_of.isoformat(),
        "ledger_digest": stored.ledger_digest,
        "model_digest": stored.model_digest,
        "periods": [_period(entry) for entry in stored.periods],
    }


def _period(entry: BacktestPeriod) -> dict[str, Any]:
    past = entry.past
    return {
        "period": past.period.name,
        "as_of": past.as_of.isoformat(),
        "forecast": vars(past.forecast),
        "actual": past.actual,
        "rivals": dict(past.benchmarks),
        "shock": [round(float(value), 4) for value in entry.curve],
    }


def _read(path: Path, zone: tzinfo) -> StoredBacktest:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT:
            raise InputError(
                f"{path}: a backtest of format {content['format']}, which this version does not read; move it away and run it again"
            )
        periods = tuple(_entry_from(entry, zone) for entry in content["periods"])
        as_of = datetime.fromisoformat(content["as_of"])
        return StoredBacktest(content["model"], content["kind"], as_of, content["ledger_digest"], content["model_digest"], periods)
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"{path}: damaged ({type(error).__name__}); delete it and run the backtest again") from error


def _entry_from(entry: dict[str, Any], zone: tzinfo) -> BacktestPeriod:
    forecast = Range(**entry["forecast"])
    period = Period.parse(entry["period"], zone=zone)
    past = PastPeriod(period, datetime.fromisoformat(entry["as_of"]).astimezone(zone), forecast, entry["actual"], entry["rivals"])
    return BacktestPeriod(past, np.asarray(entry["shock"], dtype=np.float64))
