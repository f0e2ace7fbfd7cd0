"""The wheel as users get it: built, installed into an empty environment, and used outside the repository."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

COMPANY = ("--deals", "160", "--customers", "10")
"""A small company that still has enough won and lost deals to learn from; training it takes half a minute on one core."""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built by the environment's own hatchling: nothing is downloaded."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=120,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new environment with the wheel in it.

    Its dependencies are those of the environment that runs the tests, added by a path file. Path files inside an added folder are
    not read, so that the editable install there stays out of sight.
    """
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True, timeout=120)
    python = folder / "bin" / "python"
    subprocess.run(
        [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-index", "--no-deps", str(wheel)],
        check=True,
        capture_output=True,
        timeout=120,
    )
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return folder


def paste(environment: Path, folder: Path, line: str) -> str:
    """Run a line in a shell as a user with this environment activated, and return what it printed."""
    variables = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    variables["PATH"] = f"{environment / 'bin'}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(line, shell=True, cwd=folder, env=variables, capture_output=True, text=True, timeout=800, check=False)
    assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def next_steps(output: str) -> list[str]:
    return [line.strip() for line in output.split("Next:\n")[1].splitlines() if line.startswith("  ")]


def environment_version(environment: Path) -> str:
    """The name of the installed distribution's metadata folder, which ends in its version."""
    (folder,) = environment.glob("lib/python*/site-packages/dealml-*.dist-info")
    return folder.name


def test_the_wheel_holds_what_users_need_and_no_more(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = archive.read(next(name for name in names if name.endswith(".dist-info/METADATA"))).decode()
        mapping = archive.read("dealml/template/examples/demo/mapping.yaml")
    assert [name for name in names if name.endswith(".dist-info/licenses/LICENSE")]
    assert "\nLicense-Expression: Apache-2.0\n" in metadata
    assert "dealml/py.typed" in names
    assert mapping == (ROOT / "examples" / "demo" / "mapping.yaml").read_bytes()
    assert {name.split("/")[2] for name in names if name.startswith("dealml/template/")} == {
        "features",
        "models",
        "pipelines",
        "examples",
        "prefect.yaml",
        "dealml.toml",
    }
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"dealml"}


def test_the_wheel_is_what_runs(environment: Path, tmp_path: Path) -> None:
    assert Path(paste(environment, tmp_path, "python -c 'import dealml; print(dealml.__file__)'")).is_relative_to(environment)
    assert paste(environment, tmp_path, "dealml --version").split()[-1] in environment_version(environment)
    assert "Usage: dealml" in paste(environment, tmp_path, "dealml --help")


@pytest.mark.timeout(900)
def test_every_printed_step_leads_to_a_review_page(environment: Path, tmp_path: Path) -> None:
    (first,) = next_steps(paste(environment, tmp_path, "dealml init 'our project'"))
    (tmp_path / "our project" / "models" / "deal_win.toml").write_text("[trees]\nnum_boost_round = 20\n", encoding="utf-8")
    steps = next_steps(paste(environment, tmp_path, f"{first} {' '.join(COMPANY)}"))
    assert [step.split()[:2] for step in steps] == [["dealml", verb] for verb in ("import", "train", "review")]
    for step in steps:
        paste(environment, tmp_path, step)
    assert "open deals" in (tmp_path / "our project" / "review.html").read_text(encoding="utf-8")
