"""500,000 open leads with five million touches, written as a ledger, and scored by the command: seconds and peak memory.

The model is trained on the default simulated company; the large leads are made up in its words (attributes and kinds of touches drawn from
its facts) and stand beside its own in one ledger. Only scoring is counted: the command as a user runs it, database writing included.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pyarrow as pa

from benchmarks.common import day, project_of, say, scratch, show
from dealml.jobs.modelling.train import train
from dealml.ledger.batches import Manifest, publish, writing
from dealml.ledger.schema import TABLES
from dealml.project import Project
from dealml.simulate import simulate

LEADS, TOUCHES = 500_000, 5_000_000
AS_OF = "2026-01-05"
DAYS = 170
"""The leads came in over these many days before the moment; each was touched since."""
MOST_SECONDS, MOST_MIB = 300, 2048

_AT = f"TIMESTAMPTZ '{AS_OF} 00:00:00+00' - to_seconds(CAST({{}} AS BIGINT)) AS occurred_at"
_CREATED = f"(60 + hash(lead, 1) % ({DAYS} * 86400 - 60))"
"""Seconds before the moment at which a lead came in."""
_LEADS = f"""
    SELECT 'big' || lead AS lead_id, 'created' AS event, source, segment, team, {_AT.format(_CREATED)}
    FROM (SELECT i AS lead, CAST(hash(i, 2) % {{kinds}} AS BIGINT) AS place FROM range({LEADS}) t(i)) JOIN kinds USING (place)
    UNION ALL
    SELECT 'big' || lead, 'qualified', NULL, NULL, NULL, {_AT.format(f"{_CREATED} // 2")}
    FROM range({LEADS}) t(lead) WHERE hash(lead, 3) % 2 = 0"""
_CHANGES = f"""
    SELECT 'big' || lead AS lead_id, field, text, number, {_AT.format(_CREATED)}
    FROM (SELECT i AS lead, CAST(hash(i, 4) % {{persons}} AS BIGINT) AS place FROM range({LEADS}) t(i))
    JOIN persons USING (place) JOIN changes USING (lead_id)"""
_TOUCHES = f"""
    SELECT 'big' || lead AS lead_id, activity, direction, channel, asset, {_AT.format(f"(1 + hash(touch, 5) % {_CREATED})")},
           touch AS sequence
    FROM (SELECT j AS touch, j % {LEADS} AS lead, CAST(hash(j, 6) % {{touched}} AS BIGINT) AS place FROM range({TOUCHES}) t(j))
    JOIN touched USING (place)"""
_SAMPLES = {
    "kinds": "SELECT source, segment, team, row_number() OVER () - 1 AS place FROM leads WHERE event = 'created'",
    "persons": "SELECT lead_id, row_number() OVER () - 1 AS place FROM (SELECT DISTINCT lead_id FROM leads)",
    "changes": """
        SELECT lead_id, field, arg_min(text, recorded_at) AS text, arg_min(number, recorded_at) AS number FROM lead_changes GROUP BY ALL""",
    "touched": """
        SELECT activity, direction, channel, asset, row_number() OVER () - 1 AS place FROM activities WHERE lead_id IS NOT NULL""",
}


def enlarge(project: Project) -> None:
    """Write the large leads as a batch of the ledger."""
    con = duckdb.connect(config={"memory_limit": "1GB"})
    for name in ("leads", "lead_changes", "activities"):
        con.read_parquet([str(path) for path in project.ledger.files(name)], union_by_name=True).create_view(name)
    for name, query in _SAMPLES.items():
        con.execute(f"CREATE TABLE {name} AS {query}")
    counts = {name: len(con.table(name)) for name in _SAMPLES}
    made = {"leads": _LEADS, "lead_changes": _CHANGES, "activities": _TOUCHES}
    with writing(project.ledger.folder):
        manifest = Manifest("b" * 64, "made up", [], number=2, imported_at=f"{AS_OF}T00:00:00+00:00")
        publish(project.ledger.folder, manifest, {name: _batches(con, name, query.format(**counts)) for name, query in made.items()})


def _batches(con: duckdb.DuckDBPyConnection, name: str, query: str) -> pa.RecordBatchReader:
    """A query's rows with all columns of a fact table; facts are recorded when they occur."""
    columns = [row[0] for row in con.execute(f"DESCRIBE {query}").fetchall()]
    schema = TABLES[name].schema
    given = {column: column for column in columns} | {"recorded_at": "occurred_at"}
    select = ", ".join(f"{given.get(field.name, 'NULL')} AS {field.name}" for field in schema)
    reader = con.cursor().sql(f"SELECT {select} FROM ({query})").to_arrow_reader(100_000)
    return pa.RecordBatchReader.from_batches(schema, (batch.cast(schema) for batch in reader))


def size() -> None:
    """Train, enlarge the ledger, score."""
    with scratch() as folder:
        simulate(folder / "company")
        project = project_of(folder / "project", folder / "company" / "export", "demo")
        train(project, "lead_conversion", day(AS_OF))
        enlarge(project)
        found = timed(project.folder)
    show(f"leads: {LEADS:,} leads with {TOUCHES:,} touches (targets: {MOST_SECONDS} s, {MOST_MIB} MiB)", {"dealml score": found})
    met = found["seconds"] <= MOST_SECONDS and found["peak_mib"] <= MOST_MIB and found["rows"] >= LEADS
    say({"benchmark": "leads_size", **found, "met": bool(met)})


def timed(folder: Path) -> dict[str, float]:
    """Seconds and peak memory of the command."""
    before = time.perf_counter()
    command = [sys.executable, "-m", "dealml", "score", "lead_conversion", "--as-of", AS_OF, "--project", str(folder), "--json"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    took = time.perf_counter() - before
    report = json.loads(done.stdout)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {"rows": report.get("rows", 0), "seconds": round(took, 1), "peak_mib": round(peak)}
