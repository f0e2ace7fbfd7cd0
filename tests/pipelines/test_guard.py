"""Rules that flows keep: Prefect stays in its folder, parameters are texts, settings come first."""

from __future__ import annotations

import ast
import importlib
import inspect
import os
import subprocess
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from prefect import Flow, Task

ROOT = Path(__file__).parents[2]
ELSEWHERE = sorted(path for folder in ("src", "features", "models") for path in (ROOT / folder).rglob("*.py"))
FLOWS = ("importing", "retrain", "review", "score", "weekly")
TEXTS = {str, list[str], type(None)}


def imported_names(source: str) -> Iterator[str]:
    """The modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""


def uses_prefect(source: str) -> bool:
    """Whether a file imports Prefect."""
    return any(name.split(".")[0] == "prefect" for name in imported_names(source))


def callables() -> Iterator[tuple[str, Any]]:
    """Every flow and task."""
    for name in FLOWS:
        for found in vars(importlib.import_module(f"pipelines.{name}")).values():
            if isinstance(found, Flow | Task):
                yield f"{name}.{found.fn.__name__}", found


def test_prefect_is_imported_in_pipelines_alone() -> None:
    assert len(ELSEWHERE) > 50
    assert [path for path in ELSEWHERE if uses_prefect(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("source", ["import prefect", "def f():\n    from prefect.artifacts import x", "import os, prefect.client"])
def test_the_guard_sees_an_import(source: str) -> None:
    assert uses_prefect(source)


def test_parameters_are_texts_never_frames() -> None:
    found = dict(callables())
    assert len(found) >= 9
    for name, one in found.items():
        for parameter in inspect.signature(one.fn, eval_str=True).parameters.values():
            kinds = get_args(parameter.annotation) if isinstance(parameter.annotation, types.UnionType) else (parameter.annotation,)
            assert set(kinds) <= TEXTS, f"{name}: {parameter}"


def test_the_default_project_is_the_folder_of_the_flows() -> None:
    for name in FLOWS:
        flow = getattr(importlib.import_module(f"pipelines.{name}"), name)
        assert Path(inspect.signature(flow.fn).parameters["project"].default) == ROOT


def test_settings_stand_before_prefect_is_imported() -> None:
    says = (
        "import pipelines.retries; from prefect.settings import get_current_settings as now; "
        "print(now().server.ephemeral.startup_timeout_seconds, now().server.analytics_enabled, now().results.default_serializer)"
    )
    given = os.environ | {"PREFECT_RESULTS_DEFAULT_SERIALIZER": "compressed/json"}
    for name in ("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "PREFECT_SERVER_ANALYTICS_ENABLED"):
        given.pop(name, None)
    told = subprocess.run([sys.executable, "-c", says], cwd=ROOT, env=given, capture_output=True, text=True, timeout=120, check=True)
    assert told.stdout.split() == ["180", "False", "compressed/json"]
