"""Loading a project's definitions: `features/` and `models/` by path, as the user edits them."""

from __future__ import annotations

import hashlib
import sys
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module, invalidate_caches
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import TypeVar

from dealml.commitments.policy import CommitmentPolicy
from dealml.errors import DealmlError, InputError, UsageError
from dealml.learning.scorecard import Scorecard
from dealml.learning.spec import RENAMED_SETTINGS, Model, Trees
from dealml.qualification.definition import Qualification
from dealml.scenarios.definition import WinScenarios
from dealml.upgrade.moved_modules import OutdatedImportError
from dealml.upgrade.project import outdated_line

_PACKAGES = ("features", "models")
_LOCK = threading.RLock()  # of the two names in `sys.modules`
SCORECARD_FILES = {"deal_id": "heuristic", "lead_id": "lead_points"}
"""The files of `models/` that define no model but the points of an entity."""
SCENARIO_FILE, COMMITMENT_FILE = "scenarios", "commitments"
"""The files of `models/` that say what win scenarios are mined from, and what may be promised."""
QUALIFICATION_FILE = "qualification"
"""The file of `models/` that says how deals and leads are qualified."""

Definition = TypeVar("Definition", Model, Scorecard, WinScenarios, CommitmentPolicy, Qualification)


def model_names(folder: Path) -> list[str]:
    """The models that a project defines."""
    stems = [path.stem for path in (folder / "models").glob("*.py")]
    others = {*SCORECARD_FILES.values(), SCENARIO_FILE, COMMITMENT_FILE, QUALIFICATION_FILE}
    return sorted(stem for stem in stems if not stem.startswith("_") and stem not in others)


def leading_models(folder: Path) -> list[str]:
    """The models that stand for themselves: all but those that complete another."""
    return [name for name in model_names(folder) if not load_model(folder, name).completes]


def completing_model(folder: Path, name: str) -> str | None:
    """The model that completes another; None where the project defines none."""
    return next((other for other in model_names(folder) if load_model(folder, other).completes == name), None)


def checked_name(folder: Path, name: str) -> str:
    """A model's name.

    Raises
    ------
    UsageError
        When the project defines no such model.
    """
    names = model_names(folder)
    if name not in names:
        raise UsageError(f"no model {name!r} in {folder / 'models'}; there is {', '.join(names) or 'none'}")
    return name


def load_model(folder: Path, name: str, tuned: bool = True) -> Model:
    """The specification of a model, with the settings that tuning found, where there are any.

    Parameters
    ----------
    tuned
        Whether to look for them.

    Raises
    ------
    UsageError
        When the project defines no such model.
    InputError
        When a definition cannot be imported, or completes a model that is not there.
    """
    model, file = _defined(folder, checked_name(folder, name), "MODEL", Model), tuned_path(folder, name)
    if model.completes and model.completes not in model_names(folder):
        raise InputError(f"{folder / 'models' / f'{name}.py'}: completes {model.completes!r}, which this project does not define")
    return replace(model, trees=_tuned(file)) if tuned and file.is_file() else model


def tuned_path(folder: Path, name: str) -> Path:
    """The file with the settings that tuning found for a model."""
    return folder / "models" / f"{name}.toml"


def _tuned(file: Path) -> Trees:
    try:
        settings = tomllib.loads(file.read_text(encoding="utf-8"))["trees"]
        if renamed := [f"{old} is {RENAMED_SETTINGS[old]}" for old in settings if old in RENAMED_SETTINGS]:
            raise InputError(f"{file}: settings of an earlier version ({', '.join(renamed)}); run: dealml init --upgrade {file.parents[1]}")
        return Trees(**settings)
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise InputError(f"{file}: no settings of trees ({error}); tune again, or delete the file") from error


def load_scorecard(folder: Path, entity: str) -> Scorecard | None:
    """The point rules of an entity; None where a project has no such file.

    Raises
    ------
    InputError
        When they cannot be imported.
    """
    file = SCORECARD_FILES.get(entity, "")
    if not (folder / "models" / f"{file}.py").is_file():
        return None
    return _defined(folder, file, "SCORECARD", Scorecard)


