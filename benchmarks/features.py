"""Features at size: 200,000 deals, 3,000,000 facts, 640,000 snapshots, DuckDB held to 1 GB and 2 threads.

    python benchmarks/features.py [--deals 200000] [--keep FOLDER]

Prints one line of JSON. The feature table is written to Parquet batch by batch in a process of its own, whose
CPU seconds (user and system) and peak memory are what is reported; making up the data is not counted.
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

import duckdb

from dealml.ledger.batches import Manifest, digest_of, publish
from dealml.ledger.fact_table import TYPES
from dealml.ledger.schema import TABLES

LIFE = 120
"""Days over which a deal's facts happen."""

DEAL_FILES = """segment trigger problem competition champion stakeholders milestones stage timing activity touchpoints economics
                commitments history owner"""

# r(n, i): the n-th pseudo-random share, 0 to 1, of row i. Hashes, so that every run makes the same rows.
_MACROS = """
    CREATE MACRO r(n, i) AS (hash(n * 1000003 + 7, i) % 1000003) / 1000003.0;
    CREATE MACRO among(list, n, i) AS list[1 + CAST(floor(r(n, i) * len(list)) AS INTEGER)];
    CREATE MACRO created(d) AS TIMESTAMPTZ '2023-01-02 08:00:00+00' + to_seconds(CAST(r(1, d) * 900 * 86400 AS BIGINT));
    CREATE MACRO within(n, i, d) AS created(d) + to_seconds(CAST(r(n, i) * {life} * 86400 AS BIGINT));
    CREATE MACRO delay(i) AS to_seconds(CAST(CASE WHEN r(98, i) < 0.06 THEN r(99, i) * 20 * 86400 ELSE r(99, i) * 7200 END AS BIGINT));
"""

# table: rows for each deal, its own columns
_ROWS = {
    "deals": (1, """'a' || CAST(floor(r(2, i) * {deals} / 5) AS BIGINT) AS account_id"""),
    "deal_changes": (
        3,
        """
        among(['stage', 'stage', 'stage', 'amount', 'close_date', 'owner', 'segment', 'industry', 'problem', 'trigger',
               'competitor', 'source', 'currency'], 3, i) AS field,
        CASE field WHEN 'stage' THEN among(['Discovery', 'Evaluation', 'Proposal', 'Negotiation'], 4, i)
                   WHEN 'amount' THEN NULL WHEN 'close_date' THEN NULL WHEN 'currency' THEN among(['EUR', 'USD', 'PLN'], 4, i)
                   ELSE field || CAST(floor(r(4, i) * 6) AS BIGINT) END AS "text",
        CASE field WHEN 'stage' THEN floor(r(4, i) * 4) + 1 END AS number,
        CASE field WHEN 'amount' THEN floor(r(5, i) * 1e5) END AS amount,
        CASE field WHEN 'close_date' THEN created(d) + to_days(CAST(30 + r(5, i) * 120 AS INTEGER)) END AS moment""",
    ),
    "milestones": (
        0.75,
        """
        among(['problem_confirmed', 'criteria_agreed', 'stakeholders_known', 'budget_set', 'timeline_set'], 3, i) AS milestone""",
    ),
    "stakeholders": (
        0.75,
        """
        'c' || CAST(floor(r(3, i) * 4) AS BIGINT) AS contact_id, CAST(floor(r(5, i) * 5) AS BIGINT) AS engagement,
        among(['champion', 'economic_buyer', 'executive', 'user', 'technical'], 4, i) AS "role" """,
    ),
    "activities": (
        10,
        """
        'c' || CAST(floor(r(3, i) * 4) AS BIGINT) AS contact_id,
        among(['meeting', 'call', 'call', 'email', 'email', 'demo'], 4, i) AS activity,
        among(['in', 'out'], 5, i) AS direction, among(['web', 'phone', 'mail'], 6, i) AS channel,
        CASE WHEN r(7, i) < 0.1 THEN among(['guide', 'tour', 'case'], 8, i) END AS asset,
        'person ' || CAST(floor(r(9, i) * 40) AS BIGINT) AS person, floor(r(10, i) * 60) AS minutes""",
    ),
    "offers": (
        0.5,
        """
        among(['created', 'sent', 'returned'], 3, i) AS event, floor(r(4, i) * 1e5) AS price, r(5, i) * 0.4 AS discount,
        r(6, i) * 0.5 AS customisation, floor(r(7, i) * 1e4) AS services,
        r(8, i) < 0.2 AS timeline_promise, r(9, i) < 0.1 AS roadmap_promise""",
    ),
    "outcomes": (0.8, """CASE WHEN r(3, i) < 0.3 THEN 'won' ELSE 'lost' END AS outcome"""),
}
_RATES = """SELECT c AS currency, 0.2 + r(1, m) AS rate,
                   TIMESTAMPTZ '2022-12-01 06:00:00+00' + to_months(CAST(m AS INTEGER)) AS occurred_at,
                   occurred_at AS recorded_at
            FROM unnest(['EUR', 'USD', 'PLN']) t(c), range(40) s(m)"""
