"""`dealml qualify`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dealml.cli.older_rules import tell_older_rules
from dealml.cli.options import HERE, Json, MaybeAsOf, ProjectFolder, open_project
from dealml.cli.output import progress, say, say_json, say_table, warn
from dealml.formatting import cents, counted_percent, money, percent

if TYPE_CHECKING:
    from dealml.jobs.choosing.qualify import QualificationReport
    from dealml.qualification.questions import ValuedQuestion
    from dealml.qualification.verdicts import QualifiedEntity, TestVerdict

NONE = "–"
MOST_ROWS = 10
"""Deals of a class that the terminal shows."""
ADVISORY = "Advisory: people decide. What is unknown is to be asked for; it is never counted as a no."
_MARKS = {"passed": "+", "failed": "−", "unknown": "?"}


def command(
    entity: Annotated[str | None, typer.Argument(metavar="ENTITY", help="A deal's or a lead's id; default all that is open.")] = None,
    as_of: MaybeAsOf = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write a row for each open deal and lead: .parquet or .csv.")
    ] = None,
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """Qualify each open deal and lead by five tests: pursue, nurture or decline, with the evidence and what to ask next."""
    from dealml.jobs.choosing.qualify import qualify

    here = open_project(project)
    older = tell_older_rules(here)
    with progress() as tell:
        report = qualify(here, entity, here.calendar.read_optional_moment(as_of), out, tell)
    if json:
        say_json(_json(report) | older)
        return
    if entity is None:
        _tell(report)
    else:
        for qualified in report.entities:
            _tell_entity(qualified, report)
    say(ADVISORY)
    if out:
        say(f"{out}: written")
    for note in report.notes:
        warn(f"note: {note}")


def _tell(report: QualificationReport) -> None:
    for kind in dict.fromkeys(entity.kind for entity in report.entities):
        entities = [entity for entity in report.entities if entity.kind == kind]
        counts = ", ".join(f"{advice} {report.count(kind, advice):,}" for advice in ("pursue", "nurture", "decline"))
        moment = f" as of {report.as_of:%Y-%m-%d}" if report.as_of else ""
        say(f"{len(entities):,} open {kind}s{moment}: {counts}")
        if (usual := report.usual[kind]) is not None:
            say(f"the usual probability{_within(report.horizons[kind])} is {percent(usual)}")
        for advice in ("pursue", "nurture", "decline"):
            rows = [_row(entity, report.currency) for entity in entities if entity.advice == advice]
            if rows:
                tests = [verdict.test for verdict in entities[0].verdicts]
                more = f", the first {MOST_ROWS} of {len(rows):,}" if len(rows) > MOST_ROWS else ""
                titles = (kind, "account", "stage", "amount", "P", "× usual", *tests, "ask next")
                say_table(titles, rows[:MOST_ROWS], f"{advice}{more}")
        say()
    say("+ passed, − failed, ? unknown")


def _row(entity: QualifiedEntity, currency: str) -> list[object]:
    marks = [_MARKS[verdict.state] for verdict in entity.verdicts]
    ask = entity.questions[0].words if entity.questions else NONE
    return [entity.id, entity.account or NONE, entity.stage or NONE, *_numbers(entity, currency), *marks, ask]


def _numbers(entity: QualifiedEntity, currency: str) -> list[str]:
    """Amount, probability, and its multiple of the usual one."""
    amount = NONE if entity.amount is None else money(cents(entity.amount), currency)
    if entity.probability is None or entity.ratio is None:
        return [amount, "unknown", NONE]
    return [amount, percent(entity.probability), f"{entity.ratio:.1f}"]


def _tell_entity(entity: QualifiedEntity, report: QualificationReport) -> None:
    amount, probability, ratio = _numbers(entity, report.currency)
    say(f"{entity.kind} {entity.id}, {entity.account or entity.name or NONE}, {entity.stage or NONE}, amount {amount}: {entity.advice}")
    say(f"P{_within(report.horizons[entity.kind])}: {probability}, {ratio} times the usual")
    for verdict in entity.verdicts:
        _tell_verdict(verdict)
    if entity.questions:
        say("Ask next, what would move the decision most first:")
        for question in entity.questions:
            say(f"- {question.words}{_worth(question, report.currency)}")
    if entity.comes_back:
        say("To be pursued it must show:")
        for line in entity.comes_back:
            say(f"- {line}")
    if entity.refusal:
        say("Draft of an honest no (never sent):")
        say(entity.refusal)
    say()


def _within(days: int | None) -> str:
    return f" within {days} days" if days else ""


def _worth(question: ValuedQuestion, currency: str) -> str:
    if question.value is None or question.changes is None or question.moves is None:
        return ""
    worth = money(cents(question.value), currency) if question.in_money else f"{question.value * 100:.1f} points"
    moves = f"moves P by {question.moves * 100:.1f} points on average"
    return f" (worth {worth}; changes the decision with {counted_percent(question.changes)}; {moves})"


def _tell_verdict(verdict: TestVerdict) -> None:
    say(f"{_MARKS[verdict.state]} {verdict.test}: {verdict.title}: {verdict.state}")
    for words, lines in (("for", verdict.speaks_for), ("against", verdict.speaks_against), ("unknown, ask", verdict.unknown)):
        for line in lines:
            say(f"    {words}: {line}")


def _json(report: QualificationReport) -> dict[str, Any]:
    kinds = tuple(report.usual)
    return {
        "as_of": report.as_of,
        "currency": report.currency,
        "counts": {kind: {advice: report.count(kind, advice) for advice in ("pursue", "nurture", "decline")} for kind in kinds},
        "usual": report.usual,
        "horizons": report.horizons,
        "thresholds": asdict(report.thresholds),
        "entities": [asdict(entity) | {"passed": entity.passed, "failed": entity.failed} for entity in report.entities],
        "notes": report.notes,
        "advisory": ADVISORY,
    }
