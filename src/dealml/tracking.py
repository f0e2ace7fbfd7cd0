"""MLflow, and nowhere else: runs, the registry of models, and its aliases."""

from __future__ import annotations

import json
import os
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from dealml.errors import ModelError, SetupError
from dealml.evaluation.figures.figure import DrawnFigure
from dealml.learning.fitted import FittedModel, load_fitted

if TYPE_CHECKING:
    from mlflow import MlflowClient

EXPERIMENT = "dealml"
CHAMPION, CHALLENGER = "champion", "challenger"
PROMOTION = "promotion"
"""The tag that keeps how a version became champion."""
ARTEFACT = "model"
LOCK_SECONDS = 120
MOST_A_BATCH = 100  # parameters that MLflow takes at once

_ENVIRONMENT = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
    "MLFLOW_SKIP_PIP_REQUIREMENTS_CHECK": "true",
    "MLFLOW_ALLOW_PICKLE_DESERIALIZATION": "false",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_LOGGING_LEVEL": "WARNING",
}


@dataclass(frozen=True)
class ModelVersion:
    """A version in the registry."""

    name: str
    version: int
    digest: str
    run_id: str
    source: str
    tags: dict[str, str] = field(default_factory=dict, compare=False, repr=False)


class Registry:
    """A project's runs and models.

    Parameters
    ----------
    uri
        MLflow's store.
    artefacts
        The folder for artefacts; an absolute path of the project's own.
    """

    def __init__(self, uri: str, artefacts: Path) -> None:
        self.artefacts = artefacts
        self._client = _client(uri, artefacts)

    def record(
        self,
        model: FittedModel,
        parameters: dict[str, Any],
        metrics: dict[str, float],
        pictures: Sequence[DrawnFigure] = (),
        texts: dict[str, str] | None = None,
    ) -> ModelVersion:
        """Track a training run and register its model.

        The first version becomes the champion, a later one the challenger. A model that is registered
        already is tracked as a run, but gets no second version.
        """
        # One at a time: else two runs could both see no champion, or no such version.
        with self._run(model.name, parameters, metrics, pictures, texts or {}) as run_id, _store_lock(self.artefacts):
            return self._register(run_id, model, parameters, metrics)

    def log_report(
        self, title: str, parameters: dict[str, Any], metrics: dict[str, float], pictures: Sequence[DrawnFigure], texts: dict[str, str]
    ) -> str:
        """Track a report, such as a backtest or a review, as a run of its own, which registers nothing, and return the run's id."""
        with self._run(title, parameters, metrics, pictures, texts) as run_id:
            return run_id

    def champion(self, name: str) -> ModelVersion:
        """The version that is served.

        Raises
        ------
        ModelError
            When there is none.
        """
        champion = self.version_with_alias(name, CHAMPION)
        if champion is None:
            raise ModelError(no_champion(name))
        return champion

    def challenger(self, name: str) -> ModelVersion | None:
        """The version that was trained last, where it is not the champion."""
        challenger = self.version_with_alias(name, CHALLENGER)
        return None if challenger == self.version_with_alias(name, CHAMPION) else challenger

    def versions(self, name: str) -> list[ModelVersion]:
        """All versions, the oldest first."""
        registered = self._client.search_model_versions(f"name = '{name}'")
        return sorted((_model_version(version) for version in registered), key=lambda version: version.version)

    def note(self, registered: ModelVersion, key: str, content: dict[str, Any]) -> None:
        """Write something about a version onto it."""
        self._client.set_model_version_tag(registered.name, str(registered.version), key, _json(content))

    def promote(self, version: ModelVersion, replacing: ModelVersion | None, kind: str, content: dict[str, Any]) -> None:
        """Make a version the champion: its record is written first, the alias, which is one transaction, last.

        Raises
        ------
        ModelError
            When the champion is not, or no longer, the version that is to be replaced.
        """
        files = {f"{kind}.json": _json(content)}
        with self._run(f"{version.name} {kind}", {"version": version.version}, {}, (), files), _store_lock(self.artefacts):
            if self.version_with_alias(version.name, CHAMPION) != replacing:
                raise ModelError(f"{version.name}: another version became champion in the meantime; see: dealml models list {version.name}")
            self.note(version, kind, content)
            self._client.set_registered_model_alias(version.name, CHAMPION, str(version.version))

    def version(self, name: str, number: int) -> ModelVersion:
        """A version by its number."""
        from mlflow.exceptions import MlflowException

        try:
            return _model_version(self._client.get_model_version(name, str(number)))
        except MlflowException as error:
            raise ModelError(f"{name}: no version {number} in the registry") from error

    def load(self, registered: ModelVersion) -> FittedModel:
        """A version's model, after its digest was checked.

        Raises
        ------
        ModelError
            When its files are gone, or differ from what was registered.
        """
        try:
            folder = self._client.download_artifacts(registered.run_id, ARTEFACT)
        except Exception as error:  # MLflow raises what its store raises
            raise ModelError(
                f"{registered.name} version {registered.version}: its files cannot be read ({str(error).splitlines()[0]}); "
                "restore them, roll back or train again"
            ) from error
        return load_fitted(Path(folder), registered.digest)

    def _experiment(self) -> str:
        experiment = self._client.get_experiment_by_name(EXPERIMENT)
        return str(experiment.experiment_id) if experiment else str(self._client.create_experiment(EXPERIMENT, self.artefacts.as_uri()))

    @contextmanager
    def _run(
        self, name: str, parameters: dict[str, Any], metrics: dict[str, float], pictures: Sequence[DrawnFigure], texts: dict[str, str]
    ) -> Iterator[str]:
        """A run with all that belongs to it; it is marked as failed when anything fails before its end."""
        with _store_lock(self.artefacts):
            experiment = self._experiment()
        run_id = self._client.create_run(experiment, run_name=name).info.run_id
        try:
            self._log_numbers(run_id, parameters, metrics)
            self._log_files(run_id, pictures, texts)
            yield run_id
        except BaseException:
            self._client.set_terminated(run_id, "FAILED")
            raise
        self._client.set_terminated(run_id)

    def _log_numbers(self, run_id: str, parameters: dict[str, Any], metrics: dict[str, float]) -> None:
        """Write many at once: a transaction for each number takes seconds."""
        from mlflow.entities import Metric, Param

        params = [Param(key, str(value)[:6000]) for key, value in parameters.items()]
        numbers = [Metric(key, number, round(time.time() * 1000), 0) for key, number in metrics.items()]
        for at in range(0, max(len(params), len(numbers)), MOST_A_BATCH):
            self._client.log_batch(run_id, numbers[at : at + MOST_A_BATCH], params[at : at + MOST_A_BATCH])

    def _log_files(self, run_id: str, pictures: Sequence[DrawnFigure], texts: dict[str, str]) -> None:
        for name, text in texts.items():
            self._client.log_text(run_id, text, name)
        for picture in pictures:
            self._client.log_text(run_id, picture.svg(*picture.size), f"figures/{picture.name}.svg")
            self._client.log_text(run_id, picture.alt, f"figures/{picture.name}.txt")

    def _register(self, run_id: str, model: FittedModel, parameters: dict[str, Any], metrics: dict[str, float]) -> ModelVersion:
        with tempfile.TemporaryDirectory() as folder:
            digest = model.save(Path(folder) / ARTEFACT)
            self._client.log_artifacts(run_id, str(Path(folder) / ARTEFACT), ARTEFACT)
        self._ensure_registered(model.name)
        registered = next((version for version in self.versions(model.name) if version.digest == digest), None)
        if registered is None:
            source, tags = f"runs:/{run_id}/{ARTEFACT}", _tags(digest, model, parameters, metrics)
            registered = _model_version(self._client.create_model_version(model.name, source, run_id, tags=tags))
        champion = self.version_with_alias(model.name, CHAMPION)
        if champion is None:
            self._client.set_registered_model_alias(model.name, CHAMPION, str(registered.version))
        elif registered != champion and PROMOTION not in registered.tags:  # what was rolled back does not come again by itself
            self._client.set_registered_model_alias(model.name, CHALLENGER, str(registered.version))
        return registered

    def _ensure_registered(self, name: str) -> None:
        from mlflow.exceptions import MlflowException

        try:
            self._client.create_registered_model(name)
        except MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise

    def version_with_alias(self, name: str, alias: str) -> ModelVersion | None:
        """The version with an alias; None where there is no such model or alias."""
        from mlflow.exceptions import MlflowException

        try:
            return _model_version(self._client.get_model_version_by_alias(name, alias))
        except MlflowException as error:
            if error.error_code not in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
                raise
            return None


