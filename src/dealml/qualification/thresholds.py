"""The thresholds of pursue, nurture and decline: one readable file, changed by people."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeVar

from dealml.errors import InputError
from dealml.files import atomic_write

FILE = Path("models") / "choosing.toml"
_RANGES = {
    "win_rate": (0, 10),
    "most_failed": (0, 20),
    "fewest_failed": (0, 20),
    "fewest_passed_alone": (0, 20),
    "fewest_failed_alone": (0, 20),
}
_NEEDED = (1, 20)
_HEAD = (
    "# Where a deal or a lead is pursued, nurtured or declined (docs/qualification.md). People change this file;",
    "# `dealml qualify --propose --write` writes it too, and keeps who changed what and when.",
)
_CHANGE_KEYS = frozenset({"at", "by", "why", "change"})


@dataclass(frozen=True)
class Pursue:
    """What is worth working on now."""

    win_rate: float = 1.0
    """The least probability, as a multiple of the usual one."""
    most_failed: int = 1
    """The most tests that may be failed."""
    fewest_passed_alone: int = 3
    """Where there is no probability: the tests that must be passed."""


@dataclass(frozen=True)
class Decline:
    """What to say no to."""

    win_rate: float = 0.5
    """The largest probability, as a multiple of the usual one."""
    fewest_failed: int = 1
    """The tests that must be failed."""
    fewest_failed_alone: int = 3
    """Where there is no probability: the tests that must be failed."""


@dataclass(frozen=True)
class KindThresholds:
    """Of deals or of leads; what is neither pursued nor declined is nurtured."""

    pursue: Pursue = field(default_factory=Pursue)
    decline: Decline = field(default_factory=Decline)


@dataclass(frozen=True)
class Thresholds:
    """All thresholds of a project, and how they came to be."""

    needed: Mapping[str, int] = field(default_factory=dict)
    """By test, how many signs must speak for it to pass."""
    deals: KindThresholds = field(default_factory=KindThresholds)
    leads: KindThresholds = field(default_factory=KindThresholds)
    history: tuple[Mapping[str, str], ...] = ()
    """Each change: `at`, `by`, `why`, `change`."""


def load_thresholds(folder: Path, tests: Sequence[str]) -> Thresholds:
    """The thresholds of a project; the defaults where it has no such file.

    Parameters
    ----------
    tests
        The names of the tests that there are.

    Raises
    ------
    InputError
        When the file cannot be read, or a threshold is of no test, unknown or out of its range.
    """
    path = folder / FILE
    if not path.is_file():
        return Thresholds()
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: {error}") from error
    _require_keys(path, "", content, ("needed", "deals", "leads", "history"))
    needed = {name: _number(path, f"needed.{name}", value, _NEEDED) for name, value in _table(path, content, "needed", "needed").items()}
    if unknown := [name for name in needed if name not in tests]:
        raise InputError(f"{path}: needed.{unknown[0]}: no test of that name; there is {', '.join(tests)}")
    kinds = {kind: _kind(path, kind, _table(path, content, kind, kind)) for kind in ("deals", "leads")}
    return Thresholds({name: int(value) for name, value in needed.items()}, **kinds, history=_history(path, content.get("history", [])))


def write_thresholds(folder: Path, thresholds: Thresholds) -> Path:
    """Write the thresholds of a project, with the history of their changes."""
    path = folder / FILE
    lines = [*_HEAD, "", "[needed]", *(f"{name} = {value}" for name, value in thresholds.needed.items())]
    for kind in ("deals", "leads"):
        for name in ("pursue", "decline"):
            part = getattr(getattr(thresholds, kind), name)
            lines += ["", f"[{kind}.{name}]", *(f"{each.name} = {getattr(part, each.name)}" for each in fields(part))]
    for change in thresholds.history:
        lines += ["", "[[history]]", *(f"{name} = {json.dumps(text, ensure_ascii=False)}" for name, text in change.items())]
    with atomic_write(path) as temporary:
        temporary.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _kind(path: Path, kind: str, content: Mapping[str, Any]) -> KindThresholds:
    _require_keys(path, f"{kind}.", content, ("pursue", "decline"))
    pursue = _part(path, f"{kind}.pursue", _table(path, content, "pursue", f"{kind}.pursue"), Pursue)
    decline = _part(path, f"{kind}.decline", _table(path, content, "decline", f"{kind}.decline"), Decline)
    if decline.win_rate > pursue.win_rate:
        raise InputError(f"{path}: {kind}.decline.win_rate={decline.win_rate:g} lies above {kind}.pursue.win_rate={pursue.win_rate:g}")
    return KindThresholds(pursue, decline)


Part = TypeVar("Part", Pursue, Decline)


def _part(path: Path, key: str, content: Mapping[str, Any], part: type[Part]) -> Part:
    names = [each.name for each in fields(part)]
    _require_keys(path, f"{key}.", content, names)
    values: dict[str, Any] = {name: _number(path, f"{key}.{name}", value, _RANGES[name]) for name, value in content.items()}
    return replace(part(), **values)


def _table(path: Path, content: Mapping[str, Any], name: str, key: str) -> Mapping[str, Any]:
    value = content.get(name, {})
    if not isinstance(value, dict):
        raise InputError(f"{path}: {key}: must be a table, such as [{key}]")
    return value


def _number(path: Path, key: str, value: object, bounds: tuple[float, float]) -> float:
    whole = not key.endswith("win_rate")
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float):
        raise InputError(f"{path}: {key}={value!r} is no {'whole number' if whole else 'number'}")
    if not bounds[0] <= value <= bounds[1]:
        raise InputError(f"{path}: {key}={value} is not between {bounds[0]} and {bounds[1]}")
    return float(value) if not whole else int(value)


def _require_keys(path: Path, prefix: str, content: Mapping[str, Any], names: Sequence[str]) -> None:
    if unknown := [name for name in content if name not in names]:
        raise InputError(f"{path}: {prefix}{unknown[0]}: no such threshold; there is {', '.join(names)}")


def _history(path: Path, entries: object) -> tuple[Mapping[str, str], ...]:
    if not isinstance(entries, list) or not all(isinstance(entry, dict) and set(entry) <= _CHANGE_KEYS for entry in entries):
        raise InputError(f"{path}: history: must be tables [[history]] with {', '.join(sorted(_CHANGE_KEYS))}")
    return tuple({name: str(value) for name, value in entry.items()} for entry in entries)
