"""`dealml qualify`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dealml.cli.older_rules import tell_older_rules
from dealml.cli.options import HERE, Json, MaybeAsOf, ProjectFolder, open_project
from dealml.cli.output import progress, say, say_json, say_table, warn
from dealml.errors import UsageError
from dealml.formatting import cents, counted_percent, money, percent

if TYPE_CHECKING:
    from datetime import datetime

    from dealml.jobs.choosing.qualification_backtest import QualificationBacktest
    from dealml.jobs.choosing.qualify import QualificationReport
    from dealml.jobs.progress import Progress
    from dealml.project import Project
    from dealml.qualification.class_outcomes import ClassOutcome
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
    backtest: Annotated[bool, typer.Option("--backtest", help="The advice on past deals against how they ended.")] = False,
    propose: Annotated[bool, typer.Option("--propose", help="Thresholds that the past speaks for, with their backtest.")] = False,
    write: Annotated[bool, typer.Option("--write", help="With --propose: write them into models/choosing.toml.")] = False,
    by: Annotated[str | None, typer.Option("--by", metavar="NAME", help="With --write: who changes them.")] = None,
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """Qualify each open deal and lead by five tests: pursue, nurture or decline, with the evidence and what to ask next."""
    from dealml.jobs.choosing.qualify import qualify

    if write and not propose:
        raise UsageError("--write goes with --propose")
    here = open_project(project)
    older = tell_older_rules(here)
    if backtest or propose:
        with progress() as tell:
            tried = _tried(here, here.calendar.read_optional_moment(as_of), propose, write, by, tell)
        if json:
            say_json({name: value if isinstance(value, str) else asdict(value) for name, value in tried.items()} | older)
        else:
            _tell_backtests(tried)
        return
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


def _tried(
    project: Project, as_of: datetime | None, propose: bool, write: bool, by: str | None, tell: Progress
) -> dict[str, QualificationBacktest | str]:
    """By name each backtest, and the file that was written."""
    from dealml.jobs.choosing.qualification_backtest import propose_thresholds, qualification_backtest

    if not propose:
        return {"present": qualification_backtest(project, as_of, tell)}
    both = propose_thresholds(project, as_of, by, write, tell)
    return {"present": both.present, "proposed": both.proposed, "written": both.written}


def _tell_backtests(tried: dict[str, QualificationBacktest | str]) -> None:
    for name, tested in tried.items():
        if isinstance(tested, str):
            if tested:
                say(f"{tested}: written")
            continue
        pursue, decline = tested.thresholds.pursue, tested.thresholds.decline
        say(
            f"{name} thresholds: pursue from {pursue.win_rate:g} times the usual P with at most {pursue.most_failed} failed tests; "
            f"decline up to {decline.win_rate:g} times with at least {decline.fewest_failed}"
        )
        titles = ("deals decided", "deals", "won", "share won", "95% interval", "money won", "95% interval")
        rows = [_class_row(label, outcome, tested.currency) for label, outcome in tested.outcomes.items()]
        say_table(titles, rows, f"after {tested.since:%Y-%m-%d}, closed before {tested.until:%Y-%m-%d}")
    say("Advisory: each deal as it stood 30 days after it was opened. all: pursuing all; heuristic: as many as pursue, by the most points.")


def _class_row(label: str, outcome: ClassOutcome, currency: str) -> list[object]:
    if not outcome.deals:
        return [label, "0", "0", *[NONE] * 4]
    share = f"{counted_percent(outcome.low)} to {counted_percent(outcome.high)}"
    amounts = [money(cents(amount), currency) for amount in (outcome.money, outcome.money_low, outcome.money_high)]
    counts = [label, f"{outcome.deals:,}", f"{outcome.won:,}"]
    return [*counts, counted_percent(outcome.rate), share, amounts[0], f"{amounts[1]} to {amounts[2]}"]


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
