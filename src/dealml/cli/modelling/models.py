"""`dealml models`: list, show, compare, promote, rollback."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from dealml.cli.options import HERE, Json, ModelName, ProjectFolder, open_project
from dealml.cli.output import progress, say, say_json, say_table, warn
from dealml.errors import GateRefused

if TYPE_CHECKING:
    from dealml.jobs.modelling.champion_challenger import ChallengerComparison

app = typer.Typer(name="models", rich_markup_mode=None, help="The versions of a model: which one serves, and why.")

By = Annotated[str | None, typer.Option("--by", metavar="NAME", help="Who decides; default DEALML_USER, or the user of the machine.")]
Reason = Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why, to be kept with the version.")]


@app.command("list")
def list_(
    model: Annotated[str | None, typer.Argument(metavar="MODEL", help="A model of the project; without it, all.")] = None,
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """List the versions with what they are and how they did."""
    from dealml.jobs.modelling.versions import versions

    versions_by_model = versions(open_project(project), model)
    if json:
        say_json({"models": versions_by_model})
        return
    columns = ("version", "alias", "rung", "trained through", "digest", "held-out log loss", "verdict", "decided")
    for name, lines in versions_by_model.items():
        if lines:
            say_table(columns, [_cells(line) for line in lines], title=name)
        else:
            say(f"{name}: no version yet; train one with: dealml train {name}")


@app.command()
def show(
    model: ModelName,
    version: Annotated[int | None, typer.Option("--version", metavar="N", help="A version by number; default the champion.")] = None,
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """Show all that is known of a version: what it learned from, the rungs tried, and each decision with its evidence."""
    from dealml.jobs.modelling.versions import version as version_details

    details = version_details(open_project(project), model, version)
    if json:
        say_json({"model": model} | details)
        return
    say_table(("", f"{model} version {details['version']}"), [[key.replace("_", " "), text] for key, text in _lines(details)])
    if details["rungs_tried"]:
        tried = [
            [rung["rung"], f"{rung['log_loss']:.4f}", f"{rung['behind']:.4f} ± {rung['error']:.4f}"] for rung in details["rungs_tried"]
        ]
        say_table(("rung", "log loss", "behind the best"), tried)
    for kind, record in details["records"].items():
        say()
        say(f"{kind}: {_decided(record)}")
        if "evidence" in record:
            _say_evidence(record["evidence"])


@app.command()
def compare(
    model: ModelName,
    challenger: Annotated[int | None, typer.Option("--challenger", metavar="N", help="A version; default the challenger.")] = None,
    champion: Annotated[int | None, typer.Option("--champion", metavar="N", help="A version; default the champion.")] = None,
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """Hold a challenger against the champion on the same held-out window, condition by condition; nothing is changed."""
    from dealml.jobs.modelling.champion_challenger import compare as compare_versions

    with progress() as tell:
        comparison = compare_versions(open_project(project), model, challenger, champion, progress=tell)
    _say_comparison(comparison, json)


@app.command()
def promote(
    model: ModelName,
    version: Annotated[int | None, typer.Option("--version", metavar="N", help="A version by number; default the challenger.")] = None,
    by: By = None,
    reason: Reason = None,
    project: ProjectFolder = HERE,
    json: Json = False,
) -> None:
    """Judge a challenger anew, and make it the champion if every condition of its gate holds; exit 6 if one does not."""
    from dealml.jobs.modelling.versions import promote as judge_and_promote

    with progress() as tell:
        comparison = judge_and_promote(open_project(project), model, version, by, reason, progress=tell)
    _say_comparison(comparison, json)
    number = comparison.challenger.registered.version
    if not comparison.judgement.passed:
        raise GateRefused(f"{model}: version {number} {comparison.judgement.message}; the champion stays (docs/promotion.md)")
    if not json:
        say(f"{model}: version {number} is the champion now; back with: dealml models rollback {model}")


@app.command()
def rollback(model: ModelName, by: By = None, reason: Reason = None, project: ProjectFolder = HERE, json: Json = False) -> None:
    """Go back to the version that was champion before this one."""
    from dealml.jobs.modelling.versions import rollback as roll_back

    champion, replaced = roll_back(open_project(project), model, by, reason)
    if json:
        say_json({"model": model, "champion": champion.version, "from": replaced.version})
        return
    say(f"{model}: version {champion.version} is the champion again, in place of version {replaced.version}")


def _cells(line: dict[str, Any]) -> list[str]:
    loss = "" if line["log_loss"] is None else f"{line['log_loss']:.4f}"
    decided = "; ".join(f"{kind} {record['at'][:10]} by {record['by']}" for kind, record in line["decided"].items())
    verdict = line["verdict"].partition(":")[0]
    return [line["version"], line["alias"], line["rung"], line["trained_through"][:10], line["digest"][:12], loss, verdict, decided]


def _lines(details: dict[str, Any]) -> list[tuple[str, str]]:
    """What is known of a version, but for tables of its own."""
    apart = ("version", "rungs_tried", "records", "decided", "held_out", "features")
    lines = [(key, _text(value)) for key, value in details.items() if key not in apart]
    metrics = details["held_out"].get("metrics", {})
    held_out = [(f"held out: {name}", "–" if value is None else f"{value:.4f}") for name, (value, *_) in metrics.items()]
    return [*lines, ("features", f"{len(details['features'])}: {', '.join(details['features'])}"), *held_out]


def _text(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4f}"
    if isinstance(value, dict):
        return ", ".join(f"{key} {item}" for key, item in value.items()) or "none"
    if isinstance(value, list):
        return ", ".join(str(item) for item in value) or "none"
    return str(value)


def _decided(record: dict[str, Any]) -> str:
    reason = f": {record['reason']}" if record["reason"] else ""
    return f"version {record['to']} over {record['from'] or 'none'}, {record['at']} by {record['by']}{reason}"


def _say_comparison(comparison: ChallengerComparison, json: bool) -> None:
    evidence = comparison.content()
    if json:
        say_json(evidence)
        return
    _say_evidence(evidence)
    for note in comparison.notes:
        warn(f"note: {note}")


def _say_evidence(evidence: dict[str, Any]) -> None:
    """Print the two versions, the held-out rows that both were measured on, each condition of the gate, and the decision."""
    for name in ("challenger", "champion"):
        if side := evidence[name]:
            say(f"{name}: version {side['version']} ({side['rung']}, trained through {side['trained_through'][:10]}), {side['measured']}")
    if window := evidence["window"]:
        when = f"{window['from'][:10]} to {window['until'][:10]}" if window["from"] else "repeated cross-validation, for want of dates"
        say(
            f"held out: {when}; {window['rows']:,} snapshots of {window['entities']:,} entities in {window['accounts']:,} accounts, "
            f"{window['with_outcome']:,} with the outcome, within {window['horizon_days']} days"
        )
    rows = [["holds" if c["passed"] else "FAILS", c["name"], c["message"]] for c in evidence["conditions"]]
    say_table(("", "condition", "what was measured, with 95% interval"), rows)
    if churn := evidence["score_churn"]:
        say(
            f"score churn, no condition: probabilities move by {churn['mean_change']:.3f} on average, "
            f"and {churn['share_moved']:.0%} of {churn['entities']:,} entities change their fifth of the ranking"
        )
    say(f"version {evidence['challenger']['version']} {evidence['message']}")
