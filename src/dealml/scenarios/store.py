"""Scenarios as files: one for each moment at which they were mined, as JSON that a person can read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from dealml.errors import InputError
from dealml.files import atomic_write
from dealml.scenarios.mined import MinedScenarios

FOLDER = "scenarios"


@dataclass(frozen=True)
class StoredScenarios:
    """What was mined, and from which ledger."""

    ledger_digest: str
    mined: MinedScenarios


def write_scenarios(folder: Path, stored: StoredScenarios) -> Path:
    """Write the scenarios of a moment into a project's folder; those mined before as of the same moment give way."""
    path = folder / FOLDER / f"{stored.mined.as_of:%Y-%m-%dT%H%M%S}.json"
    path.parent.mkdir(exist_ok=True)
    with atomic_write(path) as part:
        part.write_bytes(_adapter().dump_json(stored, indent=1))
    return path


def latest_scenarios(folder: Path, as_of: datetime) -> StoredScenarios | None:
    """The scenarios that were mined last as of a moment or before it; None where there are none.

    Raises
    ------
    InputError
        When a file was damaged.
    """
    read = [_read(path) for path in sorted((folder / FOLDER).glob("*.json"))]
    past = [stored for stored in read if stored.mined.as_of <= as_of]
    return max(past, key=lambda stored: stored.mined.as_of, default=None)


def _read(path: Path) -> StoredScenarios:
    try:
        return _adapter().validate_json(path.read_bytes())  # type: ignore[no-any-return]
    except ValueError as error:
        raise InputError(f"{path}: no scenarios in it; run dealml scenarios again, or delete the file") from error


@cache
def _adapter() -> Any:
    from pydantic import TypeAdapter  # takes a while to import

    return TypeAdapter(StoredScenarios)
