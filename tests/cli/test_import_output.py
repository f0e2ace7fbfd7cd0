"""The report of an import fits a screen, and nothing of it is lost with `--verbose`."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest

from dealml.cli.import_output import SCREEN, tell_import
from dealml.importing.notes import Note, NoteExample
from dealml.importing.report import ExtractCounts, ImportReport

PROJECT: Any = SimpleNamespace(ledger=SimpleNamespace(digest="0" * 64, folder=Path("p/ledger")))


class Named(NamedTuple):
    """What the report needs to know of a feature."""

    name: str
    subject: str


AWAY: Any = {
    f"model_{model}": {Named(f"{subject}_{number}", subject): "" for subject in ("usage", "support") for number in range(60)}
    for model in range(5)
}
"""Models of which many features go away."""


def report(files: int, kinds: int) -> ImportReport:
    """A report of many files, of which the last one has refused rows, with many notes."""
    counts = [ExtractCounts(f"file{n}.csv", "deals", 10, 10, 0, 0, 5) for n in range(files - 1)] + [
        ExtractCounts("bad.csv", "deals", 9, 8, 1)
    ]
    made = ImportReport("0" * 64, False, counts, [f"missing{n}.csv" for n in range(8)])
    made.quarantined_kinds = {f"kind_{n}": 1 for n in range(kinds)}
    made.quarantine = [{"file": "bad.csv", "row": n, "column": "c", "value": "v", "reason": "r"} for n in range(20)]
    made.notes = [Note(f"note_{n}", n + 1, [NoteExample("bad.csv", 2, "x")]) for n in range(kinds)]
    return made


@pytest.mark.parametrize(("files", "kinds"), [(1, 0), (19, 1), (60, 12)])
def test_it_has_at_most_a_screen_of_lines(files: int, kinds: int, capsys: pytest.CaptureFixture[str]) -> None:
    tell_import(report(files, kinds), PROJECT, AWAY, verbose=False)
    out, err = capsys.readouterr()
    assert len((out + err).splitlines()) <= SCREEN
    assert "bad.csv" in out
    assert "120 features go away: support 60, usage 60 (--verbose names them)" in err
    rows = 10 * (files - 1) + 9
    read = f", of {15 * (files - 1) + 9:,} read" if files > 1 else ""
    assert f"rows in {rows:,} = accepted {rows - 1:,} + quarantined 1 + duplicates 0{read}\n" in out


def test_verbose_shows_every_file_note_and_name(capsys: pytest.CaptureFixture[str]) -> None:
    tell_import(report(60, 12), PROJECT, AWAY, verbose=True)
    out, err = capsys.readouterr()
    assert all(f"file{n}.csv" in out for n in range(59))
    assert all(f"note_{n}:" in err and f"missing: missing{n % 8}.csv" in err for n in range(12))
    assert "usage_59" in err


def test_derived_facts_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    made = report(1, 0)
    made.counts[0].derived = 3
    tell_import(made, PROJECT, {}, verbose=False)
    assert "duplicates 0; 3 facts derived\n" in capsys.readouterr().out
