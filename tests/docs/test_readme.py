"""The README's commands work as they stand."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.docs import ROOT

BPIC = Path(os.environ.get("DEALML_SHARED_DATA", ROOT.parent / "shared" / "data")) / "bpic2012_loan"
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands_of(section: str) -> list[list[str]]:
    """The commands of a section, as words."""
    text = README.split(f"## {section}\n")[1].split("\n## ")[0]
    return [shlex.split(line) for line in re.findall(r"^\s*\$ (.+)$", text, re.MULTILINE)]


def run(words: list[str], folder: Path) -> str:
    known = {".venv/bin/dealml": [sys.executable, "-m", "dealml"], "../shared/data/bpic2012_loan": [str(BPIC)]}
    command = [part for word in words for part in known.get(word, [word])]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, f"{shlex.join(words)}\n{done.stderr}"
    return done.stdout


@pytest.mark.skipif(not BPIC.is_dir(), reason="bpic2012_loan is not in the shared data")
def test_the_five_steps_lead_to_a_page(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    told = [run(words, tmp_path) for words in commands_of("Bring your own CRM export")]
    assert "rows in 287,975 = accepted 287,975 + quarantined 0 + duplicates 0" in told[2]
    assert "beats base rate" in told[4]
    page = (tmp_path / "p" / "review.html").read_text(encoding="utf-8")
    assert "open deals" in page


def test_the_first_screen_has_two_commands_that_make_knows() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    first = README.split("## ")[0]
    targets = re.findall(r"^\$ make (\S+)", first, re.MULTILINE)
    assert targets == ["demo", "test"]
    assert all(f"\n{target}: install" in makefile for target in targets)
    assert (ROOT / "docs" / "review.png").is_file()
