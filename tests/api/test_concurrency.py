"""Threads and processes share a project."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import dealml
from dealml.project import Project
from tests.conftest import CUT

DAY = CUT.date().isoformat()
TRAIN = "import sys, dealml; print(dealml.open(sys.argv[1]).train('tiny', as_of=sys.argv[2]).version)"
SCORE = "import sys, dealml; print(dealml.open(sys.argv[1]).score('tiny', as_of=sys.argv[2]).new)"


def test_threads_and_processes_share_a_project(copied: Callable[[Path], Project], tmp_path: Path) -> None:
    folder = copied(tmp_path / "p").folder
    project = dealml.open(folder)
    assert project.train("tiny", as_of=CUT).version == 1

    # Two processes score the same deals and a third one trains the same model: each score is stored once, the model is registered once.
    first, second, version = _printed_at_once(folder, SCORE, SCORE, TRAIN)
    report = project.score("tiny", as_of=CUT)
    assert (int(first) + int(second), report.new, int(version)) == (len(report.scores), 0, 1)
    assert len(report.scores) > 0

    # Two threads explain at once: each gets the log-odds that were scored.
    main = report.scores[report.scores["horizon_days"] == 90].set_index("entity_id")["margin"]
    deals = sorted(main.index)[:2]
    with ThreadPoolExecutor(2) as threads:
        explanations = list(threads.map(lambda deal: project.explain(deal, CUT, "tiny", evidence=False), deals))
    assert [explanation.margin for explanation in explanations] == [main[deal] for deal in deals]


def _printed_at_once(folder: Path, *scripts: str) -> list[str]:
    """What scripts print that run at the same time."""
    arguments = [str(folder), DAY]
    running = [subprocess.Popen([sys.executable, "-c", script, *arguments], stdout=subprocess.PIPE, text=True) for script in scripts]
    printed = [process.communicate(timeout=400)[0].strip() for process in running]
    assert [process.returncode for process in running] == [0] * len(scripts)
    return printed
