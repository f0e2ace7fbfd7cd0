"""Run the commands on a finished demo project, and collect what its training wrote."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

from scripts.frozen.commands import COMMANDS, Command

ARTEFACTS = ("model/model.json", "model/trees.txt", "model_card.html", "absent_features.txt")
"""What the folder of a trained version holds."""
ENVIRONMENT = os.environ | {"OMP_WAIT_POLICY": "passive"}
"""Threads that wait must not keep a core busy: the values are the same."""
MODELS = ("deal_win", "deal_loss", "account_churn")


def dump(project: Path, out: Path, dealml: Path, deep: bool, workers: int) -> int:
    """Write the dump of `project` to `out`; how many commands failed.

    The commands write into the project (scores, past forecasts): give a copy where that matters. Commands that an earlier, interrupted
    dump finished are not run again.
    """
    project, out, dealml = project.resolve(), out.resolve(), dealml.absolute()
    out.mkdir(parents=True, exist_ok=True)
    verbs = verbs_of(dealml)
    _copy_training(project, out)
    chosen = [command for command in COMMANDS if deep or not command.deep]
    with ThreadPoolExecutor(workers) as pool:
        return sum(pool.map(lambda command: _run(command, verbs, project, out, dealml), chosen))


def verbs_of(dealml: Path) -> set[str]:
    """The verbs that a `dealml` lists."""
    listed = subprocess.run([dealml, "--help"], capture_output=True, text=True, check=True).stdout
    return set(re.findall(r"^  ([a-z][a-z-]*)  ", listed.split("Commands:")[1], re.M))


def _run(command: Command, verbs: set[str], project: Path, out: Path, dealml: Path) -> bool:
    arguments = [part.replace("{out}", str(out)) for part in command.for_verbs(verbs)]
    stdout = out / f"{command.name}.stdout"
    if stdout.exists():
        return False
    started = time.perf_counter()
    done = subprocess.run([dealml, *arguments], cwd=project, env=ENVIRONMENT, capture_output=True, text=True, check=False)
    print(f"{time.perf_counter() - started:6.1f} s  {done.returncode}  {' '.join(arguments)}", file=sys.stderr)
    if done.returncode:
        print(done.stderr.strip().splitlines()[-1], file=sys.stderr)
        return True
    stdout.write_text(done.stdout, encoding="utf-8")
    return False


def _copy_training(project: Path, out: Path) -> None:
    """Copy what training and its first review wrote, under names that do not depend on a run's id."""
    for page in sorted((project / "reviews").glob("*.html")):
        shutil.copy(page, out / f"demo-{page.name}")
    folders = {path.parents[1]: _model_of(path) for path in (project / "mlartifacts").glob("*/artifacts/model/model.json")}
    for folder, model in folders.items():
        for file in [*(folder / name for name in ARTEFACTS), *(folder / "figures").glob("*.txt")]:
            if file.is_file():
                shutil.copy(file, out / f"{model}-{file.name}")
    for file in (project / "forecasts").glob("*-quarter-*.json"):
        shutil.copy(file, out / f"demo-{file.stem.rpartition('-')[0]}.json")
    about = {"paths": [str(out), str(project)], "days": _days(folders)}
    (out / "about.json").write_text(json.dumps(about, indent=1), encoding="utf-8")


def _model_of(path: Path) -> str:
    """The model's name, whatever the artefact calls the field that holds it."""
    return next(value for value in json.loads(path.read_text(encoding="utf-8")).values() if value in MODELS)


def _days(folders: Iterable[Path]) -> list[str]:
    """The days from training to now: a time of day on one of them is the clock's, not the data's."""
    first = min(datetime.fromtimestamp(folder.stat().st_mtime, UTC) for folder in folders)
    return [f"{first + timedelta(days=number):%Y-%m-%d}" for number in range((datetime.now(UTC) - first).days + 2)]