def load_scenarios(folder: Path) -> WinScenarios | None:
    """What win scenarios are mined from; None where a project has no such file.

    Raises
    ------
    InputError
        When it cannot be imported.
    """
    if not (folder / "models" / f"{SCENARIO_FILE}.py").is_file():
        return None
    return _defined(folder, SCENARIO_FILE, "SCENARIOS", WinScenarios)


def load_commitments(folder: Path) -> CommitmentPolicy:
    """What may be promised.

    Raises
    ------
    InputError
        When the project has no such file, or it cannot be imported.
    """
    require_definition(folder, COMMITMENT_FILE)
    return _defined(folder, COMMITMENT_FILE, "COMMITMENTS", CommitmentPolicy)


def load_qualification(folder: Path) -> Qualification:
    """How deals and leads are qualified.

    Raises
    ------
    InputError
        When the project has no such file, or it cannot be imported.
    """
    require_definition(folder, QUALIFICATION_FILE)
    return _defined(folder, QUALIFICATION_FILE, "QUALIFICATION", Qualification)


def require_definition(folder: Path, stem: str) -> None:
    """Refuse a project that lacks a file of `models/`.

    Raises
    ------
    InputError
        With the file, and where to get one.
    """
    path = folder / "models" / f"{stem}.py"
    if not path.is_file():
        raise InputError(f"{path}: not there; copy it from a new project (dealml init DIR)")


def _defined(folder: Path, stem: str, name: str, kind: type[Definition]) -> Definition:
    """What a file in `models/` defines under a name."""
    path = folder / "models" / f"{stem}.py"
    try:
        with _importing_from(folder):
            definition = getattr(import_module(f"models.{stem}"), name, None)
    except Exception as error:  # whatever an analyst's file raises
        if isinstance(error, OutdatedImportError):
            raise InputError(str(error)) from error
        if isinstance(error, ImportError | TypeError) and (outdated := outdated_line(folder, _PACKAGES)):
            raise InputError(outdated) from error
        message = str(error) if isinstance(error, DealmlError) else f"{type(error).__name__}: {error}"
        raise InputError(f"{_line_in_project(error, folder) or path}: {message}") from error
    if not isinstance(definition, kind):
        raise InputError(f"{path}: defines no {name}")
    return definition


def code_digest(*folders: Path) -> str:
    """One digest of the Python files in some folders: which code a run used, also where nobody gave it a version."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            content = path.read_bytes()
            digest.update(f"{folder.name}/{path.relative_to(folder).as_posix()} {len(content)}\n".encode() + content)
    return digest.hexdigest()


@contextmanager
def _importing_from(folder: Path) -> Iterator[None]:
    """Import definitions from one project only, whatever another one has imported before.

    The two packages are made by their folder: `sys.path` stays as it is, for what another thread looks for along it would be missed
    while an entry comes or goes.
    """
    with _LOCK:
        for name in [n for n in sys.modules if n.split(".")[0] in _PACKAGES]:
            module_file = getattr(sys.modules[name], "__file__", None)
            if not module_file or folder.resolve() / name.split(".")[0] not in Path(module_file).resolve().parents:
                del sys.modules[name]
        invalidate_caches()
        for name in _PACKAGES:
            if name not in sys.modules:
                _make_package(folder.resolve() / name)
        yield


def _make_package(folder: Path) -> None:
    """Make a folder a package, with `__init__.py` or without it."""
    init = folder / "__init__.py"
    spec = spec_from_file_location(folder.name, init, submodule_search_locations=[str(folder)])
    assert spec is not None  # as of every name that ends in .py
    assert spec.loader is not None
    sys.modules[folder.name] = package = module_from_spec(spec)
    try:
        if init.exists():
            spec.loader.exec_module(package)
    except BaseException:
        del sys.modules[folder.name]
        raise


def _line_in_project(error: Exception, folder: Path) -> str:
    """The last line of the project's own files on the way to an error."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}"
    traceback, line = error.__traceback__, ""
    while traceback:
        file = Path(traceback.tb_frame.f_code.co_filename)
        if folder.resolve() in file.resolve().parents:
            line = f"{file}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return line
