"""`dealml override list`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dealml.cli.options import HERE, Json, ProjectFolder, open_project
from dealml.cli.output import say, say_json, say_table
from dealml.cli.overrides.override_output import NONE, override_json
from dealml.formatting import exact_money

if TYPE_CHECKING:
    from dealml.judgement.override import StoredOverride


def command(
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="DATE", help="Those that stood at this moment; default now.")] = None,
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """List the overrides that stand, each with the model's number."""
    from dealml.jobs.overrides.record import overrides_as_of

    here = open_project(project)
    at = here.calendar.read_optional_moment(as_of) or here.calendar.now()
    overrides = overrides_as_of(here, at)
    if json:
        say_json({"as_of": at, "overrides": [override_json(stored) for stored in overrides]})
        return
    if not overrides:
        say(f"no overrides stand at {at:%Y-%m-%d %H:%M %Z}")
        return
    columns = ("deal", "won before", "said", "model", "amount", "in the CRM", "close", "in the CRM", "by", "on", "why")
    say_table(columns, [_cells(stored) for stored in overrides], f"overrides that stand at {at:%Y-%m-%d %H:%M %Z}: {len(overrides):,}")


def _cells(stored: StoredOverride) -> list[str]:
    override, prediction = stored.override, stored.model_prediction
    return [
        override.deal_id,
        f"{override.until:%Y-%m-%d}",
        NONE if override.probability is None else f"{override.probability:.1%}",
        f"{prediction.probability:.1%}",
        NONE if override.amount is None else exact_money(override.amount, override.currency or ""),
        NONE if prediction.amount is None else exact_money(prediction.amount, prediction.currency or ""),
        str(override.close_date or NONE),
        str(prediction.close_date or NONE),
        override.who,
        f"{override.made_at:%Y-%m-%d}",
        override.why,
    ]
