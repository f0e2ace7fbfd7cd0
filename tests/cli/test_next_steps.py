"""The commands that `init` and `demo` print can be pasted as they are, wherever they were called."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dealml.cli.next_steps import program, say_next
from tests.cli.conftest import Ran
from tests.conftest import MAPPING

Dealml = Callable[..., Ran]


def printed_steps(output: str) -> list[list[str]]:
    """The commands below "Next:", as words."""
    return [shlex.split(line) for line in output.split("Next:\n")[1].splitlines() if line.startswith("  ")]


def demo(dealml: Dealml, folder: str) -> list[list[str]]:
    """Write a company, and give the printed steps without the program's name."""
    ran = dealml("demo", folder, "--deals", 40, "--customers", 10)
    assert ran.code == 0, ran.err
    return [words[1:] for words in printed_steps(ran.out)]


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_words_are_quoted_for_the_shell(capsys: pytest.CaptureFixture[str]) -> None:
    say_next(["init", "our company"])
    assert printed_steps(capsys.readouterr().out)[0][-2:] == ["init", "our company"]


def test_dealml_is_called_as_this_run_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(sys, "argv", [".venv/bin/dealml", "demo"])
    assert program() == ".venv/bin/dealml"
    monkeypatch.setattr(sys, "argv", ["/somewhere/dealml/__main__.py", "demo"])
    assert shlex.split(program()) == [sys.executable, "-m", "dealml"]


def test_dealml_on_the_path_is_called_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "dealml"
    script.write_text("#!/bin/sh\n", encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "argv", [str(script), "demo"])
    assert program() == "dealml"


def test_outside_a_project_the_first_step_makes_one(tmp_path: Path, dealml: Dealml) -> None:
    steps = demo(dealml, "a company")
    assert [words[0] for words in steps] == ["init", "import", "train", "review"]
    assert (tmp_path / "a company" / "mapping.yaml").read_bytes() == MAPPING.read_bytes()
    assert dealml(*steps[0]).code == 0
    assert dealml(*steps[1]).code == 0


@pytest.mark.parametrize(("working_folder", "company"), [(".", "p/company"), ("p", "company")])
def test_in_a_project_the_steps_use_it(
    working_folder: str, company: str, tmp_path: Path, dealml: Dealml, monkeypatch: pytest.MonkeyPatch
) -> None:
    dealml("init", "p")
    monkeypatch.chdir(tmp_path / working_folder)
    steps = demo(dealml, company)
    assert [words[0] for words in steps] == ["import", "train", "review"]
    assert dealml(*steps[0]).code == 0


def test_the_step_after_init_is_the_demo_in_the_project(dealml: Dealml) -> None:
    first, *_ = printed_steps(dealml("init", "our company").out)
    assert first[1:] == ["demo", "our company/company"]


def test_a_mapping_of_the_users_own_is_not_replaced(tmp_path: Path, dealml: Dealml) -> None:
    (tmp_path / "mapping.yaml").write_text("dealml: 1\n", encoding="utf-8")
    ran = dealml("demo", ".")
    assert ran.code != 0
    assert ran.err == "dealml: mapping.yaml: holds another mapping, which stays as it is; write the company to another folder\n"
    assert (tmp_path / "mapping.yaml").read_text(encoding="utf-8") == "dealml: 1\n"
    assert not (tmp_path / "export").exists()
