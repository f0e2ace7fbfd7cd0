"""Upgrade the files of a project: replace those that nobody edited, and rewrite the outdated lines of the others."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dealml.project import DEFINITIONS, template_folder
from dealml.settings import load_settings
from dealml.upgrade.rewrite import outdated_lines, rewrite, rewrite_settings
from dealml.upgrade.shipped_digests import SHIPPED_BEFORE


@dataclass
class UpgradeReport:
    """What an upgrade changed."""

    changes: list[str] = field(default_factory=list)
    """One line a change: the file, and what changed."""
    by_hand: list[str] = field(default_factory=list)
    """One line for each import that a person has to change."""


def outdated_line(folder: Path, packages: tuple[str, ...] = DEFINITIONS) -> str | None:
    """The first outdated line of a project's files, and how to upgrade them; None where there is none."""
    for path in _python_files(folder, packages):
        for line in outdated_lines(path.read_text(encoding="utf-8")):
            return upgrade_message(path, line.line, line.message, folder)
    return None


def upgrade_message(path: Path, line: int, message: str, folder: Path) -> str:
    """What is outdated in a project, and how to upgrade it, in one line."""
    return f"{_short(path)}:{line} {message}; run: dealml init --upgrade {_short(folder)}"


def upgrade_project(folder: Path) -> UpgradeReport:
    """Upgrade a project; a second upgrade changes nothing.

    A file that is equal to the one that an older version shipped is replaced by the new version. In a file that the
    user edited or added, only outdated imports and settings are rewritten; the old file is stored with the ending `.old`.
    A file that the project lacks is added where one that it has imports it.

    Raises
    ------
    InputError
        When the folder is no project.
    """
    load_settings(folder)
    report = UpgradeReport()
    for name, digest in SHIPPED_BEFORE.items():
        path, new = folder / name, template_folder() / name
        if path.is_file() and _digest(path) == digest and new.read_bytes() != path.read_bytes():
            path.write_bytes(new.read_bytes())
            report.changes.append(f"{path}: replaced by the new version")
    for path in _python_files(folder, DEFINITIONS):
        _rewrite_python(path, folder, report)
    while missing := _missing_files(folder):
        for path in missing:
            path.write_bytes((template_folder() / path.relative_to(folder)).read_bytes())
            report.changes.append(f"{path}: added, as another file imports it")
    for path in sorted((folder / "models").glob("*.toml")):
        old = path.read_text(encoding="utf-8")
        if (new_text := rewrite_settings(old)) != old:
            _replace(path, old, new_text)
            report.changes.append(f"{path}: settings have LightGBM's names")
    return report


def _missing_files(folder: Path) -> list[Path]:
    """The files of the new version that the project lacks and that one of its files imports."""
    imported = {name for path in _python_files(folder, DEFINITIONS) for name in _imports(path)}
    shipped = (path.relative_to(template_folder()) for path in _python_files(template_folder(), DEFINITIONS))
    return [folder / path for path in shipped if ".".join(path.with_suffix("").parts) in imported and not (folder / path).exists()]


def _imports(path: Path) -> Iterator[str]:
    """The dotted names that a file imports from packages; none where it is no valid Python."""
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def _rewrite_python(path: Path, folder: Path, report: UpgradeReport) -> None:
    old = path.read_text(encoding="utf-8")
    lines = outdated_lines(old)
    if (new := rewrite(old)) != old:
        _replace(path, old, new)
    report.changes += [f"{path}:{line.line}: {line.rewritten}" for line in lines if line.rewritten]
    left = [f"{path}:{line.line}: {line.message}" for line in lines if not line.rewritten]
    shipped = template_folder() / path.relative_to(folder)
    report.by_hand += [f"{line}; compare with {shipped}" if shipped.is_file() else line for line in left]


def _replace(path: Path, old: str, new: str) -> None:
    path.with_name(f"{path.name}.old").write_text(old, encoding="utf-8")
    path.write_text(new, encoding="utf-8")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


def _python_files(folder: Path, packages: tuple[str, ...]) -> Iterator[Path]:
    for package in packages:
        yield from sorted((folder / package).glob("*.py"))


def _short(path: Path) -> Path:
    """A path from here, where it lies below."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path
