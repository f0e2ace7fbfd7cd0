"""`dealml explain`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dealml.cli.explaining.explain_change import explain_change
from dealml.cli.options import HERE, AsOf, Json, ProjectFolder, Version, moment_of_scores, open_project
from dealml.cli.output import progress, say, say_json, say_table, warn
from dealml.errors import UsageError
from dealml.formatting import cents, money

if TYPE_CHECKING:
    from datetime import datetime

    from dealml.jobs.explaining.explain import Explanation
    from dealml.project import Project


def command(
    entity: Annotated[str | None, typer.Argument(metavar="[ENTITY]", help="A deal's or an account's id; all with --from, --to.")] = None,
    as_of: AsOf = None,
    model: Annotated[
        str | None, typer.Option("--model", metavar="MODEL", help="The model; default the one that the entity is at stake for.")
    ] = None,
    version: Version = None,
    evidence: Annotated[bool, typer.Option("--evidence", help="Print the queries that give the numbers of the evidence.")] = False,
    past: Annotated[bool, typer.Option("--past/--no-past", help="Look for evidence and similar cases in the past.")] = True,
    what_if: Annotated[
        list[str] | None, typer.Option("--what-if", metavar="FEATURE=VALUE", help="Its probability with another value; may be repeated.")
    ] = None,
    from_: Annotated[str | None, typer.Option("--from", metavar="DATE", help="Why it changed since this moment.")] = None,
    to: Annotated[str | None, typer.Option("--to", metavar="DATE", help="The later moment.")] = None,
    from_version: Annotated[
        int | None, typer.Option("--from-version", metavar="N", help="The version of the earlier score; default the same as of the later.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write a page about it, .html; with --from: all parts, .parquet or .csv.")
    ] = None,
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """Explain a score: what it is made of, what backs it, who was like it; or why it changed."""
    _check_together(
        {"--from": from_, "--to": to, "--from-version": from_version},
        {"--as-of": as_of, "--what-if": what_if, "--evidence": evidence, "--no-past": not past},
    )
    if from_ and to:
        explain_change(entity, (from_, to), model, (from_version, version), out, project, json)
        return
    if entity is None:
        raise UsageError("name a deal or an account; or --from DATE --to DATE for the changes of all")
    if what_if and (out or evidence or not past):
        raise UsageError("--what-if stands alone: leave --out, --evidence and --no-past out")
    if evidence and (out or not past):
        raise UsageError("--evidence prints the queries behind what is told of the past: leave --out and --no-past out")
    here = open_project(project)
    at = moment_of_scores(here, as_of)
    if what_if:
        _try(here, entity, at, what_if, model, version, json)
        return
    if out:
        from dealml.jobs.explaining.deal_page import write_deal_page

        with progress() as tell:
            size = write_deal_page(here, entity, at, out, model, version, tell)
        say(f"{out}: {size // 1024} KB")
        return
    from dealml.jobs.explaining.explain import explain

    with progress() as tell:
        found = explain(here, entity, at, model, version, past, tell)
    if json:
        groups, backing, alike = ([vars(one) for one in part] for part in (found.groups, found.evidence, found.similar))
        say_json(vars(found) | {"groups": groups, "evidence": backing, "similar": alike})
        return
    _tell(found, with_queries=evidence)


def _check_together(change: Mapping[str, object], other: Mapping[str, object]) -> None:
    """Refuse options that one of the two ways to explain would not heed."""
    if (change["--from"] is None) != (change["--to"] is None):
        raise UsageError("give both --from DATE and --to DATE")
    if change["--from"] is None:
        if change["--from-version"] is not None:
            raise UsageError("--from-version goes with --from DATE --to DATE")
        return
    if unheeded := [name for name, value in other.items() if value]:
        raise UsageError(f"{unheeded[0]} does not go with --from DATE --to DATE")


def _try(here: Project, entity: str, at: datetime | None, wanted: list[str], model: str | None, version: int | None, json: bool) -> None:
    from dealml.jobs.explaining.what_if import try_values

    pairs = [part.partition("=") for part in wanted]
    if bad := [part for part, (name, sign, value) in zip(wanted, pairs, strict=True) if not (name and sign and value)]:
        raise UsageError(f"--what-if {bad[0]}: write it as FEATURE=VALUE")
    with progress() as tell:
        found = try_values(here, entity, at, {name: value for name, _, value in pairs}, model, version, tell)
    if json:
        say_json(vars(found))
        return
    say(f"{entity}: {found.before:.1%} as it is, {found.after:.1%} with")
    for name, (before, after) in found.values.items():
        say(f"  {name}: {after} instead of {before or 'not known'}")
    gap = (found.after - found.before) * 100
    say(f"a difference of {gap:+.1f} points (95% interval {found.low * 100:+.1f} to {found.high * 100:+.1f}): association, not effect")


def _tell(found: Explanation, with_queries: bool) -> None:
    main: dict[str, Any] = found.main
    say(f"{found.entity_id} as of {found.as_of:%Y-%m-%d %H:%M} UTC, {found.model} version {found.version} ({main['rung']})")
    ahead = "   ".join(f"{row['horizon_days']} days {float(str(row['probability'])):.1%}" for row in found.scores)
    say(f"probability of being {found.word} within: {ahead}")
    start, end = main["base_probability"], main["probability"]
    first, last = (f"{probability:.1%}{_worth(found, probability)}" for probability in (start, end))
    say(f"within {found.main_horizon} days: {first} to begin with, {last} with what is known of it:")
    backed = {backing.feature: backing for backing in found.evidence}
    rows: list[list[str]] = []
    for reason in main["reasons"]:
        rows.append([*_amounts(found, reason["points"]), reason["sentence"]])
        if backing := backed.get(reason["feature"]):
            rows.append(["", *([""] if found.amount is not None else []), f"  {backing.like}: {backing.sentence}"])
            if backing.warning:
                rows.append(["", *([""] if found.amount is not None else []), f"  {backing.warning}"])
    rest = end - start - sum(reason["points"] for reason in main["reasons"])
    rows.append([*_amounts(found, rest), "All smaller parts"])
    say_table(("points", *((found.currency,) if found.amount is not None else ()), "reason"), rows)
    say()
    say("by subject: " + "   ".join(f"{found.subjects[group.subject]} {group.points * 100:+.1f}" for group in found.groups))
    _tell_similar(found)
    if with_queries:
        say()
        table = f"dealml features {found.model} --settled --as-of {found.as_of.isoformat()} --out settled.parquet"
        say(f"the numbers again: {table}, and in DuckDB:")
        for backing in found.evidence:
            say(f"{backing.query}; -- {backing.feature}")
    for note in found.notes:
        warn(f"note: {note}")


def _amounts(found: Explanation, points: float) -> list[str]:
    """Points, and what they are of the money at stake."""
    return [f"{points * 100:+.1f}", *([f"{points * found.amount:+,.0f}"] if found.amount is not None else [])]


def _worth(found: Explanation, probability: float) -> str:
    return "" if found.amount is None else f" ({money(cents(probability * found.amount), found.currency)})"


def _tell_similar(found: Explanation) -> None:
    if not found.similar:
        return
    say()
    rows = [
        [
            one.entity_id,
            f"{one.similarity:.0%}",
            found.word if one.had else f"not {found.word}",
            f"{one.days or ''}",
            "; ".join(one.common[:1]),
            "; ".join(one.apart[:1]),
        ]
        for one in found.similar
    ]
    say_table(("most like it", "alike", "ended", "days", "what they share", "what sets it apart"), rows)
