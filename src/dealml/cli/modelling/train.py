"""`dealml train`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dealml.cli.modelling.evaluate_output import measured_json, say_overall
from dealml.cli.older_rules import tell_older_rules
from dealml.cli.options import HERE, Json, MaybeAsOf, ModelName, ProjectFolder, open_project
from dealml.cli.output import progress, say, say_json, say_table, warn
from dealml.errors import GateRefused, UsageError

if TYPE_CHECKING:
    from dealml.jobs.modelling.train import Trained


def command(
    model: ModelName,
    as_of: MaybeAsOf = None,
    allow_leak: Annotated[
        list[str] | None,
        typer.Option("--allow-leak", metavar="NAME", help="Let a feature stay that the leak gate finds; may be repeated."),
    ] = None,
    reason: Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why it is no leak; kept with the version.")] = None,
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """Train a model, track the run in MLflow and register the version."""
    if allow_leak and not (reason or "").strip():
        raise UsageError(f"--allow-leak {allow_leak[0]} needs a reason that says why the feature is no leak: --reason TEXT")
    from dealml.jobs.modelling.train import train

    with progress() as tell:
        allowed = dict.fromkeys(allow_leak or [], reason or "")
        here = open_project(project)
        older = tell_older_rules(here)
        trained = train(here, model, here.calendar.read_optional_moment(as_of), tell, allowed)
    if json:
        say_json(_as_json(trained) | older)
    else:
        _tell(trained)
    if trained.verdict.checked and not trained.verdict.beats:
        rate = {"base_rate": "the base rate"}.get(trained.fitted.rung.name, "the rate of each stage and segment")
        served = f"version {trained.registered.version} serves {rate}"
        raise GateRefused(f"{model}: {trained.verdict.message}; {served}; {trained.verdict.advice} (docs/verdicts.md)")


def _tell(trained: Trained) -> None:
    fitted, registered = trained.fitted, trained.registered
    counts, champion = fitted.counts, " (champion)" if trained.is_champion else ""
    source = "from a source without dates" if fitted.cross_section else f"recorded before {fitted.trained_through}"
    say(f"{fitted.name} version {registered.version}{champion}: {fitted.rung.name}, digest {registered.digest[:16]}")
    say(
        f"learned from {counts['rows']:,} rows of {counts['entities']:,} entities ({counts['with_outcome']:,} {fitted.outcome_name}), "
        f"{len(fitted.schema.names) - 1} features, {source}"
    )
    if trained.families:
        say(trained.families)
    if trained.truncated:
        say(f"{trained.truncated} (docs/models.md, left truncation)")
    for change in trained.changes:
        say(f"since the champion was trained: {change}")
    if trained.absent:
        warn(f"{len(trained.absent)} features are absent: " + ", ".join(sorted(trained.absent)))
    for canary in trained.leaks.blind_to:
        warn(f"the leak gate would not have found a leak such as this one: {canary.meaning}")
    if trained.leaks.clocks:
        clocks = ", ".join(f"{clock.feature} ({clock.evidence['share']:.0%})" for clock in trained.leaks.clocks)
        warn(f"means over what is open follow the calendar, so that they tell the date (docs/leaks.md): {clocks}")
    for name, why in fitted.allowed_leaks.items():
        warn(f"allowed though it looks like a leak: {name}: {why}")
    _say_tried(trained)
    if trained.evaluation:
        say()
        say_overall(trained.evaluation)
    say(trained.verdict.message)


def _say_tried(trained: Trained) -> None:
    """How each rung of the ladder did where it was chosen."""
    if trained.fitted.tried:
        rows = [[rung["rung"], f"{rung['log_loss']:.4f}", f"{rung['behind']:.4f} ± {rung['error']:.4f}"] for rung in trained.fitted.tried]
        say_table(("rung", "log loss", "behind the best"), rows)


def _as_json(trained: Trained) -> dict[str, object]:
    fitted, registered = trained.fitted, trained.registered
    return {
        "model": fitted.name,
        "version": registered.version,
        "champion": trained.is_champion,
        "rung": fitted.rung.name,
        "model_digest": registered.digest,
        "ledger_digest": fitted.ledger_digest,
        "trained_through": fitted.trained_through,
        "horizons": fitted.horizons,
        "outcome": fitted.outcome_name,
        "features": fitted.schema.names[:-1],
        "absent": trained.absent,
        "changes": trained.changes,
        "left_truncation": trained.truncated,
        "counts": fitted.counts,
        "canaries": {canary.name: canary.detected_by for canary in trained.leaks.canaries},
        "allowed_leaks": fitted.allowed_leaks,
        "follow_the_calendar": {clock.feature: clock.evidence["share"] for clock in trained.leaks.clocks},
        "rungs_tried": fitted.tried,
        "family_trial": fitted.family_trial,
        "verdict": vars(trained.verdict),
        "run_id": registered.run_id,
        "held_out": measured_json(trained.evaluation) if trained.evaluation else None,
    }
