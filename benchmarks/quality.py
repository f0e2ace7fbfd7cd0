"""dealml against five learners on eight real sets: log loss on the same rows and features.

    python -m benchmarks.quality [--sets NAME ...] [--rivals NAME ...]

Target: on no set is dealml's log loss above that of the best rival by more than one standard error of their difference, paired by row and
with the rows of one account taken together; on most sets it is below.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from benchmarks.common import Floats, log_losses, say, scratch, show
from benchmarks.contenders import LOGISTIC, OWN, QUICK_RIVALS, RIVALS, answers_of
from benchmarks.quality_sets import SETS, DataSet, Task, tasks_of
from dealml.learning.fitted import FittedModel
from dealml.learning.ladder import difference
from dealml.learning.training import fit


def contender_dealml(task: Task) -> FittedModel:
    """What `dealml train` fits on the earlier rows, with the settings of the model's specification."""
    return fit(task.spec, task.earlier, task.features, "won", task.end.to_pydatetime(), "")


def tested(task: Task, rivals: Sequence[str]) -> dict[str, Floats]:
    """Everybody's probabilities of a task's later rows, the rivals on the encoding of dealml's model."""
    return answers_of(task.spec, contender_dealml(task), task.earlier, task.later, rivals)


def losses(tasks: Sequence[Task], probabilities: Sequence[Floats]) -> tuple[Floats, npt.NDArray[np.intp]]:
    """The log loss of each row that was tested, its mean over repeats, and the row's cluster."""
    loss = log_losses(np.concatenate([task.later.label for task in tasks]), np.concatenate(probabilities))
    numbers = np.concatenate([task.number for task in tasks])
    rows, first, row = np.unique(numbers, return_index=True, return_inverse=True)
    return np.bincount(row, loss) / np.bincount(row), np.concatenate([task.cluster for task in tasks])[first]


def contest(data: DataSet, rivals: Sequence[str]) -> dict[str, object]:
    """Log loss of everybody on a set, and dealml's distance from the best rival."""
    with scratch() as folder:
        tasks = tasks_of(data, folder / "project")
    began = time.perf_counter()
    answers = [tested(task, rivals) for task in tasks]
    found = {name: losses(tasks, [answer[name] for answer in answers]) for name in answers[0]}
    best = min((name for name in found if name != OWN), key=lambda name: found[name][0].mean())
    behind, error = difference(found[OWN][0] - found[best][0], found[OWN][1])
    print(f"{data.name}: done in {time.perf_counter() - began:.0f} s", file=sys.stderr, flush=True)
    table: dict[str, object] = {name: round(float(loss.mean()), 4) for name, (loss, _) in found.items()}
    about = {"rows": len(found[OWN][0]), "seconds": round(time.perf_counter() - began, 1)}
    return table | {"best rival": best, "difference": round(behind, 4), "standard error": round(error, 4)} | about


def chosen(names: Sequence[str] | None) -> Iterator[DataSet]:
    """The sets of these names; all without any."""
    return (data for data in SETS if not names or data.name in names)


def main() -> None:
    parser = argparse.ArgumentParser(description="dealml against five learners on eight real sets")
    everybody = [LOGISTIC, *RIVALS]
    parser.add_argument("--sets", nargs="*", choices=[data.name for data in SETS])
    parser.add_argument("--rivals", nargs="+", choices=everybody, default=QUICK_RIVALS)
    asked = parser.parse_args()
    if "CatBoost" not in RIVALS:
        print("CatBoost is left out, as it is not installed: pip install catboost")
    found = {data.name: contest(data, asked.rivals) for data in chosen(asked.sets)}
    show("log loss on later or left-out rows (target: difference <= standard error everywhere, below 0 on most)", found)
    distances = [(float(str(row["difference"])), float(str(row["standard error"]))) for row in found.values()]
    below = sum(behind < 0 for behind, _ in distances)
    met = all(behind <= error for behind, error in distances) and below > len(distances) / 2
    say({"benchmark": "quality", "rivals": asked.rivals, "sets": found, "below": below, "met": met})


if __name__ == "__main__":
    main()
