"""Importing at size: rows a second and peak memory, beside pandas that reads the same CSV files and writes Parquet.

    python -m benchmarks.importing [--rows 5000000] [--export FOLDER --mapping FILE] [--dealml PATH ...] [--repeat 1]

Each contender runs in a process of its own, in turns, `--repeat` times; the medians are printed. `--dealml` gives the
root of another checkout to compare builds in the same run. Without `--export` there are two sets: the export of the
default simulated company, and `--rows` rows of deals, their history and activities; making them is not counted.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).parents[1]
MAPPING = """dealml: 1
extracted_at: 2026-01-05
extracts:
  - file: deals.csv
    into: deals
    columns: {deal_id: id, account_id: account, occurred_at: created, recorded_at: created}
    attributes: {segment: segment, amount: {column: amount, type: amount}}
  - file: history.csv
    into: deal_changes
    columns: {deal_id: deal, occurred_at: at, recorded_at: at}
    attributes: {stage: {column: stage, order: [Discovery, Evaluation, Proposal, Negotiation]}}
  - file: activities.csv
    into: activities
    columns: {deal_id: deal, activity: kind, minutes: minutes, occurred_at: at, recorded_at: at}
"""
_AT = "strftime(TIMESTAMP '2023-01-02' + to_seconds(CAST(hash(i, {salt}) % 90000000 AS BIGINT)), '%Y-%m-%dT%H:%M:%SZ')"
_STAGES, _KINDS, _SEGMENTS = (
    "['Discovery', 'Evaluation', 'Proposal', 'Negotiation']",
    "['meeting', 'call', 'email']",
    "['SMB', 'Mid', 'Large']",
)
_FILES = {
    "deals": (
        1,
        f"'d' || i AS id, 'a' || i % 9973 AS account, {_SEGMENTS}[1 + i % 3] AS segment, hash(i, 1) % 100000 AS amount",
        "created",
    ),
    "history": (4, f"'d' || i % {{deals}} AS deal, {_STAGES}[1 + CAST(hash(i, 2) % 4 AS INTEGER)] AS stage", "at"),
    "activities": (
        5,
        f"'d' || i % {{deals}} AS deal, {_KINDS}[1 + CAST(hash(i, 3) % 3 AS INTEGER)] AS kind, hash(i, 4) % 60 AS minutes",
        "at",
    ),
}
"""file: its tenths of the rows, its columns, the column of its clock"""


def make(folder: Path, rows: int) -> None:
    """Write an export of so many rows, and its mapping."""
    import duckdb

    (folder / "export").mkdir(parents=True)
    (folder / "mapping.yaml").write_text(MAPPING)
    con = duckdb.connect()
    for number, (name, (part, columns, clock)) in enumerate(_FILES.items()):
        columns = columns.format(deals=max(rows // 10, 1))
        query = f"SELECT {columns}, {_AT.format(salt=number)} AS {clock} FROM range({rows * part // 10}) t(i)"
        con.sql(query).write_csv(str(folder / "export" / f"{name}.csv"))


def take_in(export: Path, mapping: Path, folder: Path) -> int:
    """Import an export with the dealml that is on the path; the number of rows read."""
    from importlib import import_module

    from dealml.ledger.ledger import Ledger

    try:
        module = import_module("dealml.importing.import_source")
    except ModuleNotFoundError:  # builds before dealml.importing
        module = import_module("dealml.ledger.importing")
    return int(module.import_source(export, mapping, Ledger(folder / "ledger")).total("rows_in"))


def read_and_write(export: Path, mapping: Path, folder: Path) -> int:
    """Read each CSV file with pandas and write it as Parquet; the number of rows read."""
    import pandas as pd

    rows = 0
    for path in sorted(export.glob("*.csv")):
        table = pd.read_csv(path, low_memory=False)
        table.to_parquet(folder / f"{path.stem}.parquet")
        rows += len(table)
    return rows


CONTENDERS = {"dealml": take_in, "pandas": read_and_write}


def measure(contender: str, export: Path, mapping: Path) -> None:
    """Run a contender in this process and print what it took."""
    import resource

    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        rows = CONTENDERS[contender](export, mapping, Path(folder))
        wall = time.perf_counter() - started
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps({"rows": rows, "wall_seconds": wall, "cpu_seconds": used.ru_utime + used.ru_stime, "peak_gib": peak_kib() / 2**20}))


def peak_kib() -> int:
    """The most memory that this process has had; Linux counts in `ru_maxrss` what the process had that started it."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0])


def run(contender: str, root: Path, export: Path, mapping: Path) -> dict[str, Any]:
    """Measure a contender in a process of its own, with the dealml of a checkout."""
    child = subprocess.run(
        [sys.executable, "-P", __file__, "--measure", contender, "--export", str(export), "--mapping", str(mapping)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join([str(root / "src"), str(root)])},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    measured: dict[str, Any] = json.loads(child.stdout.splitlines()[-1])
    return measured


def compare(export: Path, mapping: Path, roots: list[Path], repeat: int) -> dict[str, dict[str, float]]:
    """Medians of each contender's runs, which take turns so that the machine's other work falls on all alike."""
    contenders = {"pandas": ("pandas", HERE), "dealml": ("dealml", HERE)} | {f"dealml of {root}": ("dealml", root) for root in roots}
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in contenders}
    for _ in range(repeat):
        for name, (contender, root) in contenders.items():
            runs[name].append(run(contender, root, export, mapping))
    return {name: _medians(measured) for name, measured in runs.items()}


def _medians(runs: list[dict[str, Any]]) -> dict[str, float]:
    medians = {key: round(statistics.median(r[key] for r in runs), 2) for key in runs[0]}
    return medians | {"rows_a_second": round(medians["rows"] / medians["wall_seconds"])}


def sets(folder: Path, given: argparse.Namespace) -> dict[str, tuple[Path, Path]]:
    """The exports to import, each with its mapping, by name."""
    if given.export:
        return {"the export": (given.export, given.mapping)}
    from dealml.simulate import simulate

    simulate(folder / "company")
    make(folder / "made", given.rows)
    return {
        "default company": (folder / "company" / "export", HERE / "examples" / "demo" / "mapping.yaml"),
        f"{given.rows:,} made-up rows": (folder / "made" / "export", folder / "made" / "mapping.yaml"),
    }


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=5_000_000)
    parser.add_argument("--export", type=Path)
    parser.add_argument("--mapping", type=Path)
    parser.add_argument("--dealml", type=Path, action="append", default=[], help="the root of another checkout to compare with")
    parser.add_argument("--repeat", type=int, default=1)
    parser.add_argument("--measure", choices=CONTENDERS, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if (given.export is None) != (given.mapping is None):
        parser.error("--export and --mapping go together")
    return given


def main() -> None:
    """Make the exports unless one is given, and compare."""
    given = arguments()
    if given.measure:
        measure(given.measure, given.export, given.mapping)
        return
    from benchmarks.common import say, scratch, show

    results = {}
    with scratch() as folder:
        for name, (export, mapping) in sets(folder, given).items():
            results[name] = compare(export, mapping, given.dealml, given.repeat)
            show(f"importing: {name}", results[name])
    say({"benchmark": "importing", **results})


if __name__ == "__main__":
    main()
