"""Whole tables of features by intervals, by the join and by another build, compared in every bit: the demo company and BPI 2012.

    python -m benchmarks.whole_tables [--dealml CHECKOUT]

A line for each column that differs. The last line is JSON: by model rows, columns and how many columns differ from the join and from the
other build.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.common import ROOT, project_of, say, scratch, shared
from dealml.learning.view import View
from dealml.load_definitions import load_model
from dealml.project import Project
from dealml.simulate import simulate

_FORCED = "from dealml.features import engine; engine.FEW = engine.MANY_PAIRS = 0"
MODELS = {"demo": ("deal_win", "account_churn", "lead_conversion"), "bpic2012": ("deal_win",)}


def write(folder: Path, names: list[str], out: Path) -> None:
    """The whole history of models, a file each."""
    project = Project(folder)
    for name in names:
        view = View.of(project.ledger, load_model(project.folder, name), None, project.query_settings, served=[], learns=True)
        view.history().to_parquet(out / f"{name}.parquet")


def differences(one: pd.DataFrame, other: pd.DataFrame) -> dict[str, float]:
    """By column that differs in any bit, the largest difference as a share of the value; infinite for a text and what is missing."""
    keys = [name for name in one.columns if one[name].dtype.kind != "f"][:4]
    one, other = (table.sort_values(keys, ignore_index=True) for table in (one, other))
    if list(one.columns) != list(other.columns) or len(one) != len(other):
        raise SystemExit("the tables have other rows or columns")
    found = {}
    for name in one.columns:
        a, b = one[name], other[name]
        unlike = ~((a == b) | (a.isna() & b.isna())).to_numpy()
        if unlike.any():
            is_number = a.dtype.kind == "f" and not (a.isna() ^ b.isna()).any()
            found[name] = float(np.max(np.abs(a - b)[unlike] / np.abs(a)[unlike])) if is_number else float("inf")
    return found


def _tables(folder: Path, kind: str, out: Path, checkout: Path = ROOT) -> dict[str, pd.DataFrame]:
    out.mkdir(parents=True)
    code = f"from benchmarks.whole_tables import write; from pathlib import Path; {_FORCED if kind == 'intervals' else ''}"
    call = f"write(Path({str(folder)!r}), {list(MODELS[folder.name])!r}, Path({str(out)!r}))"
    paths = os.pathsep.join([str(checkout / "src"), str(ROOT)])
    subprocess.run([sys.executable, "-P", "-c", f"{code}; {call}"], env=os.environ | {"PYTHONPATH": paths}, check=True, cwd=ROOT)
    return {name: pd.read_parquet(out / f"{name}.parquet") for name in MODELS[folder.name]}


def main() -> None:
    """Make the projects, compute and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dealml", type=Path, help="the checkout of another build")
    given = parser.parse_args()
    with scratch() as place:
        simulate(place / "company")
        project_of(place / "demo", place / "company", "demo")
        project_of(place / "bpic2012", shared("bpic2012_loan", "BPI 2012"), "bpic2012")
        builds = {"join": ROOT, "intervals": ROOT} | ({"before": given.dealml.resolve()} if given.dealml else {})
        say({company: _compared(place, company, builds) for company in MODELS})


def _compared(place: Path, company: str, builds: Mapping[str, Path]) -> dict[str, dict[str, int]]:
    tables = {way: _tables(place / company, way, place / f"{company} {way}", root) for way, root in builds.items()}
    figures = {}
    for name in MODELS[company]:
        made = tables["intervals"][name]
        unlike = {way: differences(tables[way][name], made) for way in builds if way != "intervals"}
        for way, columns in unlike.items():
            for column, share in columns.items():
                print(f"{company} {name}: {column} differs from {way} by {share:.1e}")
        figures[name] = {"rows": len(made), "columns": made.shape[1]} | {way: len(columns) for way, columns in unlike.items()}
    return figures


if __name__ == "__main__":
    main()
