"""An import of an internal module that moved, from a project's own file, ends in one line that says how to upgrade.

Flows are run by Python or Prefect, not by dealml's command line, so only the import itself can say it.
"""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder
from pathlib import Path
from types import TracebackType

from dealml.errors import InputError

MOVED_FROM_THE_TOP = {"dealml.loading", "dealml.metrics", "dealml.written"}
"""Modules directly below `dealml` that moved. Any other name there is a mistake in a file, such as `from dealml import nonsense`."""


class OutdatedImportError(ImportError):
    """A project's file imports a module that this version does not have."""


def watch_imports() -> None:
    """Let outdated imports of a project's files end in one line; called once, when dealml is imported."""
    sys.meta_path.append(MovedModules())
    spec = getattr(sys.modules.get("__main__"), "__spec__", None)
    if spec and spec.name.startswith("pipelines."):  # python -m pipelines.score
        sys.excepthook = _one_line


class MovedModules(MetaPathFinder):
    """The last finder that Python asks: it is reached only for modules of dealml that do not exist."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> None:
        """Refuse an import by a project's file; leave every other one to Python.

        Raises
        ------
        OutdatedImportError
            When a file in `features/`, `models/` or `pipelines/` of a project imports the module.
        """
        below_the_top = fullname.count(".") > 1
        if not fullname.startswith("dealml.") or not (below_the_top or fullname in MOVED_FROM_THE_TOP):
            return
        importer = _importer()
        if importer is None:
            return
        from dealml.upgrade.project import upgrade_message

        file, line = importer
        raise OutdatedImportError(upgrade_message(file, line, f"imports {fullname}, which moved", file.parents[1]), name=fullname)


def _importer() -> tuple[Path, int] | None:
    """The file and line of a project that import at this moment."""
    frame = sys._getframe(2)
    while frame.f_back and frame.f_code.co_filename.startswith("<frozen importlib"):
        frame = frame.f_back
    file = Path(frame.f_code.co_filename)
    is_definition = file.parent.name in ("features", "models", "pipelines") and (file.parents[1] / "dealml.toml").is_file()
    return (file, frame.f_lineno) if is_definition else None


def _one_line(kind: type[BaseException], error: BaseException, traceback: TracebackType | None) -> None:
    from dealml.upgrade.project import outdated_line

    line = str(error) if isinstance(error, OutdatedImportError) else None
    if line is None and isinstance(error, ImportError) and (error.name or "").startswith("dealml."):  # a module that lost a name
        line = outdated_line(Path.cwd(), ("pipelines",))
    if line:
        print(f"dealml: {line}", file=sys.stderr)
        sys.exit(InputError.exit_code)  # Python takes the exit code over from a hook
    sys.__excepthook__(kind, error, traceback)
