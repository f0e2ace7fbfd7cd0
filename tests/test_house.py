"""The rules of the house: which way imports run, how long things may be, and what must be said."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

import dealml
from scripts import house
from tests.conftest import ROOT

LAYERS = ["dealml", "features", "models", "pipelines"]
"""Each may import those before it, never one after it."""
FOLDERS = {"dealml": ROOT / "src" / "dealml"} | {name: ROOT / name for name in LAYERS[1:]}
SOURCES = [(layer, path) for layer, folder in FOLDERS.items() for path in sorted(folder.rglob("*.py"))]
LONGEST_FUNCTION, LONGEST_FILE = 60, 300
FORBIDDEN = [
    (re.compile(r"/(home|Users|root|work)/\w"), "a machine's path"),
    (
        re.compile(r"https?://(?!127\.0\.0\.1|localhost)[\w.-]*(pypi|pythonhosted|artifactory|nexus|registry|mirror)[\w.-]*", re.I),
        "a registry's host",
    ),
]


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imports_of(path: Path) -> Iterator[tuple[str, bool]]:
    """Modules that a file imports, and whether only a type checker does."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    guarded = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, id(node) in guarded) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}: relative import"
            yield str(node.module), id(node) in guarded


@pytest.mark.parametrize(("layer", "path"), SOURCES, ids=lambda value: name_of(value) if isinstance(value, Path) else "")
def test_imports_run_one_way(layer: str, path: Path) -> None:
    above = set(LAYERS[LAYERS.index(layer) + 1 :])
    for module, _ in imports_of(path):
        assert module.split(".")[0] not in above, f"{name_of(path)} imports {module}"


def test_mlflow_is_imported_in_one_module() -> None:
    importing = {name_of(path) for _, path in SOURCES for module, _ in imports_of(path) if module.split(".")[0] == "mlflow"}
    assert importing == {"src/dealml/tracking.py"}


def test_prefect_is_imported_in_pipelines_alone() -> None:
    importing = {layer for layer, path in SOURCES for module, _ in imports_of(path) if module.split(".")[0].startswith("prefect")}
    assert importing == {"pipelines"}


@pytest.mark.parametrize("path", [path for layer, path in SOURCES if layer != "dealml"], ids=name_of)
def test_definitions_and_flows_import_the_public_modules_alone(path: Path) -> None:
    """Users own copies of these files: an import of an internal module would break them at the next rename."""
    internal = {module for module, _ in imports_of(path) if module.startswith("dealml.")} - {"dealml.flows"}
    assert internal == set()


def test_the_truth_is_out_of_reach() -> None:
    """Nothing but the command that writes it imports the simulator."""
    importing = {
        name_of(path)
        for layer, path in SOURCES
        for module, _ in imports_of(path)
        if module.startswith("dealml.simulate") and "simulate" not in path.parts
    }
    assert importing <= {"src/dealml/cli/demo.py"}
    assert not [path for _, path in SOURCES if "simulate" not in path.parts and "truth.parquet" in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("name", dealml.__all__)
def test_public_names_can_be_imported_and_say_what_they_are(name: str) -> None:
    assert (getattr(dealml, name).__doc__ or "").strip()


def test_other_names_are_not_there() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        _ = dealml.nonsense


@pytest.mark.parametrize("path", [path for _, path in SOURCES], ids=name_of)
def test_files_and_functions_are_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = int(node.end_lineno or 0) - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{name_of(path)}:{node.lineno}: {node.name} has {length} lines"


@pytest.mark.parametrize("path", [path for _, path in SOURCES if path.stat().st_size], ids=name_of)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    names = [name for name in listed.stdout.decode().split("\0") if name]
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def test_no_file_names_a_machine_or_a_registry() -> None:
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        for pattern, what in FORBIDDEN:
            found += [f"{name_of(path)}: {what}: {match.group()}" for match in pattern.finditer(text) if path != Path(__file__)]
    assert found == []


MAX_STOP_WORDS_DECLARED, MAX_STOP_WORD_SHARE, MAX_CLASSES_TWICE = 0, 0.003, 0
"""The limits of the house."""
MAX_FILES_IN_FOLDER = 16
WIDE_FOLDERS = {"features", "src/dealml/features", "src/dealml/simulate"}
"""A feature file a subject, a step of the engine a file, and the simulator."""


def test_no_module_class_function_argument_or_attribute_is_named_by_a_stop_word() -> None:
    left = house.stop_words_declared()
    assert len(left) <= MAX_STOP_WORDS_DECLARED, left


def test_stop_words_are_rare_among_all_names() -> None:
    used, total = house.stop_words_by_token()
    assert used.total() / total <= MAX_STOP_WORD_SHARE, used.most_common(20)


def test_public_class_names_stand_in_one_module() -> None:
    twice = house.classes_named_twice()
    assert len(twice) <= MAX_CLASSES_TWICE, twice


def test_folders_hold_few_files() -> None:
    sizes = house.folder_sizes()
    assert {folder: size for folder, size in sizes.items() if size > MAX_FILES_IN_FOLDER and folder not in WIDE_FOLDERS} == {}


def test_imports_make_no_circle() -> None:
    assert house.circle_of_imports() == []


def test_prose_is_plain() -> None:
    assert house.phrases() == []
