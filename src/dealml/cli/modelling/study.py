"""`dealml study`: questions to a company's own past."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from dealml.cli.options import HERE, Json, MaybeAsOf, ProjectFolder, open_project
from dealml.cli.output import progress, say, say_json, say_table

if TYPE_CHECKING:
    from dealml.evaluation.metrics.bootstrap import Interval
    from dealml.evaluation.study import LogLossGain, Study

app = typer.Typer(name="study", rich_markup_mode=None, help="Questions to the company's own past.")
NONE = "–"
_SETS = {"context": "what both know", "progress": "… and progress", "activity": "… and activity", "both": "… and both"}
_GAINS = {
    ("progress", "context"): "progress adds to what both know",
    ("activity", "context"): "activity adds to what both know",
    ("progress", "activity"): "progress in place of activity",
    ("both", "activity"): "progress adds to activity",
    ("both", "progress"): "activity adds to progress",
}


@app.callback()
def studies() -> None:
    """Keep the one study under its own name."""


@app.command("progress-vs-activity")
def progress_vs_activity(
    model: Annotated[
        str | None, typer.Option("--model", metavar="MODEL", help="A model of deals; default the first of the project.")
    ] = None,
    as_of: MaybeAsOf = None,
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """Does a deal's progress say more of its end than the activity around it? Four models, judged on later time."""
    from dealml.jobs.modelling.study import progress_vs_activity as studied

    here = open_project(project)
    with progress() as tell:
        study = studied(here, model, here.calendar.read_optional_moment(as_of), tell)
    if json:
        say_json(_json(study) | {"ledger_digest": here.ledger.digest})
    else:
        _tell(study)


def _tell(study: Study) -> None:
    say(f"{study.model}, {study.rung}: learned from {study.learned_entities:,} deals before {study.cut[:10]}")
    say(
        f"held-out time to {study.until[:10]}: {study.rows:,} weekly snapshots of {study.entities:,} deals, "
        f"{study.with_outcome:,} with the outcome ({study.outcome}) within {study.horizon_days} days"
    )
    sets = [[_SETS[name], len(feature_set.features), _shown(feature_set.log_loss)] for name, feature_set in study.sets.items()]
    say_table(("learned from", "features", "log loss"), sets)
    say()
    gains = [[_GAINS[gain.better, gain.over], _shown(gain.lower_by, "+"), _word(gain)] for gain in study.gains]
    say_table(("", "log loss lower by", ""), gains)
    say()
    rises = [[i.subject, i.side, i.features, _shown(i.rise, "+")] for i in study.importances]
    say_table(("subject", "side", "features", "log loss rises by, when shuffled"), rises)
    for side, subjects in study.absent.items():
        say(f"{side} is judged without {', '.join(subjects)}: no such feature in the model, or none with two values in this ledger")
    say()
    say(study.verdict.message)


def _json(study: Study) -> dict[str, Any]:
    apart = ("sets", "gains", "importances", "verdict")
    return {name: value for name, value in vars(study).items() if name not in apart} | {
        "sets": {name: vars(feature_set) | {"log_loss": vars(feature_set.log_loss)} for name, feature_set in study.sets.items()},
        "gains": [vars(gain) | {"lower_by": vars(gain.lower_by), "shown": gain.is_shown} for gain in study.gains],
        "importances": [vars(i) | {"rise": vars(i.rise)} for i in study.importances],
        "says_more": study.verdict.says_more or None,
        "verdict": study.verdict.message,
    }


def _word(gain: LogLossGain) -> str:
    return "shown" if gain.is_shown else "shown to be the other way round" if gain.lower_by.high < 0 else "not shown"


def _shown(interval: Interval, sign: str = "") -> str:
    bounds = NONE if interval.low != interval.low else f"{interval.low:{sign}.4f}…{interval.high:{sign}.4f}"
    return f"{interval.value:{sign}.4f} {bounds}"
