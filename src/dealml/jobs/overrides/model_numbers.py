"""The model's predictions at the moments of overrides: the number that each override is compared with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa

from dealml.errors import ModelError
from dealml.jobs.progress import Progress
from dealml.jobs.registry import registry_to_read
from dealml.jobs.scoring.population import served_curves, with_features_of
from dealml.jobs.scoring.requirements import load_deal_model, require_dated
from dealml.judgement.crm_values import CrmValues, crm_values, rates
from dealml.judgement.override import ModelPrediction, Override
from dealml.learning.fitted import FittedModel
from dealml.learning.spec import Model
from dealml.learning.view import View
from dealml.load_definitions import completing_model
from dealml.project import Project
from dealml.scoring.score import ServedModel
from dealml.tracking import ModelVersion

_MOMENT = pa.timestamp("us", tz="UTC")
_DAY = timedelta(days=1)


def load_override_model(project: Project, name: str) -> Model:
    """The specification of a model of deals, in a project whose deals can be followed in time.

    Raises
    ------
    UsageError
        When it is a model of accounts.
    InputError
        When the ledger is empty, or a cross-section.
    """
    spec = load_deal_model(project, name, "overrides are of deals")
    require_dated(project, "overrides need deals that can be followed in time")
    return spec


def model_predictions(project: Project, name: str, overrides: Sequence[Override], progress: Progress) -> list[ModelPrediction | str]:
    """The model's prediction for each override, from what was known just before it was made; or an error's text.

    The model is the champion. An override of a time that the champion has already learned from is compared with the version that
    had learned most by then, so that people are not compared with hindsight; with the champion only where there is no such version.

    Raises
    ------
    UsageError, InputError
        As for `load_override_model`.
    ModelError
        When there is no champion.
    """
    spec, versions = load_override_model(project, name), _VersionPairs.of(project, name)
    predictions: dict[int, ModelPrediction | str] = {}
    groups = _groups(overrides)
    for done, positions in enumerate(groups, 1):
        predictions |= _Predictions(project, spec, versions, {position: overrides[position] for position in positions}).by_position()
        progress("the model's numbers", done, len(groups))
    return [predictions[position] for position in range(len(overrides))]


def _groups(overrides: Sequence[Override]) -> list[list[int]]:
    """The positions of overrides for which the ledger can be read at once: all of midnights together, others by their moment.

    Records of the whole company are told in whole days: as of a midnight they are the same however far the ledger goes on.
    """
    groups: dict[datetime | None, list[int]] = defaultdict(list)
    for position, override in enumerate(overrides):
        midnight = override.made_at == override.made_at.replace(hour=0, minute=0, second=0, microsecond=0)
        groups[None if midnight else override.made_at].append(position)
    return list(groups.values())


class _Versions:
    """The versions of a model, by what they had learned when."""

    def __init__(self, project: Project, name: str) -> None:
        self._registry = registry_to_read(project, name)
        self._champion = self._registry.champion(name)
        others = [version for version in self._registry.versions(name) if "trained_through" in version.tags]
        self._by_age = sorted(others, key=lambda version: (_through(version), version.version))
        self._loaded: dict[int, ServedModel] = {}

    def at(self, moment: datetime) -> ServedModel:
        """The champion; or what had learned most by a moment, where the champion has learned from what came later."""
        then = [version for version in self._by_age if _through(version) <= moment]
        has_hindsight = _through(self._champion) > moment
        return self._served(then[-1] if has_hindsight and then else self._champion)

    def _served(self, registered: ModelVersion) -> ServedModel:
        if registered.version not in self._loaded:
            loaded = ServedModel(self._registry.load(registered), registered.version, registered.digest)
            self._loaded[registered.version] = loaded
        return self._loaded[registered.version]


@dataclass(frozen=True)
class _VersionPairs:
    """The versions of a model of winning, and of the one of losing that completes it, where that has a champion."""

    win: _Versions
    loss: _Versions | None
    losing: str | None
    """The name of the model of losing."""

    @classmethod
    def of(cls, project: Project, name: str) -> _VersionPairs:
        win, second = _Versions(project, name), completing_model(project.folder, name)
        if second is None:
            return cls(win, None, None)
        try:
            return cls(win, _Versions(project, second), second)
        except ModelError:  # not trained yet
            return cls(win, None, None)

    def at(self, moment: datetime) -> tuple[ServedModel, ServedModel | None]:
        """Those that served at a moment."""
        return self.win.at(moment), self.loss.at(moment) if self.loss else None

    def fitted_at(self, moments: Iterable[datetime]) -> list[FittedModel]:
        """The models that served at any of some moments."""
        served = {id(each.fitted): each.fitted for moment in moments for each in self.at(moment) if each}
        return list(served.values())


def _through(registered: ModelVersion) -> datetime:
    return datetime.fromisoformat(registered.tags["trained_through"])


class _Predictions:
    """Predictions for overrides for which the ledger is read at once."""

    def __init__(self, project: Project, spec: Model, versions: _VersionPairs, overrides: dict[int, Override]) -> None:
        self._overrides, self._versions = overrides, versions
        spec = with_features_of(project.folder, spec, versions.losing)
        made = {override.made_at for override in overrides.values()}
        view = View.of(project.ledger, spec, max(made), project.query_settings, served=versions.fitted_at(made), learns=False)
        deal_moments = sorted({(override.deal_id, override.made_at) for override in overrides.values()})
        deals, moments = zip(*deal_moments, strict=True)
        self._table = view.at_moments(pa.table({"deal_id": pa.array(deals, pa.string()), "as_of": pa.array(moments, _MOMENT)}))
        keys = zip(self._table["deal_id"], self._table["as_of"], strict=True)
        self._row = {(str(deal), moment.to_pydatetime()): row for row, (deal, moment) in enumerate(keys)}
        self._crm = crm_values(view.con, view.tables, deal_moments)
        units = {(override.currency, override.made_at) for override in overrides.values() if override.currency}
        self._rates = rates(view.con, view.tables, units, project.settings.company.currency)

    def by_position(self) -> dict[int, ModelPrediction | str]:
        """By the position of the override."""
        predictions: dict[int, ModelPrediction | str] = {}
        by_version: dict[tuple[int, int], list[int]] = defaultdict(list)
        for position, override in self._overrides.items():
            if wrong := self._error(override):
                predictions[position] = wrong
            else:
                win, loss = self._versions.at(override.made_at)
                by_version[win.version, loss.version if loss else 0].append(position)
        for positions in by_version.values():
            predictions |= self._of_versions(*self._versions.at(self._overrides[positions[0]].made_at), positions)
        return predictions

    def _error(self, override: Override) -> str:
        key = override.deal_id, override.made_at
        if key not in self._row:
            return f"{override.deal_id}: no deal that was open at {override.made_at:%Y-%m-%d %H:%M %Z}; is the id right?"
        if override.currency and (override.currency, override.made_at) not in self._rates and override.currency != self._crm[key].currency:
            return f"{override.currency}: no exchange rate on record at {override.made_at:%Y-%m-%d}, and it is not the deal's currency"
        win, loss = self._versions.at(override.made_at)
        furthest = win.fitted.horizons[-1]
        if loss is None and _days(override) > furthest:
            ahead = f"{override.until:%Y-%m-%d} is {_days(override):.0f} days ahead"
            return f"{override.deal_id}: {ahead}, and the model looks {furthest} days ahead"
        return ""

    def _of_versions(self, win: ServedModel, loss: ServedModel | None, positions: Sequence[int]) -> dict[int, ModelPrediction | str]:
        overrides = [self._overrides[position] for position in positions]
        rows = self._table.iloc[[self._row[override.deal_id, override.made_at] for override in overrides]].reset_index(drop=True)
        won = served_curves(rows, win, loss).won_by(np.array([_days(override) for override in overrides]))
        return {
            position: _number(win, float(probability), self._crm[override.deal_id, override.made_at])
            for position, override, probability in zip(positions, overrides, won, strict=True)
        }


def _number(served: ServedModel, probability: float, entry: CrmValues) -> ModelPrediction:
    model = served.fitted
    through = datetime.fromisoformat(model.trained_through)
    crm = (entry.amount, entry.currency, entry.close_date, entry.category)
    return ModelPrediction(model.name, served.version, served.digest, through, probability, *crm)


def _days(override: Override) -> float:
    return (override.until - override.made_at) / _DAY
