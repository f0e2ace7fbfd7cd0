"""Rewrite the imports and the settings of one file that a user edited; every other line stays as it is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from dealml.upgrade.renamed import PUBLIC_MODULES, PUBLIC_NAMES, RENAMED_SETTINGS


@dataclass(frozen=True)
class OutdatedLine:
    """A line that an older version of dealml understood."""

    line: int
    message: str
    """Such as `imports dealml.loading, which moved`."""
    rewritten: str | None
    """What the change is, in words; None where a person has to make it."""


def outdated_lines(source: str) -> list[OutdatedLine]:
    """The outdated imports and settings of a Python file, in order; none where it cannot be parsed."""
    return [line for line, _ in sorted(_edits(source), key=lambda pair: pair[0].line)]


def rewrite(source: str) -> str:
    """The file with its imports and settings as they are now, where that can be done."""
    lines = source.splitlines(keepends=True)
    edits = [edit for _, edit in _edits(source) if edit]
    for edit in sorted(edits, key=lambda edit: (edit.first, edit.start), reverse=True):
        before, after = lines[edit.first][: edit.start], lines[edit.last][edit.end :]
        lines[edit.first : edit.last + 1] = [before + edit.text + after]
    return "".join(lines)


def rewrite_settings(source: str) -> str:
    """A file of tuned settings (TOML) with the settings' names as they are now."""
    for old, new in RENAMED_SETTINGS["Trees"].items():
        source = re.sub(rf"(?m)^{old}(?=\s*=)", new, source)
    return source


@dataclass(frozen=True)
class _Edit:
    first: int
    start: int
    last: int
    end: int
    text: str


def _edits(source: str) -> Iterator[tuple[OutdatedLine, _Edit | None]]:
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    lines = source.splitlines()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and _is_internal(node.module or ""):
            yield _import_edit(node)
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if _is_internal(alias.name):
                    yield OutdatedLine(node.lineno, f"imports {alias.name}, which is not public", None), None
        elif isinstance(node, ast.Call):
            yield from _setting_edits(node, lines)


def _is_internal(module: str) -> bool:
    return module.startswith("dealml.") and module not in PUBLIC_MODULES


def _import_edit(node: ast.ImportFrom) -> tuple[OutdatedLine, _Edit | None]:
    module = str(node.module)
    if any((module, alias.name) not in PUBLIC_NAMES for alias in node.names):
        return OutdatedLine(node.lineno, f"imports {module}, which is not public", None), None
    names: dict[str, list[str]] = {}
    for alias in node.names:
        public, name = PUBLIC_NAMES[module, alias.name]
        called = alias.asname or alias.name
        names.setdefault(public, []).append(name if name == called else f"{name} as {called}")
    text = "; ".join(f"from {public} import {', '.join(imported)}" for public, imported in names.items())
    edit = _Edit(node.lineno - 1, node.col_offset, int(node.end_lineno or 0) - 1, int(node.end_col_offset or 0), text)
    return OutdatedLine(node.lineno, f"imports {module}, which moved", text), edit


def _setting_edits(call: ast.Call, lines: list[str]) -> Iterator[tuple[OutdatedLine, _Edit]]:
    name = call.func.id if isinstance(call.func, ast.Name) else call.func.attr if isinstance(call.func, ast.Attribute) else ""
    for keyword in call.keywords:
        new = RENAMED_SETTINGS.get(name, {}).get(keyword.arg or "")
        if new and keyword.arg:
            first = keyword.lineno - 1
            start = len(lines[first].encode()[: keyword.col_offset].decode())  # Python counts columns in bytes
            line = OutdatedLine(keyword.lineno, f"sets {keyword.arg}, which is called {new} now", f"{keyword.arg} is {new}")
            yield line, _Edit(first, start, first, start + len(keyword.arg), new)
