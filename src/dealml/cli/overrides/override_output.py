"""What the verbs of `dealml override` share: an override as plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from dealml.jobs.overrides.record import OverrideReport
    from dealml.judgement.override import StoredOverride

NONE = "–"
ModelOfOverride = Annotated[str, typer.Option("--model", metavar="MODEL", help="The model whose number is kept with it.")]


def report_json(report: OverrideReport) -> dict[str, Any]:
    """What was kept, and what was there before."""
    new = [override_json(stored) for stored in report.new]
    return {"new": new, "already_there": report.already_there, "notes": list(report.notes)}


def override_json(stored: StoredOverride) -> dict[str, Any]:
    """An override and the model's number as plain values; amounts are exact decimals, so they are texts."""
    override, prediction = vars(stored.override), vars(stored.model_prediction)
    return {"override_id": stored.override.override_id, "stored_at": stored.stored_at, **_plain(override), "model": _plain(prediction)}


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    texts = ("amount", "close_date")
    return {name: str(value) if name in texts and value is not None else value for name, value in values.items()}
