"""`dealml metrics`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dealml.cli.older_rules import tell_older_rules
from dealml.cli.options import HERE, Json, ProjectFolder, open_project
from dealml.cli.output import say, say_json, say_table, warn

if TYPE_CHECKING:
    from dealml.jobs.sales_metrics import MetricsReport
    from dealml.sales_metrics import MetricValue


def command(
    since: Annotated[str, typer.Option("--from", metavar="DATE", help="The period's first day, such as 2025-10-01.")],
    until: Annotated[str, typer.Option("--to", metavar="DATE", help="The first day after the period, such as 2026-01-01.")],
    by: Annotated[
        str | None, typer.Option("--by", metavar="WAY", help="Split what can be split by segment, team or source; never by person.")
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="DATE", help="Count only what was recorded before this moment; default all that is on record."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write every value: .parquet or .csv.")] = None,
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """The sales metrics of a period: revenue, pipeline, customers, satisfaction, the sales force on average, competition."""
    from dealml.jobs.sales_metrics import metrics

    here = open_project(project)
    older = tell_older_rules(here)
    calendar = here.calendar
    period = calendar.read_moment(since, "--from"), calendar.read_moment(until, "--to")
    report = metrics(here, *period, by, calendar.read_optional_moment(as_of), out)
    if json:
        say_json(_json(report, out) | older)
        return
    _tell(report)
    if out:
        say(f"{out}: written")
    for note in report.notes:
        warn(f"note: {note}")


def _tell(report: MetricsReport) -> None:
    from dealml.sales_metrics import METRICS
    from dealml.sales_metrics.labels import shown

    period = report.periods[-1]
    say(f"from {period.start:%Y-%m-%d} until {period.end:%Y-%m-%d}, as known before {report.as_of:%Y-%m-%d %H:%M %Z}")
    grouped = [report.by] if report.by else []
    rows = [[_name(v), *([v.group or "all"] if report.by else []), shown(v), _of(v)] for v in report.values]
    say_table(("metric", *grouped, "value", "of"), rows)
    if report.unsplit:
        say(f"not by {report.by}: {', '.join(METRICS[name].title for name in report.unsplit)}")


def _name(value: MetricValue) -> str:
    from dealml.sales_metrics import METRICS

    return f"  {value.item}" if value.item else METRICS[value.metric].title


def _of(value: MetricValue) -> str:
    from dealml.sales_metrics.labels import in_words

    return "; ".join(filter(None, (value.reason, in_words(value), value.note)))


def _json(report: MetricsReport, out: Path | None) -> dict[str, Any]:
    return {
        "from": report.periods[-1].start,
        "to": report.periods[-1].end,
        "as_of": report.as_of,
        "currency": report.currency,
        "by": report.by,
        "not_split": report.unsplit,
        "notes": report.notes,
        "file": str(out) if out else None,
        "metrics": [
            {
                "metric": v.metric, "group": v.group or None, "item": v.item or None, "value": v.value, "unit": v.unit,
                "reason": v.reason or None, "note": v.note or None, "parts": v.parts,
            }
            for v in report.values
        ],
    }  # fmt: skip
