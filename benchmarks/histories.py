"""Features of long histories: daily usage facts of accounts and weekly snapshots, DuckDB held to 1 GB and 2 threads.

    python -m benchmarks.histories ACCOUNTS DAYS [--dealml CHECKOUT] [--keep FOLDER]

The number of facts is ACCOUNTS × DAYS, so that few accounts with long histories and many with short ones are equal work for whoever
looks at each fact once. The last line is JSON; its CPU seconds and peak memory are those of a process that computes the features, once for
this checkout and once for each that `--dealml` names. Making up the data is not counted. With --keep the tables stay there, to be compared.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa

from dealml.ledger.batches import Manifest, digest_of, publish
from dealml.ledger.fact_table import TYPES
from dealml.ledger.schema import TABLES

if TYPE_CHECKING:
    from dealml.features.definition import Feature

ROOT = Path(__file__).parents[1]

_FACTS = """SELECT 'a' || a AS account_id, ['logins', 'seats', 'actions'][(1 + hash(a, d, 1) % 3)::BIGINT] AS metric,
                   (hash(a, d) % 100)::DOUBLE AS quantity, (hash(a, d, 3) % 40)::DOUBLE AS users,
                   TIMESTAMPTZ '2018-01-01 00:00:00+00' + to_days(d::INTEGER) AS occurred_at,
                   occurred_at + to_hours((hash(a, d, 2) % 48)::INTEGER) AS recorded_at
            FROM range({accounts}) t(a), range({days}) s(d)"""
_STARTS = """SELECT 'a' || a AS account_id, 's' || a AS subscription_id, 'start' AS event,
                    (1000 * (1 + hash(a) % 9))::DECIMAL(18, 4) AS arr, 10 AS seats,
                    TIMESTAMPTZ '2018-01-01 00:00:00+00' AS occurred_at, occurred_at AS recorded_at
             FROM range({accounts}) t(a)"""
_SNAPSHOTS = """SELECT 'a' || a AS account_id, TIMESTAMPTZ '2018-01-08 00:00:00+00' + to_days((7 * w)::INTEGER) AS as_of, as_of AS known_by
                FROM range({accounts}) t(a), range({weeks}) s(w)"""


def make(folder: Path, accounts: int, days: int) -> None:
    """Write a ledger of made-up usage and subscriptions, and the snapshots to compute."""
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    (folder / "ledger").mkdir(parents=True)
    tables = {
        name: _canonical(name, con.sql(rows.format(accounts=accounts, days=days)).to_arrow_table())
        for name, rows in (("usage", _FACTS), ("subscriptions", _STARTS))
    }
    publish(folder / "ledger", Manifest(digest_of("histories", f"{accounts} {days}"), "made up", []), tables)
    con.sql(_SNAPSHOTS.format(accounts=accounts, weeks=days // 7)).write_parquet(str(folder / "snapshots.parquet"))


def _canonical(name: str, rows: pa.Table) -> pa.Table:
    kinds = [(c.name, TYPES[c.type]) for c in TABLES[name].columns]
    columns = [rows[column].cast(kind) if column in rows.column_names else pa.nulls(rows.num_rows, kind) for column, kind in kinds]
    return pa.table(columns, schema=TABLES[name].schema)


def compute(folder: Path, out: Path) -> None:
    """Compute the features of the usage, as a model's training does; print what it took."""
    import resource

    import pyarrow.parquet as pq

    from dealml.as_of.connection import connect
    from dealml.as_of.known_tables import known_tables
    from dealml.features.engine import Engine
    from dealml.features.plan import plan
    from dealml.ledger.ledger import Ledger

    started = time.monotonic()
    con = connect()
    tables = known_tables(con, Ledger(folder / "ledger"))
    planned = plan(_definitions(), "account_id", tables)
    snapshots = con.read_parquet(str(folder / "snapshots.parquet"))
    out.mkdir(exist_ok=True)
    rows = 0
    for number, batch in enumerate(Engine(con, tables, planned, "account_id").compute(snapshots)):
        pq.write_table(batch, out / f"{number}.parquet")
        rows += batch.num_rows
    used = resource.getrusage(resource.RUSAGE_SELF)
    figures = {
        "cpu": round(used.ru_utime + used.ru_stime, 1),
        "wall": round(time.monotonic() - started, 1),
        "gib": round(used.ru_maxrss / 2**20, 2),
        "facts": con.raw_sql('SELECT count(*) FROM "raw_usage"').fetchone()[0],
        "snapshots": rows,
        "features": sum(feature.served for feature in planned.features),
    }
    print(json.dumps(figures))


def _definitions() -> tuple[Feature, ...]:
    from dealml.features.definition import features_in
    from features import account, adoption, purchases, satisfaction, subscription, support, usage

    return features_in(account, usage, subscription, satisfaction, support, adoption, purchases)


def measured(folder: Path, checkout: Path) -> dict[str, float]:
    """What a checkout takes, in a process of its own."""
    out = folder / f"features of {checkout.name}"
    command = [sys.executable, "-P", __file__, "--compute", str(folder), "--out", str(out)]
    paths = os.pathsep.join([str(checkout / "src"), str(checkout)])
    child = subprocess.run(command, env=os.environ | {"PYTHONPATH": paths}, check=True, stdout=subprocess.PIPE, text=True, cwd=checkout)
    figures: dict[str, float] = json.loads(child.stdout.splitlines()[-1])
    return figures


def main() -> None:
    """Make up the data, then measure processes that compute on it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("accounts", type=int, nargs="?", default=250)
    parser.add_argument("days", type=int, nargs="?", default=2920)
    parser.add_argument("--dealml", type=Path, action="append", default=[], help="another checkout to measure in the same run")
    parser.add_argument("--keep", type=Path, help="a folder for the data, kept and used again")
    parser.add_argument("--compute", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.compute:
        compute(given.compute, given.out)
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = (given.keep or Path(scratch) / "data").resolve()
        if not folder.exists():
            make(folder, given.accounts, given.days)
        others = {checkout.name: measured(folder, checkout.resolve()) for checkout in given.dealml}
        for name, figures in others.items():
            print(name, json.dumps(figures))
        print(json.dumps(measured(folder, ROOT) | ({"others": others} if others else {})))


if __name__ == "__main__":
    main()