_SNAPSHOTS = """SELECT 'd' || d AS deal_id, 'a' || CAST(floor(r(2, d) * {deals} / 5) AS BIGINT) AS account_id,
                       date_trunc('week', created(d)) + to_days(7 * CAST(1 + w * 4 + floor(r(20, d) * 4) AS INTEGER)) AS as_of,
                       as_of AS known_by
                FROM range({deals}) t(d), range(4) s(w) WHERE w < 3 OR r(21, d) < 0.2"""


def make(folder: Path, deals: int) -> dict[str, int]:
    """Write a ledger of made-up deals, and the snapshots to compute."""
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    con.execute(_MACROS.format(life=LIFE))
    tables = {}
    for name, (each, own) in _ROWS.items():
        occurred = {"deals": "created(d)", "outcomes": f"created(d) + to_days({LIFE})"}.get(name, "within(11, i, d)")
        rows = con.sql(f"""SELECT 'd' || d AS deal_id, {own.format(deals=deals)}, {occurred} AS occurred_at,
                                  occurred_at + delay(i) AS recorded_at
                           FROM (SELECT i, i % {deals} AS d FROM range({int(each * deals)}) t(i))""")
        tables[name] = _canonical(name, rows)
    tables["rates"] = _canonical("rates", con.sql(_RATES))
    (folder / "ledger").mkdir(parents=True)
    publish(folder / "ledger", Manifest(digest_of("benchmark", str(deals)), "made up", []), tables)
    con.sql(_SNAPSHOTS.format(deals=deals)).write_parquet(str(folder / "snapshots.parquet"))
    snapshots = con.sql(f"SELECT count(*) FROM '{folder}/snapshots.parquet'").fetchall()[0][0]
    return {"deals": deals, "facts": sum(table.num_rows for table in tables.values()), "snapshots": int(snapshots)}


def _canonical(name: str, rows: duckdb.DuckDBPyRelation):  # type: ignore[no-untyped-def]
    import pyarrow as pa

    table = rows.to_arrow_table()
    columns = [
        table[c.name].cast(TYPES[c.type]) if c.name in table.column_names else pa.nulls(table.num_rows, TYPES[c.type])
        for c in TABLES[name].columns
    ]
    return pa.table(columns, schema=TABLES[name].schema)


def compute(folder: Path) -> None:
    """Compute every deal feature, as a model's training does; print what it took."""
    import resource

    import pyarrow.parquet as pq

    from dealml.as_of.connection import connect
    from dealml.as_of.known_tables import known_tables
    from dealml.features.definition import features_in
    from dealml.features.engine import Engine
    from dealml.features.plan import plan
    from dealml.ledger.ledger import Ledger

    started = time.monotonic()
    con = connect()
    tables = known_tables(con, Ledger(folder / "ledger"))
    planned = plan(features_in(*_deal_modules()), "deal_id", tables)
    snapshots = con.read_parquet(str(folder / "snapshots.parquet"))
    (folder / "features").mkdir(exist_ok=True)
    rows = 0
    for number, batch in enumerate(Engine(con, tables, planned, "deal_id").compute(snapshots)):
        pq.write_table(batch, folder / "features" / f"{number}.parquet")
        rows += batch.num_rows
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(
        json.dumps(
            {
                "rows": rows,
                "features": len(planned.features),
                "served": sum(f.served for f in planned.features),
                "absent": len(planned.absent),
                "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
                "wall_seconds": round(time.monotonic() - started, 1),
                "peak_gib": round(used.ru_maxrss / 2**20, 2),
            }
        )
    )


def _deal_modules():  # type: ignore[no-untyped-def]
    from importlib import import_module

    return [import_module(f"features.{name}") for name in DEAL_FILES.split()]


def main() -> None:
    """Make up the data, then measure a process that computes on it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--deals", type=int, default=200_000)
    parser.add_argument("--keep", type=Path, help="a folder for the data, kept and used again")
    parser.add_argument("--compute", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.compute:
        compute(given.compute)
        return
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.keep or Path(scratch) / "data"
        size = {} if folder.exists() else make(folder, given.deals)
        paths = os.pathsep.join(["src", "."])
        child = subprocess.run(
            [sys.executable, "-P", __file__, "--compute", str(folder)],
            env=os.environ | {"PYTHONPATH": paths},
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        print(json.dumps(size | json.loads(child.stdout.splitlines()[-1])))


if __name__ == "__main__":
    main()
