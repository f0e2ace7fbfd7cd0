"""The files of a source: which of those that a mapping names are there, and that none lies outside."""

from __future__ import annotations

from pathlib import Path

from dealml.errors import InputError
from dealml.importing.facts import used_columns
from dealml.importing.mapping.extract import Extract
from dealml.importing.mapping.mapping import Mapping
from dealml.importing.read import columns_of


def present(source: Path, mapping: Mapping, mapping_path: Path) -> tuple[list[Extract], list[str]]:
    """The extracts whose file is in the source, and the names of the files that are not.

    Raises
    ------
    InputError
        When the source is no folder, holds none of the files, a file lies outside of it, or lacks a column.
    """
    if not source.is_dir():
        raise InputError(f"{source}: no such folder")
    for extract in mapping.extracts:
        _require_inside(source, extract.file, mapping_path)
    there = [extract for extract in mapping.extracts if (source / extract.file).is_file()]
    if not there:
        raise InputError(f"{source}: holds none of the files that {mapping_path} names, such as {mapping.extracts[0].file}")
    for extract in there:
        lacking = [c for c in used_columns(extract) if c not in columns_of(source / extract.file, mapping.csv)]
        if lacking:
            raise InputError(f"{source / extract.file}:1: no column {lacking[0]!r}, which {mapping_path} maps to {extract.into}")
    return there, sorted({e.file for e in mapping.extracts} - {e.file for e in there})


def _require_inside(source: Path, file: str, mapping_path: Path) -> None:
    """Refuse a file that is outside of the source folder, also by way of a symbolic link."""
    if not (source / file).resolve().is_relative_to(source.resolve()):
        raise InputError(f"{mapping_path}: {file}: lies outside of the source folder {source}; only files in it are read")
