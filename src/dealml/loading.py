"""Loading a project's definitions: `features/` and `models/` by path, as the user edits them."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module, invalidate_caches
from pathlib import Path
from types import ModuleType

from dealml.errors import DealmlError, InputError, UsageError
from dealml.learning.spec import Model

_PACKAGES = ("features", "models")


def model_names(folder: Path) -> list[str]:
    """The models that a project defines."""
    return sorted(path.stem for path in (folder / "models").glob("*.py") if not path.stem.startswith("_"))


def load_model(folder: Path, name: str) -> Model:
    """The specification of a model.

    Raises
    ------
    UsageError
        When the project defines no such model.
    InputError
        When a definition cannot be imported.
    """
    names = model_names(folder)
    if name not in names:
        raise UsageError(f"no model {name!r} in {folder / 'models'}; there is {', '.join(names) or 'none'}")
    with _importing_from(folder):
        try:
            model = getattr(import_module(f"models.{name}"), "MODEL", None)
        except Exception as error:  # whatever an analyst's file raises
            told = str(error) if isinstance(error, DealmlError) else f"{type(error).__name__}: {error}"
            raise InputError(f"{_where(error, folder) or folder / 'models' / f'{name}.py'}: {told}") from error
    if not isinstance(model, Model):
        raise InputError(f"{folder / 'models' / name}.py: defines no MODEL")
    return model


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
    """Import definitions from one project only, whatever another one has imported before."""
    for name in [n for n in sys.modules if n.split(".")[0] in _PACKAGES]:
        module_file = getattr(sys.modules[name], "__file__", None)
        if not module_file or folder.resolve() / name.split(".")[0] not in Path(module_file).resolve().parents:
            del sys.modules[name]
    for name in _PACKAGES:
        if name not in sys.modules and not (folder / name / "__init__.py").exists():
            sys.modules[name] = _package(folder.resolve() / name)
    sys.path.insert(0, str(folder.resolve()))
    invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(folder.resolve()))


def _package(folder: Path) -> ModuleType:
    """A folder without `__init__.py` as a package: on the path, one of that name with the file would come first."""
    package = ModuleType(folder.name)
    package.__path__, package.__file__ = [str(folder)], str(folder / "__init__.py")
    return package


def _where(error: Exception, folder: Path) -> str:
    """The last line of the project's own files on the way to an error."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}"
    at, place = error.__traceback__, ""
    while at:
        file = Path(at.tb_frame.f_code.co_filename)
        if folder.resolve() in file.resolve().parents:
            place = f"{file}:{at.tb_lineno}"
        at = at.tb_next
    return place
