"""MLflow, and nowhere else: runs, the registry of models, and its aliases."""

from __future__ import annotations

import os
import platform
import tempfile
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version as package_version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from dealml.errors import ModelError, SetupError
from dealml.evaluation.picture import Picture
from dealml.learning.fitted import FittedModel, load_fitted

if TYPE_CHECKING:
    from mlflow import MlflowClient

EXPERIMENT = "dealml"
CHAMPION = "champion"
ARTEFACT = "model"
LOCK_SECONDS = 120

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
class Registered:
    """A version in the registry."""

    name: str
    version: int
    digest: str
    run_id: str
    source: str


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
        pictures: Sequence[Picture] = (),
        texts: dict[str, str] | None = None,
    ) -> Registered:
        """Track a training run and register its model.

        The first version becomes the champion. A model that is registered already is tracked as a
        run, but gets no second version.
        """
        with _one_at_a_time(self.artefacts):
            experiment = self._experiment()
        run = self._client.create_run(experiment, run_name=model.name)
        try:
            for name, value in parameters.items():
                self._client.log_param(run.info.run_id, name, str(value)[:6000])
            for name, number in metrics.items():
                self._client.log_metric(run.info.run_id, name, number)
            self._log_files(run.info.run_id, pictures, texts or {})
            with _one_at_a_time(self.artefacts):  # else two runs could both see no champion, or no such version
                registered = self._register(run.info.run_id, model)
        except BaseException:
            self._client.set_terminated(run.info.run_id, "FAILED")
            raise
        self._client.set_terminated(run.info.run_id)
        return registered

    def champion(self, name: str) -> Registered:
        """The version that is served.

        Raises
        ------
        ModelError
            When there is none.
        """
        found = self._champion(name)
        if found is None:
            raise ModelError(no_champion(name))
        return found

    def version(self, name: str, number: int) -> Registered:
        """A version by its number."""
        from mlflow.exceptions import MlflowException

        try:
            return _registered(self._client.get_model_version(name, str(number)))
        except MlflowException as error:
            raise ModelError(f"{name}: no version {number} in the registry") from error

    def load(self, registered: Registered) -> FittedModel:
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
        found = self._client.get_experiment_by_name(EXPERIMENT)
        return str(found.experiment_id) if found else str(self._client.create_experiment(EXPERIMENT, self.artefacts.as_uri()))

    def _log_files(self, run_id: str, pictures: Sequence[Picture], texts: dict[str, str]) -> None:
        for name, text in texts.items():
            self._client.log_text(run_id, text, name)
        for picture in pictures:
            self._client.log_figure(run_id, picture.figure, f"figures/{picture.name}.png")
            self._client.log_text(run_id, picture.alt, f"figures/{picture.name}.txt")

    def _register(self, run_id: str, model: FittedModel) -> Registered:
        with tempfile.TemporaryDirectory() as folder:
            digest = model.save(Path(folder) / ARTEFACT)
            self._client.log_artifacts(run_id, str(Path(folder) / ARTEFACT), ARTEFACT)
        for known in self._versions(model.name):
            if known.digest == digest:
                return known
        made = self._client.create_model_version(
            model.name,
            f"runs:/{run_id}/{ARTEFACT}",
            run_id,
            tags={"digest": digest, "rung": model.rung.name, "trained_through": model.trained_through},
        )
        registered = _registered(made)
        if self._champion(model.name) is None:
            self._client.set_registered_model_alias(model.name, CHAMPION, str(registered.version))
        return registered

    def _versions(self, name: str) -> Iterator[Registered]:
        from mlflow.exceptions import MlflowException

        try:
            self._client.create_registered_model(name)
        except MlflowException as error:
            if error.error_code != "RESOURCE_ALREADY_EXISTS":
                raise
        yield from (_registered(found) for found in self._client.search_model_versions(f"name = '{name}'"))

    def _champion(self, name: str) -> Registered | None:
        from mlflow.exceptions import MlflowException

        try:
            return _registered(self._client.get_model_version_by_alias(name, CHAMPION))
        except MlflowException as error:
            if error.error_code not in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
                raise
            return None  # no such model, or no such alias


def has_store(uri: str) -> bool:
    """Whether there is a store to read; one in a file is made by the first training."""
    file = uri.removeprefix("sqlite:///")
    return file == uri or Path(file).is_file()


def no_champion(name: str) -> str:
    """What to do where nothing was trained yet."""
    return f"{name}: no champion in the registry; train one with: dealml train {name}"


def versions_used() -> dict[str, str]:
    """What a run depended on: Python and the packages that shape a model."""
    packages = ("dealml", "lightgbm", "numpy", "pandas", "scikit-learn", "duckdb", "ibis-framework")
    return {"python": platform.python_version()} | {name: package_version(name) for name in packages}


def _registered(found: Any) -> Registered:
    return Registered(found.name, int(found.version), found.tags.get("digest", ""), found.run_id, found.source)


def _client(uri: str, artefacts: Path) -> MlflowClient:
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    with _quiet():
        from mlflow import MlflowClient, set_registry_uri, set_tracking_uri

        with _one_at_a_time(artefacts):  # two processes that create one SQLite store at once destroy it
            set_tracking_uri(uri)
            set_registry_uri(uri)
            try:
                client = MlflowClient(uri, uri)
                client.search_experiments(max_results=1)
            except Exception as error:
                raise SetupError(f"tracking.uri: MLflow's store at {uri} cannot be opened ({str(error).splitlines()[0]})") from error
    return client


@contextmanager
def _one_at_a_time(artefacts: Path) -> Iterator[None]:
    artefacts.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(artefacts / ".lock", timeout=LOCK_SECONDS):
            yield
    except Timeout as error:
        raise SetupError(f"{artefacts}: another process has held MLflow's lock for {LOCK_SECONDS} s; wait for it to end") from error


@contextmanager
def _quiet() -> Iterator[None]:
    """MLflow and its dependencies announce their own future; users of dealml can do nothing about it."""
    import logging

    for name in ("mlflow", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