def no_champion(name: str) -> str:
    """What to do where nothing was trained yet."""
    return f"{name}: no champion in the registry; train one with: dealml train {name}"


def _tags(digest: str, model: FittedModel, parameters: dict[str, Any], metrics: dict[str, float]) -> dict[str, str]:
    """The tags of a version, which a list of versions shows."""
    served = "base_rate" if model.rung.name == "base_rate" else "model"
    results = {"verdict": parameters.get("verdict"), "log_loss": metrics.get(f"{served}.log_loss")}
    identity = {"digest": digest, "rung": model.rung.name, "trained_through": model.trained_through}
    return identity | {name: str(value) for name, value in results.items() if value is not None}


def _json(content: dict[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=False)


def _model_version(version: Any) -> ModelVersion:
    return ModelVersion(
        version.name, int(version.version), version.tags.get("digest", ""), version.run_id, version.source, dict(version.tags)
    )


def _client(uri: str, artefacts: Path) -> MlflowClient:
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    with _without_warnings():
        from mlflow import MlflowClient, set_registry_uri, set_tracking_uri

        with _store_lock(artefacts):  # two processes that create one SQLite store at once destroy it
            set_tracking_uri(uri)
            set_registry_uri(uri)
            try:
                client = MlflowClient(uri, uri)
                client.search_experiments(max_results=1)
            except Exception as error:
                raise SetupError(f"tracking.uri: MLflow's store at {uri} cannot be opened ({str(error).splitlines()[0]})") from error
    return client


@contextmanager
def _store_lock(artefacts: Path) -> Iterator[None]:
    artefacts.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(artefacts / ".lock", timeout=LOCK_SECONDS):
            yield
    except Timeout as error:
        raise SetupError(f"{artefacts}: another process has held MLflow's lock for {LOCK_SECONDS} s; wait for it to end") from error


_SILENCING = threading.Lock()  # warnings are silenced for all threads; two that came and went in turns would leave them silenced


@contextmanager
def _without_warnings() -> Iterator[None]:
    """MLflow and its dependencies announce their own future; users of dealml can do nothing about it."""
    import logging

    for name in ("mlflow", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    with _SILENCING, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
