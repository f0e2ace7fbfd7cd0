"""What `dealml import` prints: counts, refused rows, notes and absent features, on one screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

from dealml.cli.output import say, say_table, warn

if TYPE_CHECKING:
    from dealml.features.definition import Feature
    from dealml.importing.report import ImportReport
    from dealml.project import Project

COUNTS = ("rows_in", "accepted", "quarantined", "duplicates", "not_selected")
_SHOWN = 3
"""How many quarantined rows are shown without `--verbose`."""


def as_json(report: ImportReport, project: Project, away: dict[str, dict[Feature, str]]) -> dict[str, object]:
    """The report with every note and every name."""
    return {what: report.total(what) for what in COUNTS} | {
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
    """Print the report; notes and absent features by name only where `verbose`."""
    rows = [[c.file, c.into, *(f"{getattr(c, what):,}" for what in COUNTS)] for c in report.counts]
    totals = [report.total(what) for what in COUNTS]
    say_table(("file", "into", *(what.replace("_", " ") for what in COUNTS)), [*rows, ["total", "", *(f"{n:,}" for n in totals)]])
    say(f"rows in {totals[0]:,} = accepted {totals[1]:,} + quarantined {totals[2]:,} + duplicates {totals[3]:,}")
    if report.already_imported:
        say("This extract was imported before: nothing changed.")
    if report.dry_run:
        say("Dry run: nothing was written.")
    _warn_of_rows(report, verbose)
    for file in report.missing:
        warn(f"missing: {file} is not in the source; what it would tell stays unknown")
    for model, features in away.items():
        if features:
            warn(f"{model}: {len(features)} features go away: {_listed(features, verbose)}")
    say(f"ledger {project.ledger.digest[:16]} in {project.ledger.folder}")


def _warn_of_rows(report: ImportReport, verbose: bool) -> None:
    if report.quarantined_kinds:
        warn("quarantined: " + ", ".join(f"{number:,} × {kind}" for kind, number in sorted(report.quarantined_kinds.items())))
    for row in report.quarantine[: None if verbose else _SHOWN]:
        warn(f"quarantined: {row['file']}:{row['row']}: {row['column'] or 'row'}: {row['value'] or ''!r}: {row['reason']}")
    for note in report.notes:
        shown = note.examples if verbose else note.examples[:1]
        examples = "; ".join(f"{e.file}:{e.row}: {e.text}" for e in shown)
        warn(f"note: {note.count:,} × {note.kind}: {note.meaning}{f' ({examples})' if examples else ''}")


def _listed(features: Iterable[Feature], verbose: bool) -> str:
    if verbose:
        return ", ".join(sorted(feature.name for feature in features))
    subjects = Counter(feature.subject for feature in features)
    return ", ".join(f"{subject} {number}" for subject, number in sorted(subjects.items())) + " (--verbose names them)"
