"""How far the request of a review travels: `python -m scripts.journey DEMO_PROJECT`.

A frame sees the request when one of its arguments, or a variable that it captured, is the request, the project, or the context
that a job resolved: whoever holds one of these can ask anew for model, view and period.
Methods of these three themselves do not count, nor does a container that holds one.
A module sees the request when one of its frames does, and the names under which it does so are counted too.
A module's floor is one above the highest module of dealml that it imports, and a climb is a step, among the functions that see the
request in the order of their first call within a thread, to a module of a higher floor.
The parts of a request (ledger, view, population, period and the model's name) are followed in the same way, as a second figure.
"""

from __future__ import annotations

import argparse
import ast
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Any

import dealml

PACKAGE = Path(dealml.__file__).parent
HANDLES = {"ReviewRequest", "Project", "ReviewContext", "DealReviewContext"}
PARTS = {"Ledger", "View", "ScoringPopulation", "ComparedPopulations", "WaterfallContext", "ForecastContext", "DealsAsOf", "Period"}
FORMER_HANDLES = {"Asked"}
FORMER_PARTS = {"Stake", "SeenTwice", "Past"}
"""What the same things were called before there was a context, so that the script measures older versions too."""
MOST_MODULES, MOST_CLIMBS = 10, 3


@dataclass(frozen=True)
class Journey:
    """Where a request was seen."""

    modules: dict[str, set[str]]
    """Every module that saw it, with the names under which it did."""
    climbs: list[tuple[str, str]]
    """Every climb, from one module to another."""

    @property
    def names(self) -> int:
        """How many names it bears, a module at a time."""
        return sum(map(len, self.modules.values()))


@dataclass(frozen=True)
class _Sight:
    """A function that saw something at its first call in a thread: its module, and the class of what it saw by the variable's name."""

    module: str
    seen: dict[str, str]


def module_names() -> dict[str, str]:
    """Every module of dealml by its file."""
    files = PACKAGE.rglob("*.py")
    parts = {file: file.relative_to(PACKAGE.parent).with_suffix("").parts for file in files}
    return {str(file): ".".join(names[:-1] if names[-1] == "__init__" else names) for file, names in parts.items()}


def floors(modules: dict[str, str]) -> dict[str, int]:
    """The floor of every module; an import that closes a circle counts nothing."""
    imported = {name: set(_imports(Path(file), set(modules.values()))) - {name} for file, name in modules.items()}
    floor: dict[str, int] = {}

    def of(name: str, above: tuple[str, ...] = ()) -> int:
        if name not in floor and name not in above:
            floor[name] = 1 + max((of(other, (*above, name)) for other in imported[name]), default=0)
        return floor.get(name, 0)

    for name in imported:
        of(name)
    return floor


def _imports(file: Path, modules: set[str]) -> Iterator[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    checks = [node for node in ast.walk(tree) if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)]
    for_types_only = {id(inner) for check in checks for inner in ast.walk(check)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and id(node) not in for_types_only:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield from (name for name in (full if full in modules else node.module,) if name in modules)


def watch(review: Callable[[], Any], model: str) -> list[list[_Sight]]:
    """Run a review, and note which functions of dealml see the request or a part of it: a list for each thread."""
    modules, sights = module_names(), dict[int, dict[Any, _Sight]]()

    def profile(frame: FrameType, event: str, _: Any) -> None:
        module = modules.get(frame.f_code.co_filename) if event == "call" else None
        if module is None:
            return
        seen = {name: kind for name, value in _arguments(frame) if (kind := _kind(value, model))}
        if seen:
            sights.setdefault(threading.get_ident(), {}).setdefault(frame.f_code, _Sight(module, seen))

    threading.setprofile(profile)
    sys.setprofile(profile)
    try:
        review()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)
    return [list(thread.values()) for thread in sights.values()]


def _arguments(frame: FrameType) -> Iterator[tuple[str, Any]]:
    code, values = frame.f_code, frame.f_locals
    count = code.co_argcount + code.co_kwonlyargcount
    for name in (*code.co_varnames[:count], *code.co_freevars):
        if name in values and name not in ("self", "cls"):
            yield name, values[name]


def _kind(value: Any, model: str) -> str:
    if isinstance(value, str):
        return "model name" if value == model else ""
    kind = type(value)
    return kind.__name__ if kind.__module__.startswith("dealml.") else ""


def journey_of(threads: list[list[_Sight]], kinds: set[str]) -> Journey:
    """The journey of what is of certain kinds."""
    floor, modules, climbs = floors(module_names()), dict[str, set[str]](), []
    for thread in threads:
        stays = []
        for sight in thread:
            if names := {name for name, kind in sight.seen.items() if kind in kinds}:
                modules.setdefault(sight.module, set()).update(names)
                stays.append(sight.module)
        climbs += [(before, after) for before, after in pairwise(stays) if floor[after] > floor[before]]
    return Journey(modules, climbs)


def review_journey(project: Any, model: str, as_of: datetime, since: datetime | None) -> tuple[Journey, Journey]:
    """The journeys of the request of a review, and of its parts.

    Parameters
    ----------
    project
        A `dealml.project.Project`.
    """
    request_class, write_review = _entry()
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "review.html"
        threads = watch(lambda: write_review(request_class(project, model, as_of, since=since), page), model)
    handles = HANDLES | FORMER_HANDLES
    return journey_of(threads, handles), journey_of(threads, handles | PARTS | FORMER_PARTS | {"model name"})


def _entry() -> tuple[Any, Any]:
    """What makes a request, and the job; also of versions before the folders of `jobs`."""
    try:
        return import_module("dealml.jobs.reviewing.request").ReviewRequest, import_module("dealml.jobs.reviewing.review").write_review
    except ModuleNotFoundError:
        return import_module("dealml.jobs.asked").Asked, import_module("dealml.jobs.review").write_review


def main() -> int:
    """Print the figures; 1 where they are over the limits."""
    parser = argparse.ArgumentParser(prog="python -m scripts.journey", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("project", type=Path, help="a demo project, such as `make demo` leaves")
    parser.add_argument("--model", default="deal_win")
    parser.add_argument("--as-of", default="2026-01-05", type=datetime.fromisoformat)
    parser.add_argument("--from", dest="since", default="2025-12-29", type=datetime.fromisoformat)
    given = parser.parse_args()
    project = import_module("dealml.project").Project(given.project)
    moments = (moment.replace(tzinfo=UTC) for moment in (given.as_of, given.since))
    request, parts = review_journey(project, given.model, *moments)
    print(f"modules that see a review's request  {len(request.modules)} (at most {MOST_MODULES}), under {request.names} names")
    print(f"climbs back up                       {len(request.climbs)} (at most {MOST_CLIMBS})")
    print(f"modules that see a part of it        {len(parts.modules)}, under {parts.names} names; {len(parts.climbs)} climbs")
    for module in sorted(request.modules):
        print(f"  {module}: {', '.join(sorted(request.modules[module]))}")
    for before, after in request.climbs:
        print(f"  up: {before} -> {after}")
    return int(len(request.modules) > MOST_MODULES or len(request.climbs) > MOST_CLIMBS)


if __name__ == "__main__":
    raise SystemExit(main())
