"""What `dealml import` prints: counts, refused rows, notes and absent features, on one screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from itertools import chain
from typing import TYPE_CHECKING

from dealml.cli.output import say, say_table, warn

if TYPE_CHECKING:
    from dealml.features.definition import Feature
    from dealml.importing.report import ExtractCounts, ImportReport
    from dealml.project import Project

COUNTS = ("rows_in", "accepted", "quarantined", "duplicates", "not_selected")
SCREEN = 24
"""The most lines that a report has without `--verbose`."""
_FEWEST_FILES = 4
_SHOWN = 3
"""How many quarantined rows, and how many kinds of notes, missing files and models, have a line without `--verbose`."""


def as_json(report: ImportReport, project: Project, away: dict[str, dict[Feature, str]]) -> dict[str, object]:
    """The report with every note and every name."""
    return {what: report.total(what) for what in (*COUNTS, "rows_read", "derived")} | {
        "batch": report.batch,
        "already_imported": report.already_imported,
        "dry_run": report.dry_run,
        "ledger_digest": project.ledger.digest,
        "extracts": [vars(count) for count in report.counts],
        "missing_files": report.missing,
        "absent_features": {model: {f.name: why for f, why in features.items()} for model, features in away.items()},
        "quarantined_by_kind": report.quarantined_kinds,
        "quarantine": report.quarantine,
        "notes": [asdict(note) | {"meaning": note.meaning} for note in report.notes],
    }


def tell_import(report: ImportReport, project: Project, away: dict[str, dict[Feature, str]], verbose: bool) -> None:
    """Print the report; every file, note and absent feature by name only where `verbose`."""
    sums = list(_sums(report, project))
    warned = list(chain(_refused(report, verbose), _notes(report, verbose), _missing(report, verbose), _away(away, verbose)))
    room = max(_FEWEST_FILES, SCREEN - len(sums) - len(warned) - 2)  # the table has a header and a total
    totals = [f"{report.total(what):,}" for what in COUNTS]
    rows = [_row(count) for count in report.counts] if verbose else _fitted(report.counts, room)
    say_table(("file", "into", *(what.replace("_", " ") for what in COUNTS)), [*rows, ["total", "", *totals]])
    for line in sums[:-1]:
        say(line)
    for line in warned:
        warn(line)
    say(sums[-1])


def _row(count: ExtractCounts) -> list[str]:
    return [count.file, count.into, *(f"{getattr(count, what):,}" for what in COUNTS)]


def _fitted(counts: Sequence[ExtractCounts], room: int) -> list[list[str]]:
    """The rows of the table, those of files without refused rows together where there are too many."""
    if len(counts) <= room:
        return [_row(count) for count in counts]
    by_weight = sorted(range(len(counts)), key=lambda number: (not counts[number].quarantined, number))
    shown, others = sorted(by_weight[: room - 1]), [counts[number] for number in by_weight[room - 1 :]]
    sums = [f"{sum(getattr(count, what) for count in others):,}" for what in COUNTS]
    return [*(_row(counts[number]) for number in shown), [f"{len(others)} others", "(--verbose)", *sums]]


def _sums(report: ImportReport, project: Project) -> Iterator[str]:
    rows_in, accepted, quarantined, duplicates, not_selected = (report.total(what) for what in COUNTS)
    more = f"; {derived:,} {'fact' if derived == 1 else 'facts'} derived" if (derived := report.total("derived")) else ""
    left_out = f", of {report.total('rows_read'):,} read" if not_selected else ""
    yield f"rows in {rows_in:,} = accepted {accepted:,} + quarantined {quarantined:,} + duplicates {duplicates:,}{left_out}{more}"
    if report.already_imported:
        yield "This extract was imported before: nothing changed."
    if report.dry_run:
        yield "Dry run: nothing was written."
    yield f"ledger {project.ledger.digest[:16]} in {project.ledger.folder}"


def _refused(report: ImportReport, verbose: bool) -> Iterator[str]:
    if report.quarantined_kinds:
        yield "quarantined: " + ", ".join(f"{number:,} × {kind}" for kind, number in sorted(report.quarantined_kinds.items()))
    for row in report.quarantine[: None if verbose else _SHOWN]:
        yield f"quarantined: {row['file']}:{row['row']}: {row['column'] or 'row'}: {row['value'] or ''!r}: {row['reason']}"


def _notes(report: ImportReport, verbose: bool) -> Iterator[str]:
    notes = sorted(report.notes, key=lambda note: (-note.count, note.kind)) if len(report.notes) > _SHOWN else report.notes
    shown = notes if verbose else notes[:_SHOWN]
    for note in shown:
        examples = "; ".join(f"{e.file}:{e.row}: {e.text}" for e in note.examples[: None if verbose else 1])
        yield f"note: {note.count:,} × {note.kind}: {note.meaning}{f' ({examples})' if examples else ''}"
    if others := notes[len(shown) :]:
        yield "notes: " + ", ".join(f"{note.count:,} × {note.kind}" for note in others) + " (--verbose says what they are)"


def _missing(report: ImportReport, verbose: bool) -> Iterator[str]:
    shown = report.missing if verbose else report.missing[:_SHOWN]
    for file in shown:
        yield f"missing: {file} is not in the source; what it would tell stays unknown"
    if others := len(report.missing) - len(shown):
        yield f"missing: {others} more files (--verbose names them)"


def _away(away: dict[str, dict[Feature, str]], verbose: bool) -> Iterator[str]:
    models = {model: features for model, features in away.items() if features}
    shown = list(models)[: None if verbose else _SHOWN]
    for model in shown:
        yield f"{model}: {len(models[model])} features go away: {_listed(models[model], verbose)}"
    if others := list(models)[len(shown) :]:
        yield f"of {', '.join(others)} features go away too (--verbose names them)"


def _listed(features: Iterable[Feature], verbose: bool) -> str:
    if verbose:
        return ", ".join(sorted(feature.name for feature in features))
    subjects = Counter(feature.subject for feature in features)
    return ", ".join(f"{subject} {number}" for subject, number in sorted(subjects.items())) + " (--verbose names them)"
