"""The versions of a model: list them, show one, promote a challenger that earned it, and roll back."""

from __future__ import annotations

import getpass
import json
import os
from datetime import UTC, datetime
from typing import Any

from dealml.errors import ModelError, UsageError
from dealml.jobs.modelling.champion_challenger import ChallengerComparison, compare
from dealml.jobs.progress import Progress, silent
from dealml.jobs.registry import has_store, registry_of, registry_to_read
from dealml.load_definitions import checked_name, model_names
from dealml.project import Project
from dealml.tracking import CHALLENGER, CHAMPION, PROMOTION, ModelVersion, Registry

ROLLBACK, REFUSED = "rollback", "refused"
DECISIONS = (PROMOTION, ROLLBACK, REFUSED)
"""Tags of a version: what was decided about it last, each with who, when, and on which evidence."""
_RENAMED_KEYS = {"told": "message", "moved": "share_moved"}
"""Keys in the evidence of decisions that earlier versions stored."""
Records = dict[str, dict[str, Any]]
"""By kind of decision."""


def versions(project: Project, name: str | None = None) -> dict[str, list[dict[str, Any]]]:
    """The versions of one model, or of all that the project defines."""
    names = [checked_name(project.folder, name)] if name else model_names(project.folder)
    if not has_store(project.tracking_uri):
        return {name: [] for name in names}
    registry = registry_of(project)
    return {
        name: [_line(version, _aliases(registry, name), records) for version, records in _versions_with_decisions(registry, name)]
        for name in names
    }


def version(project: Project, name: str, number: int | None = None) -> dict[str, Any]:
    """All that is known of a version; default the champion."""
    registry = registry_to_read(project, checked_name(project.folder, name))
    registered = registry.champion(name) if number is None else registry.version(name, number)
    fitted, records = registry.load(registered), dict(_versions_with_decisions(registry, name))[registered]
    return _line(registered, _aliases(registry, name), records) | {
        "entity": fitted.entity,
        "outcome": fitted.outcome_name,
        "horizons": list(fitted.horizons),
        "cross_section": fitted.cross_section,
        "ledger_digest": fitted.ledger_digest,
        "run_id": registered.run_id,
        "counts": fitted.counts,
        "features": fitted.schema.names[:-1],
        "dropped": list(fitted.schema.dropped),
        "settings": fitted.settings,
        "gate": fitted.gate,
        "allowed_leaks": fitted.allowed_leaks,
        "rungs_tried": list(fitted.tried),
        "family_trial": fitted.family_trial,
        "held_out": {key: value for key, value in fitted.held_out.items() if key != "curve"},
        "records": records,
    }


def promote(
    project: Project,
    name: str,
    number: int | None = None,
    by: str | None = None,
    reason: str | None = None,
    as_of: datetime | None = None,
    progress: Progress = silent,
) -> ChallengerComparison:
    """Judge a version (default: the challenger) anew and, if every condition holds, make it the champion; both are recorded.

    Raises
    ------
    ModelError
        When there is no challenger, or another version became champion meanwhile.
    """
    decision = _decision(by, reason)
    comparison = compare(project, name, number, None, as_of, progress)
    registry, successor = registry_of(project), comparison.challenger.registered
    replaced = comparison.champion.registered if comparison.champion else None
    record = decision | {"from": replaced.version if replaced else None, "to": successor.version, "evidence": comparison.content()}
    if comparison.judgement.passed:
        registry.promote(successor, replaced, PROMOTION, record)
    else:
        registry.note(successor, REFUSED, record)
    return comparison


def promote_if_earned(
    project: Project, name: str, as_of: datetime | None = None, progress: Progress = silent
) -> ChallengerComparison | None:
    """Promote the challenger if it earned it; a refusal is an answer too. None where there is no challenger."""
    if registry_to_read(project, name).challenger(name) is None:
        return None
    return promote(project, name, reason="retrained", as_of=as_of, progress=progress)


def rollback(project: Project, name: str, by: str | None = None, reason: str | None = None) -> tuple[ModelVersion, ModelVersion]:
    """Go back to the version that was champion before; that version, and the one it follows.

    Raises
    ------
    ModelError
        When no promotion made the champion, or the version before it cannot be loaded.
    """
    decision = _decision(by, reason)
    registry = registry_to_read(project, checked_name(project.folder, name))
    champion = registry.champion(name)
    before = json.loads(champion.tags.get(PROMOTION, "{}")).get("from")
    if before is None:
        raise ModelError(f"{name}: version {champion.version} followed no other champion, so there is nothing to go back to")
    successor = registry.version(name, before)
    registry.load(successor)  # what cannot be loaded cannot be served
    registry.promote(successor, champion, ROLLBACK, decision | {"from": champion.version, "to": successor.version})
    return successor, champion


def _decision(by: str | None, reason: str | None) -> dict[str, str]:
    """Who decides, when and why."""
    return {"by": _who(by), "at": datetime.now(UTC).isoformat(timespec="seconds"), "reason": (reason or "").strip()}


def _who(by: str | None) -> str:
    try:
        who = (os.environ.get("DEALML_USER", "") or getpass.getuser() if by is None else by).strip()
    except (OSError, KeyError):  # a container's user may have no name
        who = ""
    if not who:
        raise UsageError("who decides? Give --by NAME, or set DEALML_USER")
    return who


def _aliases(registry: Registry, name: str) -> dict[int, str]:
    called = {CHAMPION: registry.version_with_alias(name, CHAMPION), CHALLENGER: registry.challenger(name)}
    return {version.version: alias for alias, version in called.items() if version}


def _versions_with_decisions(registry: Registry, name: str) -> list[tuple[ModelVersion, Records]]:
    """All versions, each with what was decided about it; a succession that was cut short before it took effect is left out."""
    versions = registry.versions(name)
    decisions = {version: {kind: _record(version.tags[kind]) for kind in DECISIONS if kind in version.tags} for version in versions}
    champion = registry.version_with_alias(name, CHAMPION)
    served = {record["from"] for records in decisions.values() for record in records.values()} | {champion.version if champion else None}
    return [
        (version, {kind: record for kind, record in records.items() if kind == REFUSED or version.version in served})
        for version, records in decisions.items()
    ]


def _record(tag: str) -> dict[str, Any]:
    """A stored decision, with the keys of its evidence as they are now."""
    record: dict[str, Any] = json.loads(tag)
    evidence = record.get("evidence", {})
    for part in (evidence, evidence.get("score_churn") or {}, *evidence.get("conditions", [])):
        for old, new in _RENAMED_KEYS.items():
            if old in part:
                part[new] = part.pop(old)
    return record


def _line(version: ModelVersion, aliases: dict[int, str], records: Records) -> dict[str, Any]:
    """A version as a list shows it."""
    tags = version.tags
    return {
        "version": version.version,
        "alias": aliases.get(version.version, ""),
        "rung": tags.get("rung", ""),
        "trained_through": tags.get("trained_through", ""),
        "digest": version.digest,
        "log_loss": float(tags["log_loss"]) if "log_loss" in tags else None,
        "verdict": tags.get("verdict", ""),
        "decided": {kind: {key: record[key] for key in ("by", "at", "reason", "from", "to")} for kind, record in records.items()},
    }
