"""`dealml economics`."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dealml.cli.older_rules import tell_older_rules
from dealml.cli.options import HERE, Json, MaybeAsOf, ProjectFolder, open_project
from dealml.cli.output import progress, say, say_json, say_table, warn
from dealml.formatting import cents, counted_percent, money, percent

if TYPE_CHECKING:
    import pandas as pd

    from dealml.jobs.choosing.economics import EconomicsReport

UNKNOWN = "unknown"
COLUMNS = ("id", "name", "segment", "P(win)", "price", "gross margin", "payback", "stays", "to pursue", "expected value", "80% interval")
MOST_SHOWN = 10
LONGEST_NAME = 30


def command(
    deal: Annotated[str | None, typer.Argument(metavar="DEAL", help="A deal's or a lead's id; without it, all open ones.")] = None,
    as_of: MaybeAsOf = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write every term of every deal: .parquet or .csv.")] = None,
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """Weigh open deals and leads by what winning them is expected to bring, term by term; advice, not a decision."""
    from dealml.jobs.choosing.economics import ADVICE, economics

    here = open_project(project)
    older = tell_older_rules(here)
    with progress() as tell:
        report = economics(here, here.calendar.read_optional_moment(as_of), deal, out, tell)
    if json:
        say_json(_json(report, out) | older)
        return
    if deal is not None:
        _tell(report, report.table.iloc[0])
    else:
        _tell_all(report)
    say(ADVICE)
    if out:
        say(f"{out}: written")
    for note in report.notes:
        warn(f"note: {note}")


def _tell_all(report: EconomicsReport) -> None:
    table = report.table
    known = table[table["expected_value"].notna()]
    kinds = ", ".join(f"{int((table['kind'] == kind).sum()):,} open {kind}s" for kind in ("deal", "lead") if (table["kind"] == kind).any())
    say(f"{kinds or 'no open deals or leads'} as of {report.as_of:%Y-%m-%d %H:%M %Z}; expected value over {_months(report)} after the win")
    if len(known) > 2 * MOST_SHOWN:
        _say_rows(report, known.head(MOST_SHOWN), "the most valuable")
        _say_rows(report, known.tail(MOST_SHOWN), "the least valuable")
    elif len(known):
        _say_rows(report, known, "by expected value")
    if costly := int((known["expected_value"] < 0).sum()):
        say(f"{costly:,} cost more than they are expected to bring")
    for terms, count in table.loc[table["unknown"] != "", "unknown"].value_counts().head(3).items():
        say(f"{count:,} of unknown value; missing: {str(terms).replace('_', ' ')}")


def _say_rows(report: EconomicsReport, rows: pd.DataFrame, title: str) -> None:
    say_table(COLUMNS, [_row(row, report.currency) for _, row in rows.iterrows()], title)


def _row(row: pd.Series, currency: str) -> list[str]:
    chance = row["becomes_a_deal"] * row["win"]
    low, high = (_amount(row[f"expected_value_{end}"], currency) for end in ("low", "high"))
    return [
        row["id"], _short(row["name"]), _short(row["segment"]), percent(chance), _amount(row["price"], currency),
        _amount(row["gross_margin"], currency), _payback(row["payback_months"]), percent(row["stays"]),
        _amount(row["cost_to_pursue"], currency), _amount(row["expected_value"], currency), f"{low} to {high}",
    ]  # fmt: skip


def _short(text: object) -> str:
    """A name that fits into its column; nothing where there is none."""
    words = text if isinstance(text, str) else ""
    return words if len(words) <= LONGEST_NAME else f"{words[: LONGEST_NAME - 1]}…"


def _tell(report: EconomicsReport, row: pd.Series) -> None:
    """One case as a waterfall of terms, each with its interval and source."""
    from dealml.economics.words import ABOUT, lines_of

    about = ", ".join(row[name] for name in ABOUT[2:] if isinstance(row[name], str) and row[name])
    say(f"{row['id']} as of {report.as_of:%Y-%m-%d %H:%M %Z}{f': {about}' if about else ''}")
    currency, lines = report.currency, lines_of(row.to_dict())
    rows = [[line.name, _shown(line.unit, line.value, currency), _range(line, currency), line.source] for line in lines]
    say_table(("term", "value", "80% interval", "from"), rows)
    if row["unknown"]:
        say(f"unknown, ask: {row['unknown'].replace('_', ' ')}; without it no expected value is known")
    if row["without"]:
        say(f"the expected value is without: {row['without'].replace('_', ' ')}")


def _range(line: Any, currency: str) -> str:
    if math.isnan(line.low) or math.isnan(line.high):
        return ""
    return f"{_shown(line.unit, line.low, currency)} to {_shown(line.unit, line.high, currency)}"


def _shown(unit: str, value: float, currency: str) -> str:
    if math.isnan(value):
        return UNKNOWN
    if unit == "money":
        return _amount(value, currency)
    if unit == "months":
        return _payback(value)
    return percent(value) if unit == "chance" else counted_percent(value, 1)


def _amount(value: float, currency: str) -> str:
    return UNKNOWN if math.isnan(value) else money(cents(value), currency)


def _payback(months: float) -> str:
    if math.isnan(months):
        return UNKNOWN
    return "never" if math.isinf(months) else f"{months:.1f} months"


def _months(report: EconomicsReport) -> str:
    return f"{report.settings.horizon_months:g} months"


def _json(report: EconomicsReport, out: Path | None) -> dict[str, Any]:
    from dealml.economics.words import as_record
    from dealml.jobs.choosing.economics import ADVICE

    return {
        "as_of": report.as_of,
        "currency": report.currency,
        "settings": report.settings.model_dump(),
        "advice": ADVICE,
        "notes": report.notes,
        "file": str(out) if out else None,
        "cases": [as_record(row) for row in report.table.to_dict("records")],
    }
