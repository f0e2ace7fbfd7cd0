"""The evidence of the past for each reason of a score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from dealml.jobs.progress import Progress, silent, within
from dealml.learning.fitted import FittedModel
from dealml.learning.view import View
from dealml.ledger.entities import ENTITIES
from dealml.reasons.evidence import Comparable, Evidence, EvidenceBase, comparable_text, evidence_sentence, is_contrary
from dealml.reasons.wording import Wording


@dataclass(frozen=True)
class Backing:
    """The evidence of the past for one reason."""

    feature: str
    like: str
    """What counts as like this, in words."""
    sentence: str
    query: str
    """SQL that gives its numbers."""
    warning: str
    """Said where the reason pulls against what one would expect; empty elsewhere."""
    is_range: bool = False
    """Whether a range of numbers is like this, and not the very value."""

    @property
    def text(self) -> str:
        """All of it in one line; what is like this is named where the reason does not name it."""
        return " ".join(filter(None, (f"{self.like}:" if self.is_range else "", self.sentence, self.warning)))


@dataclass(frozen=True, eq=False)
class SettledPast:
    """What is over in a view, and how its outcomes are called."""

    view: View
    model: FittedModel
    wording: Wording
    base: EvidenceBase
    _cache: dict[tuple[Comparable, str | None, bool], Backing] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, view: View, model: FittedModel, wording: Wording, progress: Progress = silent) -> SettledPast:
        """The past of a view, as a model of it has its horizon and outcome."""
        return cls(view, model, wording, EvidenceBase(view.settled(within(progress, "the past")), view.spec.stage))

    def stage_of(self, row: Mapping[str, Any]) -> str | None:
        """At which stage an entity stands, where the past can be told apart by it."""
        value = row.get(self.base.stage) if self.base.stage in self.base.table else None
        return None if value is None or pd.isna(value) else str(value)

    def backing(self, reason: Mapping[str, Any], row: Mapping[str, Any]) -> Backing:
        """The evidence for a reason of a row of features."""
        name, stage = reason["feature"], self.stage_of(row)
        evidence = self.base.evidence(name, row[name], stage)
        way = -reason["log_odds"] if self.view.outcome.reverses_expectations else reason["log_odds"]
        contrary = is_contrary(self.wording.meaning(name).expect, row[name], way, self.base.values(name, stage).median)
        key = (evidence.like, evidence.stage, contrary)
        if key not in self._cache:
            self._cache[key] = self._backing(evidence, contrary)
        return self._cache[key]

    def _backing(self, evidence: Evidence, contrary: bool) -> Backing:
        warning = self.wording.say("evidence", "contrary") if contrary else ""
        kind = "entities" if self.view.cross_section else ENTITIES[self.model.entity].plural
        outcome = str(self.wording.texts["outcomes"].get(self.model.outcome_name, self.model.outcome_name))
        about = {"date": f"{self.view.end:%Y-%m-%d}", "days": self.model.main_horizon, "outcome": outcome}
        sentence = evidence_sentence(evidence, kind, self.wording, **about)
        return Backing(
            evidence.like.feature, comparable_text(evidence.like, self.wording), sentence, evidence.query, warning, evidence.like.is_range
        )
