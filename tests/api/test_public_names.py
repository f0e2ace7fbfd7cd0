"""Public names are typed, explained, and the same for Python and for type checkers."""

from __future__ import annotations

import ast
import importlib.metadata
import inspect
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import dealml
from dealml import flows

USER_FILE = """
from datetime import date

import dealml
from dealml import ExplanationResult, Model, ProjectHandle, ScoringResult, Shown, Trees, Won, happened, per, within
from dealml.flows import Progress, models_of, parse_moment, silent


def explained(project: ProjectHandle, entity: str) -> ExplanationResult:
    result = project.explain(entity, as_of=date(2026, 1, 5), model="deal_win", evidence=False)
    result.shap(units="points")
    return result


def work(folder: str, progress: Progress = silent) -> int:
    project = dealml.open(folder, progress)
    batch: str = project.import_source("export", "mapping.yaml").batch
    learner: str = project.train("deal_win", as_of="2025-10-01").learner
    beats: bool = project.evaluate("deal_win").beats_base_rate
    scored: ScoringResult = project.score("deal_win", as_of=parse_moment("2026-01-05"), contributions=True)
    mean: float = project.forecast("2026Q1", as_of="2026-01-05").mean
    covered: int = project.forecast_backtest("quarter").covered
    page = project.review("deal_win", "review.html", as_of="2026-01-05", since="2025-12-29").page
    values = project.metrics("2025-10-01", "2026-01-01").metrics
    versions = project.models()
    promotion = project.promote_if_earned("deal_win")
    promoted = promotion is not None and promotion.promoted
    explained(project, "D1")
    try:
        dealml.open("elsewhere")
    except dealml.DealmlError as error:
        return error.exit_code
    print(batch, learner, beats, mean, covered, page, len(values), len(versions), promoted, models_of(folder), dealml.__version__)
    return scored.new


trees = Trees(num_boost_round=100)
"""
STRICT = """
[mypy]
strict = True
follow_imports = silent

[mypy-duckdb.*,ibis.*,lightgbm.*,mlflow.*,pyarrow.*,scipy.*,sklearn.*,sqlalchemy.*,sqlglot.*]
follow_imports = skip
"""
"""Public names show no type of the libraries that are skipped: to read their source would take a minute."""


def public_callables() -> Iterator[tuple[str, Callable[..., object]]]:
    """`dealml.open`, every public method and every function of `dealml.flows`."""
    yield "open", dealml.open
    yield "shap", dealml.ExplanationResult.shap
    for name, method in inspect.getmembers(dealml.ProjectHandle, inspect.isfunction):
        if not name.startswith("_"):
            yield name, method
    for name in flows.__all__:
        if inspect.isfunction(getattr(flows, name)):
            yield f"flows.{name}", getattr(flows, name)


def section(text: str, title: str) -> list[str]:
    """The entries of a docstring's section."""
    match = re.search(rf"^{title}\n-+\n(.*?)(?=^\w[\w ]*\n-+\n|\Z)", text, re.MULTILINE | re.DOTALL)
    return re.findall(r"^(\w[\w, ]*)$", match.group(1), re.MULTILINE) if match else []


@pytest.mark.parametrize(("name", "function"), list(public_callables()), ids=lambda value: value if isinstance(value, str) else "")
def test_a_docstring_names_every_parameter(name: str, function: Callable[..., object]) -> None:
    text = inspect.cleandoc(function.__doc__ or "")
    assert section(text, "Parameters") == [parameter for parameter in inspect.signature(function).parameters if parameter != "self"]
    if not name.startswith("flows."):
        assert "Returns\n-------" in text
        assert "Raises\n------" in text
        assert ">>> " in text


RESULTS = [name for name in dealml.__all__ if name.endswith("Result")]


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_is_frozen_and_has_an_example(name: str) -> None:
    result = getattr(dealml, name)
    assert result.__dataclass_params__.frozen
    assert ">>> " in result.__doc__


def test_type_checkers_see_the_same_names() -> None:
    tree = ast.parse(Path(dealml.__file__).read_text(encoding="utf-8"))
    guarded = next(node for node in tree.body if isinstance(node, ast.If))
    typed = {alias.asname: str(node.module) for node in guarded.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert typed == dealml._MODULES


def test_the_version_is_that_of_the_package() -> None:
    assert dealml.__version__ == importlib.metadata.version("dealml")
    shown = subprocess.run([sys.executable, "-m", "dealml", "--version"], capture_output=True, text=True, check=True)
    assert shown.stdout == f"{dealml.__version__}\n"


def test_a_users_file_passes_mypy_strict(tmp_path: Path) -> None:
    (tmp_path / "work.py").write_text(USER_FILE, encoding="utf-8")
    wrong = USER_FILE.replace("mean: float = project", "mean: str = project")
    (tmp_path / "wrong.py").write_text(wrong, encoding="utf-8")
    (tmp_path / "mypy.ini").write_text(STRICT, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--cache-dir", str(tmp_path / "cache"), "work.py", "wrong.py"]
    printed = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True).stdout.splitlines()
    assert len(printed) == 2, printed
    assert re.match(r'wrong\.py:\d+: error: .* has type "float"', printed[0])
    assert printed[1] == "Found 1 error in 1 file (checked 2 source files)"
