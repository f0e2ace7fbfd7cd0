"""Store people's overrides with the model's prediction at the same moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from dealml.errors import InputError, UsageError
from dealml.jobs.overrides.model_numbers import model_predictions
from dealml.jobs.progress import Progress, silent
from dealml.jobs.scoring.requirements import ledger_end
from dealml.judgement.override import ModelPrediction, Override, Refused, StoredOverride, in_force, not_yet_stored, override_of
from dealml.judgement.read_csv import read_overrides
from dealml.judgement.store import append_overrides, stored_overrides
from dealml.project import Project

_STALE = timedelta(days=7)
"""Past this a person judges what the ledger does not know yet."""

Sourced = tuple[str, Override]
"""Where an override was read, as file:line, and what it says; the first is empty for one of the command line."""


@dataclass(frozen=True)
class OverrideReport:
    """The overrides that were stored, and those that were there before."""

    new: tuple[StoredOverride, ...]
    already_there: int
    """Overrides that said nothing new."""
    notes: tuple[str, ...]


def record_override(project: Project, texts: Mapping[str, str | None], model: str = "deal_win") -> OverrideReport:
    """Store an override with the model's prediction for the same deal, moment and date.

    Parameters
    ----------
    texts
        What a person says, by `dealml.judgement.override.FIELDS`.

    Raises
    ------
    UsageError
        With the option that cannot be meant.
    InputError
        When the deal was not open at that moment, or there is no rate for the currency.
    """
    now = project.calendar.now()
    try:
        override = override_of(texts, now, project.settings.company.currency, project.calendar)
    except Refused as refused:
        raise UsageError(f"{'DEAL' if refused.field == 'deal' else '--' + refused.field}: {refused.message}") from refused
    return _store(project, [("", override)], model, now, silent)


def import_overrides(project: Project, file: Path, model: str = "deal_win", progress: Progress = silent) -> OverrideReport:
    """Keep all overrides of a CSV file, or none of them.

    Raises
    ------
    InputError
        With file and line of the first row that cannot be kept.
    """
    now = project.calendar.now()
    read = read_overrides(file, now, project.settings.company.currency, project.calendar)
    if read.mistake:
        # A row further up may be sound by itself and yet of no open deal: then that is the first bad one.
        _check(project, read.rows, model)
        raise read.mistake
    return _store(project, read.rows, model, now, progress)


def overrides_as_of(project: Project, moment: datetime, model: str | None = None) -> list[StoredOverride]:
    """The overrides in force at a moment: the latest of each deal and `until`, made by then, whose `until` is still to come.

    Each has the model's prediction of when it was made. `model` selects those of one model.
    """
    return in_force(stored_overrides(project.scores_url, model, project.calendar.zone), moment)


def _store(project: Project, rows: Sequence[Sourced], model: str, now: datetime, progress: Progress) -> OverrideReport:
    stored_before = stored_overrides(project.scores_url, zone=project.calendar.zone)
    before = [stored for stored in stored_before if stored.model_prediction.model == model]
    # An override that was compared with hindsight may get a fairer prediction by now.
    fair = [stored for stored in before if not stored.with_hindsight]
    fresh = {override.override_id for override in not_yet_stored([override for _, override in rows], fair)}
    # Two rows of a file may be equal.
    last_rows = {override.override_id: (where, override) for where, override in reversed(rows) if override.override_id in fresh}
    new_rows = list(last_rows.values())[::-1]
    stored_keys = {(stored.override.override_id, stored.model_prediction.digest) for stored in before}
    pairs = zip(new_rows, _predictions(project, new_rows, model, progress), strict=True)
    new = tuple(
        StoredOverride(override, prediction, now)
        for (_, override), prediction in pairs
        if (override.override_id, prediction.digest) not in stored_keys
    )
    if new:
        append_overrides(project.scores_url, new)
    return OverrideReport(new, len(rows) - len(new), tuple(_notes(project, new)))


def _check(project: Project, rows: Sequence[Sourced], model: str) -> None:
    """See that every row could be kept, as far as its deal goes."""
    _predictions(project, rows, model, silent)


def _predictions(project: Project, rows: Sequence[Sourced], model: str, progress: Progress) -> list[ModelPrediction]:
    """The model's prediction for each override; an error is that of the first row that has one."""
    numbers = []
    for (where, _), number in zip(rows, model_predictions(project, model, [override for _, override in rows], progress), strict=True):
        if isinstance(number, str):
            raise InputError(f"{where}: {number}" if where else number)
        numbers.append(number)
    return numbers


def _notes(project: Project, stored: Sequence[StoredOverride]) -> Iterator[str]:
    if not stored:
        return
    with_hindsight = [entry for entry in stored if entry.with_hindsight]
    if with_hindsight:
        first, model = with_hindsight[0], with_hindsight[0].model_prediction
        yield (
            f"{len(with_hindsight):,} beside {model.model} version {model.version}, which had learned from what came later: they will "
            f"not count in forecast-value-added; train one as of then and say them again: dealml train {model.model} --as-of "
            f"{first.override.made_at:%Y-%m-%d}"
        )
    end, last = project.calendar.local(ledger_end(project.ledger, project.query_settings)), max(entry.override.made_at for entry in stored)
    if last - end > _STALE:
        yield f"the ledger ends on {end:%Y-%m-%d}, {(last - end).days} days before: the model knew nothing of them; import the latest"
