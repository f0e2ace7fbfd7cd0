"""What is imported is declared, what is declared is locked, and every locked file has its hash."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from functools import cache
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
LOCK = ROOT / "requirements.lock"
LOCKS = [LOCK, ROOT / "benchmarks" / "requirements.lock"]
RUNTIME = [Requirement(line) for line in PROJECT["dependencies"]]
DEV = [Requirement(line) for line in PROJECT["optional-dependencies"]["dev"]]

SHIPPED = ("src", "features", "models", "pipelines")
OURS = {"dealml", "features", "models", "pipelines"}
DISTRIBUTION = {"ibis": "ibis-framework", "sklearn": "scikit-learn", "yaml": "pyyaml"}
"""The distribution that brings an import, where the two have different names."""

LINUX, MAC, WINDOWS = (
    {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"},
    {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix"},
    {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"},
)
MACHINES = [
    LINUX | {"platform_machine": "x86_64"},
    LINUX | {"platform_machine": "aarch64"},
    MAC | {"platform_machine": "x86_64"},
    MAC | {"platform_machine": "arm64"},
    WINDOWS | {"platform_machine": "AMD64"},
]
PYTHONS = ["3.11.7", "3.12.3", "3.13.1", "3.14.0"]
ENVIRONMENTS = [
    {**default_environment(), **machine, "python_full_version": python, "python_version": python.rpartition(".")[0], "extra": ""}
    for machine in MACHINES
    for python in PYTHONS
]


def third_party_imports(folder: Path) -> set[str]:
    """The first part of every absolute import below a folder that neither Python nor the project brings."""
    names = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module.split(".")[0])
    return names - OURS - sys.stdlib_module_names


@cache
def entries(lock: Path) -> list[tuple[Requirement, list[str]]]:
    """Each entry of a lock, with its hashes."""
    text = re.sub(r"^#.*\n", "", lock.read_text(encoding="utf-8"), flags=re.MULTILINE).replace("\\\n", " ")
    lines = [line.split("--hash=") for line in text.splitlines() if line.strip()]
    return [(Requirement(line[0].strip()), [value.strip() for value in line[1:]]) for line in lines]


def locked(lock: Path, environment: dict[str, str]) -> dict[str, list[str]]:
    """The versions that a lock pins in an environment, by distribution."""
    pinned: dict[str, list[str]] = {}
    for requirement, _ in entries(lock):
        if requirement.marker is None or requirement.marker.evaluate(environment):
            pinned.setdefault(canonicalize_name(requirement.name), []).append(str(requirement.specifier).removeprefix("=="))
    return pinned


@pytest.mark.parametrize("folder", SHIPPED)
def test_what_is_imported_is_a_declared_dependency(folder: str) -> None:
    declared = {canonicalize_name(requirement.name) for requirement in RUNTIME}
    imported = {canonicalize_name(DISTRIBUTION.get(name, name)) for name in third_party_imports(ROOT / folder)}
    assert imported - declared == set()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_entry_of_a_lock_is_pinned_and_has_hashes(lock: Path) -> None:
    assert len(entries(lock)) > 10
    for requirement, hashes in entries(lock):
        assert re.fullmatch(r"==[^,*]+", str(requirement.specifier)), f"{requirement}: not pinned"
        assert hashes, f"{requirement}: no hash"
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", value) for value in hashes), f"{requirement}: a hash of another form"


@pytest.mark.parametrize("requirement", RUNTIME + DEV, ids=str)
def test_the_lock_has_each_dependency_once_and_within_its_bounds(requirement: Requirement) -> None:
    for environment in ENVIRONMENTS:
        versions = locked(LOCK, environment).get(canonicalize_name(requirement.name), [])
        assert len(versions) == 1, f"{requirement} in {environment['platform_machine']}: {versions}; run: make lock"
        assert requirement.specifier.contains(versions[0]), f"{requirement}: locked {versions[0]}; run: make lock"


def test_both_locks_pin_the_same_versions() -> None:
    for environment in ENVIRONMENTS:
        main = locked(LOCK, environment)
        for name, versions in locked(LOCKS[1], environment).items():
            assert main.get(name, versions) == versions, f"{name}; run: make lock"


def test_what_builds_the_package_is_locked_too() -> None:
    assert set(PYPROJECT["build-system"]["requires"]) <= set(PROJECT["optional-dependencies"]["dev"])


def test_there_is_one_kind_of_lock() -> None:
    assert not [name for name in ("uv.lock", "constraints.txt", "poetry.lock", "pdm.lock") if (ROOT / name).exists()]


def test_the_licence_is_named_and_there() -> None:
    assert (PROJECT["license"], PROJECT["license-files"]) == ("Apache-2.0", ["LICENSE"])
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
