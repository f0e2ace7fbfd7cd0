"""Compare two dumps: numbers bit for bit, words letter by letter, under keys that may have been renamed."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from scripts.frozen.allowed import mask_for, may_differ, normalised
from scripts.frozen.read import read

Masks = list[tuple[re.Pattern[str], str]]
MAX_SHOWN = 12
"""Differences that are printed of one file."""


class Comparison:
    """The comparison of two dumps; `renamed` collects the keys that were found under another name."""

    def __init__(self, before: Path, now: Path) -> None:
        self._folders = before, now
        about = [json.loads((folder / "about.json").read_text(encoding="utf-8")) for folder in self._folders]
        self._masks: tuple[Masks, Masks] = (mask_for(about[0]), mask_for(about[1]))
        self.renamed: dict[str, str] = {}

    def names(self) -> list[str]:
        """The files of either dump, by path."""
        both = {str(path.relative_to(folder)) for folder in self._folders for path in folder.rglob("*") if path.is_file()}
        return sorted(both - {"about.json"})

    def differences(self, name: str) -> Iterator[str]:
        """What differs in a file."""
        before, now = (folder / name for folder in self._folders)
        if not (before.is_file() and now.is_file()):
            yield f"only in {(before if before.is_file() else now).parent}"
            return
        yield from self._compare(read(before), read(now), name)

    def _compare(self, before: object, now: object, path: str) -> Iterator[str]:
        if isinstance(before, pd.Series) and isinstance(now, pd.Series):
            if before.dtype != now.dtype:
                yield f"{path}: of type {before.dtype}, now {now.dtype}"
            elif before.dtype == object or not before.equals(now):
                yield from self._compare(_plain(before), _plain(now), path)
        elif isinstance(before, dict) and isinstance(now, dict):
            yield from self._compare_mappings(before, now, path)
        elif isinstance(before, list) and isinstance(now, list):
            yield from self._compare_lists(before, now, path)
        elif (first := self._leaf(before, 0)) != (second := self._leaf(now, 1)) and not may_differ(path, first, second):
            yield f"{path}: {first!s} is now {second!s}"

    def _compare_mappings(self, before: dict[str, object], now: dict[str, object], path: str) -> Iterator[str]:
        for key in [key for key in before if key in now]:
            yield from self._compare(before[key], now[key], f"{path}.{key}")
        gone, new = [key for key in before if key not in now], [key for key in now if key not in before]
        for key in list(gone):
            same = next((other for other in new if not any(self._compare(before[key], now[other], ""))), None)
            if same is not None:
                self.renamed[key] = same
                gone.remove(key)
                new.remove(same)
        for key, other in zip(gone, new, strict=False):
            yield from self._compare(before[key], now[other], f"{path}.{key}|{other}")
        for key in gone[len(new) :]:
            yield f"{path}.{key}: is gone"
        for key in new[len(gone) :]:
            yield f"{path}.{key}: is new"

    def _compare_lists(self, before: list[object], now: list[object], path: str) -> Iterator[str]:
        if len(before) == len(now):
            for number, (first, second) in enumerate(zip(before, now, strict=True)):
                yield from self._compare(first, second, f"{path}[{number}]")
            return
        lines = [[str(self._leaf(value, side)) for value in values] for side, values in enumerate((before, now))]
        yield f"{path}: {len(before)} values, now {len(now)}"
        for line in difflib.unified_diff(*lines, lineterm="", n=0):
            if not line.startswith(("---", "+++", "@@")):
                yield f"{path}: {line}"

    def _leaf(self, value: object, side: int) -> str:
        if isinstance(value, str):
            return normalised(value, self._masks[side])
        if hasattr(value, "item"):
            value = value.item()
        return f"{type(value).__name__} {value!r}"


def _plain(column: pd.Series) -> list[object]:
    values = column.tolist()
    return [value.tolist() if hasattr(value, "tolist") else value for value in values]


def compare(before: Path, now: Path) -> bool:
    """Print what differs between two dumps; whether nothing does."""
    comparison = Comparison(before, now)
    equal = True
    for name in comparison.names():
        differences = list(comparison.differences(name))
        equal &= not differences
        print(f"{'equal  ' if not differences else 'DIFFERS'} {name}")
        for line in differences[:MAX_SHOWN]:
            print(f"    {line[:400]}")
        if len(differences) > MAX_SHOWN:
            print(f"    and {len(differences) - MAX_SHOWN} more")
    if comparison.renamed:
        print("keys with another name and the same values: " + ", ".join(f"{key} -> {other}" for key, other in comparison.renamed.items()))
    return equal
