"""The dictionary of features, for people: `dealml features --list` and `docs/features.md`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dealml.features.definition import Feature
from dealml.features.entered_by_people import entered_by_people

_HEAD = ("| feature | meaning | unit | no facts | expected | actionable | entered |", "|---|---|---|---|---|---|---|")


@dataclass(frozen=True)
class DictionaryEntry:
    """A feature as the dictionary shows it."""

    name: str
    subject: str
    meaning: str
    unit: str
    empty: str
    expect: str
    actionable: str
    entered: str


def entries(features: Sequence[Feature]) -> list[DictionaryEntry]:
    """The features that models see, in the order of their definition."""
    entered = entered_by_people(features)
    return [_entry(feature, feature.name in entered) for feature in features if feature.served]


def markdown(models: dict[str, Sequence[Feature]]) -> str:
    """The dictionary as a page: a section for each model, a table for each subject."""
    lines = [
        "# Features",
        "",
        "Written by `make docs` from the definitions in `features/`; do not edit by hand.",
        "",
        "*No facts* is the value where the ledger holds nothing to count; *expected* says whether more of it should make",
        "the outcome more (+) or less (-) likely; *actionable* whether a person can do something about it;",
        "*entered* whether people of the company type in what it is made of: whoever edits the record changes the score.",
        "",
    ]
    for model, features in models.items():
        dictionary = entries(features)
        lines += [f"## {model}: {len(dictionary)} features", ""]
        for subject in dict.fromkeys(entry.subject for entry in dictionary):
            lines += [f"### {subject}", "", *_HEAD]
            lines += [
                f"| `{e.name}` | {e.meaning} | {e.unit} | {e.empty} | {e.expect} | {e.actionable} | {e.entered} |"
                for e in dictionary
                if e.subject == subject
            ]
            lines.append("")
    return "\n".join(lines)


def _entry(feature: Feature, is_entered: bool) -> DictionaryEntry:
    empty = "unknown" if feature.empty is None else f"{feature.empty}"
    actionable, entered = ("yes" if applies else "" for applies in (feature.actionable, is_entered))
    return DictionaryEntry(feature.name, feature.subject, feature.meaning, feature.unit, empty, feature.expect, actionable, entered)
