"""`dealml train`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealml.cli.measures import measured_json, say_overall
from dealml.cli.options import HERE, Json, MaybeAsOf, ModelName, ProjectFolder, maybe_moment, open_project
from dealml.cli.output import progress, say, say_json, warn

if TYPE_CHECKING:
    from dealml.jobs.train import Trained


def command(model: ModelName, as_of: MaybeAsOf = None, project: ProjectFolder = HERE, json: Json = False) -> None:
    """Train a model, track the run in MLflow and register the version."""
    from dealml.jobs.train import train

    with progress() as tell:
        trained = train(open_project(project), model, maybe_moment(as_of), tell)
    if json:
        say_json(_as_json(trained))
        return
    fitted, registered = trained.fitted, trained.registered
    counts, champion = fitted.counts, " (champion)" if trained.is_champion else ""
    say(f"{model} version {registered.version}{champion}: {fitted.rung.name}, digest {registered.digest[:16]}")
    say(
        f"learned from {counts['rows']:,} rows of {counts['entities']:,} entities ({counts['with_outcome']:,} {fitted.word}), "
        f"{len(fitted.schema.names) - 1} features, recorded before {fitted.trained_through}"
    )
    if trained.absent:
        warn(f"{len(trained.absent)} features are absent: " + ", ".join(sorted(trained.absent)))
    if fitted.rung.name == "base_rate":
        warn("too few outcomes to learn from: every score will be the base rate, and says so")
    if trained.evaluation:
        say()
        say_overall(trained.evaluation)


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
        "outcome": fitted.word,
        "features": fitted.schema.names[:-1],
        "absent": trained.absent,
        "counts": fitted.counts,
        "run_id": registered.run_id,
        "held_out": measured_json(trained.evaluation) if trained.evaluation else None,
    }
