"""`dealml explain`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from dealml.cli.options import HERE, AsOf, EntityId, Json, ModelOfEntity, ProjectFolder, Version, moment_of_scores, open_project
from dealml.cli.output import progress, say, say_json, say_table, warn
from dealml.errors import UsageError
from dealml.formatting import cents, money

if TYPE_CHECKING:
    from dealml.jobs.explaining.explain import Explanation


def command(
    entity: EntityId,
    as_of: AsOf = None,
    model: ModelOfEntity = None,
    version: Version = None,
    evidence: Annotated[bool, typer.Option("--evidence", help="Print the queries that give the numbers of the evidence.")] = False,
    past: Annotated[bool, typer.Option("--past/--no-past", help="Look for evidence and similar cases in the past.")] = True,
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """Explain a score: what it is made of, what backs it, who was like it."""
    if evidence and not past:
        raise UsageError("--evidence prints the queries behind what is told of the past: leave --no-past out")
    from dealml.jobs.explaining.explain import explain

    here = open_project(project)
    at = moment_of_scores(here, as_of)
    with progress() as tell:
        explanation = explain(here, entity, at, model, version, past, tell)
    if json:
        parts = (explanation.groups, explanation.evidence, explanation.similar)
        groups, evidence_json, similar = ([vars(item) for item in part] for part in parts)
        plain = {name: value for name, value in vars(explanation).items() if name != "contributions"}
        say_json(plain | {"groups": groups, "evidence": evidence_json, "similar": similar})
        return
    _tell(explanation, with_queries=evidence)


def _tell(explanation: Explanation, with_queries: bool) -> None:
    main: dict[str, Any] = explanation.main
    version = f"{explanation.model} version {explanation.version} ({main['rung']})"
    say(f"{explanation.entity_id} as of {explanation.as_of:%Y-%m-%d %H:%M %Z}, {version}")
    ahead = "   ".join(f"{row['horizon_days']} days {float(str(row['probability'])):.1%}" for row in explanation.scores)
    say(f"probability of being {explanation.outcome_name} within: {ahead}")
    start, end = main["base_probability"], main["probability"]
    first, last = (f"{probability:.1%}{_worth(explanation, probability)}" for probability in (start, end))
    say(f"within {explanation.main_horizon} days: {first} to begin with, {last} with what is known of it:")
    backed = {backing.feature: backing for backing in explanation.evidence}
    rows: list[list[str]] = []
    for reason in main["reasons"]:
        rows.append([*_amounts(explanation, reason["points"]), reason["sentence"]])
        if backing := backed.get(reason["feature"]):
            rows.append(["", *([""] if explanation.amount is not None else []), f"  {backing.like}: {backing.sentence}"])
            if backing.warning:
                rows.append(["", *([""] if explanation.amount is not None else []), f"  {backing.warning}"])
    rest = end - start - sum(reason["points"] for reason in main["reasons"])
    rows.append([*_amounts(explanation, rest), "All smaller parts"])
    say_table(("points", *((explanation.currency,) if explanation.amount is not None else ()), "reason"), rows)
    say()
    say("by subject: " + "   ".join(f"{explanation.subjects[group.subject]} {group.points * 100:+.1f}" for group in explanation.groups))
    for sentence in explanation.scenarios:
        say(sentence)
    _tell_similar(explanation)
    if with_queries:
        say()
        table = f"dealml features {explanation.model} --settled --as-of {explanation.as_of.isoformat()} --out settled.parquet"
        say(f"the numbers again: {table}, and in DuckDB:")
        for backing in explanation.evidence:
            say(f"{backing.query}; -- {backing.feature}")
    for note in explanation.notes:
        warn(f"note: {note}")


def _amounts(explanation: Explanation, points: float) -> list[str]:
    """Points, and what they are of the money at stake."""
    return [f"{points * 100:+.1f}", *([f"{points * explanation.amount:+,.0f}"] if explanation.amount is not None else [])]


def _worth(explanation: Explanation, probability: float) -> str:
    return "" if explanation.amount is None else f" ({money(cents(probability * explanation.amount), explanation.currency)})"


def _tell_similar(explanation: Explanation) -> None:
    if not explanation.similar:
        return
    say()
    rows = [
        [
            case.entity_id,
            f"{case.similarity:.0%}",
            explanation.outcome_name if case.had else f"not {explanation.outcome_name}",
            f"{case.days or ''}",
            "; ".join(case.common[:1]),
            "; ".join(case.apart[:1]),
        ]
        for case in explanation.similar
    ]
    say_table(("most like it", "alike", "ended", "days", "what they share", "what sets it apart"), rows)
