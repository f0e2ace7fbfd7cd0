"""The files of a source: which of those that a mapping names are there, and that none lies outside."""

from __future__ import annotations

from pathlib import Path

from dealml.errors import InputError
from dealml.importing.facts import used_columns
from dealml.importing.files.header import NO_HEADER, looks_like_a_row
from dealml.importing.mapping.csv_form import Csv
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
        _require_columns(source / extract.file, extract, mapping.of(extract).csv, mapping_path)
    return there, sorted({e.file for e in mapping.extracts} - {e.file for e in there})


def _require_columns(path: Path, extract: Extract, form: Csv, mapping_path: Path) -> None:
    names = columns_of(path, form)
    if lacking := [name for name in used_columns(extract) if name not in names]:
        hint = f"; {NO_HEADER}" if looks_like_a_row(names) and not form.header else ""
        raise InputError(f"{path}:1: no column {lacking[0]!r}, which {mapping_path} maps to {extract.into}{hint}")
    if form.continues and form.continues not in names:
        raise InputError(f"{path}:1: no column {form.continues!r}, which {mapping_path} names with continues")


def _require_inside(source: Path, file: str, mapping_path: Path) -> None:
    """Refuse a file that is outside of the source folder, also by way of a symbolic link."""
    if not (source / file).resolve().is_relative_to(source.resolve()):
        raise InputError(f"{mapping_path}: {file}: lies outside of the source folder {source}; only files in it are read")
