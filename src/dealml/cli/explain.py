"""`dealml explain`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dealml.cli.options import HERE, AsOf, Json, ProjectFolder, Version, moment, moment_of_scores, open_project
from dealml.cli.output import progress, say, say_json, say_table, warn
from dealml.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from dealml.jobs.changes import Changes
    from dealml.jobs.explain import Explanation
    from dealml.project import Project

MOST_SHOWN = 12
"""Parts of a change that are named one by one."""


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
    if (from_ is None) != (to is None):
        raise UsageError("give both --from DATE and --to DATE")
    if from_ and to:
        _explain_change(entity, (from_, to), model, (from_version, version), out, project, json)
        return
    if entity is None:
        raise UsageError("name a deal or an account; or --from DATE --to DATE for the changes of all")
    if from_version is not None:
        raise UsageError("--from-version goes with --from DATE --to DATE")

    here = open_project(project)
    at = moment_of_scores(here, as_of)
    if what_if:
        _try(here, entity, at, what_if, model, version, json)
        return
    if out:
        from dealml.jobs.case import write_case

        with progress() as tell:
            size = write_case(here, entity, at, out, model, version, tell)
        say(f"{out}: {size // 1024} KB")
        return
    from dealml.jobs.explain import explain

    with progress() as tell:
        found = explain(here, entity, at, model, version, past, tell)
    if json:
        groups, backing, alike = ([vars(one) for one in part] for part in (found.groups, found.evidence, found.similar))
        say_json(vars(found) | {"groups": groups, "evidence": backing, "similar": alike})
        return
    _tell(found, with_queries=evidence)


def _try(here: Project, entity: str, at: datetime | None, wanted: list[str], model: str | None, version: int | None, json: bool) -> None:
    from dealml.jobs.what_if import try_values

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
    say(f"a difference of {gap:+.1f} points (95 % interval {found.low * 100:+.1f} to {found.high * 100:+.1f}): association, not effect")


def _tell(found: Explanation, with_queries: bool) -> None:
    main: dict[str, Any] = found.main
    say(f"{found.entity_id} as of {found.as_of:%Y-%m-%d %H:%M} UTC, {found.model} version {found.version} ({main['rung']})")
    ahead = "   ".join(f"{row['horizon_days']} days {float(str(row['probability'])):.1%}" for row in found.scores)
    say(f"probability of being {found.word} within: {ahead}")
    start, end = main["base_probability"], main["probability"]
    say(f"within {found.main_horizon} days: {start:.1%} to begin with, {end:.1%} with what is known of it:")
    backed = {backing.feature: backing for backing in found.evidence}
    rows: list[list[str]] = []
    for reason in main["reasons"]:
        rows.append([*_amounts(found, reason["points"]), reason["sentence"]])
        if backing := backed.get(reason["feature"]):
            rows.append(["", *([""] if found.amount is not None else []), f"  {backing.like}: {backing.sentence}"])
            if backing.warning:
                rows.append(["", *([""] if found.amount is not None else []), f"  {backing.warning}"])
    rest = end - start - sum(reason["points"] for reason in main["reasons"])
    time = sum(group.points for group in found.groups if group.subject == "time")
    rows.append([*_amounts(found, time), f"The {found.main_horizon} days that it is given"])
    rows.append([*_amounts(found, rest - time), "All smaller parts"])
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
            "; ".join(one.apart[:1]),
        ]
        for one in found.similar
    ]
    say_table(("most like it", "alike", "ended", "days", "what sets it apart"), rows)


def _explain_change(
    entity: str | None,
    moments: tuple[str, str],
    model: str | None,
    versions: tuple[int | None, int | None],
    out: Path | None,
    project: Path,
    json: bool,
) -> None:
    from dealml.jobs.changes import changes
    from dealml.loading import leading_models

    here = open_project(project)
    start, end = moment(moments[0], "--from"), moment(moments[1], "--to")
    name = model or leading_models(here.folder)[0]
    if entity is not None and model is None:
        from dealml.jobs.explain import at_stake

        name = at_stake(here, entity, end, None, versions[1]).view.spec.name
    with progress() as tell:
        found = changes(here, name, start, end, entity, versions[1], versions[0], out, tell)
    if json:
        say_json({key: value for key, value in vars(found).items() if key != "table"} | {"parts": found.table.to_dict("records")})
        return
    _tell_changes(found, entity, moments)
    if out:
        say(f"{out}: written")


def _tell_changes(found: Changes, entity: str | None, moments: tuple[str, str]) -> None:
    versions = {found.version_before, found.version_after}
    made = f"version {found.version_after}" if len(versions) == 1 else f"versions {found.version_before} and {found.version_after}"
    say(
        f"{entity or f'{found.entities:,} at stake at both'}: {moments[0]} to {moments[1]}, {found.model} {made}, {found.horizon_days} days"
    )
    table = found.table
    if entity is None:
        first = table.drop_duplicates("entity_id")
        gone = first["probability_after"] - first["probability_before"]
        say(f"probabilities moved by {gone.abs().mean() * 100:.1f} points on average; {(gone > 0).sum():,} up, {(gone < 0).sum():,} down")
    elif len(table):
        before, after = table["probability_before"].iloc[0], table["probability_after"].iloc[0]
        say(f"{before:.1%} then, {after:.1%} now: {(after - before) * 100:+.1f} points")
    sums = table.groupby("part")["points"].sum()
    named = {"time": "passage of time", "facts": "what went on record", "model": "another version", "calibration": "another calibration"}
    say_table(("points", "part"), [[f"{sums.get(part, 0.0) * 100:+.1f}", words] for part, words in named.items()])
    if entity is not None:
        rows = [[f"{p * 100:+.1f}", f"{b} → {a}" if a != b else str(a), s] for p, b, a, s in _largest(table)]
        say()
        say_table(("points", "from → to", "largest parts"), rows)


def _largest(table: Any) -> list[tuple[float, str, str, str]]:
    shown = table[table["feature"] != ""].head(MOST_SHOWN)
    values = (shown[name].fillna("not known") for name in ("value_before", "value_after"))
    return list(zip(shown["points"], *values, shown["sentence"], strict=True))
