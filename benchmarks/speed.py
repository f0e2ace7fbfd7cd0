"""How long a user waits, on the default simulated company: start, import, training, scores, page, and reasons beside the usual way.

    python -m benchmarks.speed

The usual way to reasons is shap.TreeExplainer and a pandas apply that writes each row's strongest features as text; it and ours explain
the same rows with the same trees, in turns, in one process; the best of three turns counts.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.common import ROOT, day, say, scratch, show, view_of
from dealml.importing.import_source import import_source
from dealml.jobs.modelling.train import train
from dealml.jobs.reviewing.request import ReviewRequest
from dealml.jobs.reviewing.review import write_review
from dealml.jobs.scoring.score import score_all
from dealml.jobs.scoring.served_models import load_served
from dealml.learning.encoding import HORIZON
from dealml.learning.fitted import FittedModel
from dealml.project import Project, make_project
from dealml.reasons.top_reasons import MAX_REASONS
from dealml.reasons.wording import wording_of
from dealml.scoring.score import at_horizons, score
from dealml.simulate import simulate

AS_OF = day("2026-01-05")
STARTS, TURNS = 9, 3


def seconds(work: Callable[[], object]) -> float:
    """How long a call takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def start_seconds() -> float:
    """The median of nine starts of `dealml --help`, the first one not counted: it may compile."""
    command = [str(Path(sys.executable).with_name("dealml")), "--help"]
    runs = [seconds(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)) for _ in range(STARTS + 1)]
    return statistics.median(runs[1:])


def texts_by_hand(model: FittedModel, rows: pd.DataFrame) -> pd.Series:
    """The usual way: SHAP values of every row, and its strongest features as one text each."""
    import shap

    names = model.schema.names
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parts = np.asarray(shap.TreeExplainer(model.rung.booster).shap_values(model.schema.encode(rows)))
    frame = pd.DataFrame(parts[1] if parts.ndim == 3 else parts, columns=names)
    values = rows[names]

    def told(row: pd.Series) -> list[str]:
        strongest = row.drop(HORIZON).abs().nlargest(MAX_REASONS).index
        return [f"{name}: {values.at[row.name, name]} ({row[name]:+.2f})" for name in strongest if row[name]]

    return frame.apply(told, axis=1)


def reasons_side_by_side(project: Project, as_of: datetime) -> dict[str, object]:
    """Contributions a second of both ways, on the open deals at every horizon."""
    view, chosen = view_of(project, "deal_win", as_of), load_served(project, "deal_win")
    table, wording = view.at_stake(), wording_of(view.plan.features)
    rows = at_horizons(table, chosen.fitted.horizons)
    ways = (lambda: list(score(table, chosen, wording, "bench")), lambda: texts_by_hand(chosen.fitted, rows))
    turns = [[seconds(way) for way in ways] for _ in range(TURNS)]
    ours, theirs = (min(took) for took in zip(*turns, strict=True))
    parts = len(rows) * len(chosen.fitted.schema.names)
    return {
        "rows": len(rows),
        "contributions": parts,
        "rows_per_second": round(len(rows) / ours),
        "ours_per_second": round(parts / ours),
        "by_hand_per_second": round(parts / theirs),
        "ratio": round(theirs / ours, 2),
    }


def waits(folder: Path) -> tuple[dict[str, object], dict[str, object]]:
    """Every step of the way from an extract to a page."""
    simulate(folder / "company")
    make_project(folder / "project")
    project, page = Project(folder / "project"), folder / "review.html"
    mapping = ROOT / "examples" / "demo" / "mapping.yaml"
    took = {
        "import": seconds(lambda: import_source(folder / "company" / "export", mapping, project.ledger)),
        "train deal_win": seconds(lambda: train(project, "deal_win", AS_OF)),
        "score deal_win": seconds(lambda: score_all(project, "deal_win", AS_OF, folder / "s.parquet", folder / "c.parquet")),
        "review": seconds(lambda: write_review(ReviewRequest(project, "deal_win", AS_OF, since=AS_OF - timedelta(days=7)), page)),
    }
    rounded: dict[str, object] = {name: round(value, 1) for name, value in took.items()}
    return rounded | {"page_kib": round(page.stat().st_size / 1024)}, reasons_side_by_side(project, AS_OF)


def main() -> None:
    start = round(start_seconds(), 3)
    with scratch() as folder:
        steps, reasons = waits(folder)
    show("speed: dealml --help (target < 0.5 s)", {"median of 9": {"seconds": start}})
    show("speed: default company, each step in one process", {"seconds": steps})
    show("speed: scores with reasons, beside shap.TreeExplainer with a pandas apply", {"deal_win": reasons})
    say({"benchmark": "speed", "help_seconds": start, "steps": steps, "reasons": reasons, "met": start < 0.5})


if __name__ == "__main__":
    main()
