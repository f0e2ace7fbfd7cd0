"""Choosing where to compete at size: 20,000 open and 200,000 closed deals; and economics against the truth of the simulated company.

    python -m benchmarks.choosing [--economics | --size]

`--size` runs each verb on the large ledger, `--economics` that one alone and against the truth; without either, both. The large ledger
holds the simulated company many times over, each copy under ids of its own. Only the command is counted, as a user runs it; no model
is trained there, so that `qualify` has its tests alone. Against the truth, margins, hours and values are compared on the default company
as of its last Monday; P(win) is the true one on both sides, so that only what deal economics adds is measured.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
from scipy.stats import spearmanr

from benchmarks.common import Floats, day, project_of, say, scratch, show
from dealml.as_of.connection import connect
from dealml.economics import cases
from dealml.economics.ledger_tables import open_tables
from dealml.economics.settings import load_economics
from dealml.economics.survival import survival_curves
from dealml.jobs.choosing.economics import economics
from dealml.ledger.batches import Manifest, publish, writing
from dealml.ledger.fact_files import stored_facts
from dealml.ledger.ledger import Ledger
from dealml.ledger.schema import TABLES
from dealml.project import Project, make_project
from dealml.scoring.store import Sources, publishing
from dealml.simulate import simulate

OPEN, CLOSED = 20_000, 200_000
AS_OF = "2026-01-05"
MOST_SECONDS, MOST_MIB = 60, 2048
IDS = ("deal_id", "account_id", "lead_id", "contact_id", "offer_id", "subscription_id", "entry_id", "cost_id", "order_id", "ticket_id")
ONCE = ("rates", "quotas")
"""Tables of the company as a whole, which are the same in every copy."""


def enlarged(small: Ledger, folder: Path) -> dict[str, int]:
    """Write copies of a ledger as one batch: as many as give the closed deals, and further ones of the open deals alone."""
    con = duckdb.connect(config={"memory_limit": "2GB", "temp_directory": str(folder.parent)})
    for name, paths in small.files_by_table.items():
        con.execute(f"CREATE VIEW {name} AS SELECT * FROM {stored_facts(TABLES[name], paths)}")
    con.execute("CREATE TABLE ended AS SELECT deal_id FROM outcomes GROUP BY deal_id HAVING arg_max(outcome, recorded_at) <> 'reopened'")
    closed = con.execute("SELECT count(*) FROM ended").fetchone()[0]  # type: ignore[index]
    opened = con.execute("SELECT count(DISTINCT deal_id) FROM deals ANTI JOIN ended USING (deal_id)").fetchone()[0]  # type: ignore[index]
    full, further = -(-CLOSED // closed), -(-OPEN // opened)
    folder.mkdir(parents=True, exist_ok=True)
    with writing(folder):
        manifest = Manifest("c" * 64, "copies", [], number=1, imported_at=f"{AS_OF}T00:00:00+00:00")
        publish(folder, manifest, {name: _copies(con, name, full, further) for name in small.tables})
    return {"closed": closed * full, "open": opened * max(full, further)}


def _copies(con: duckdb.DuckDBPyConnection, name: str, full: int, further: int) -> pa.RecordBatchReader:
    schema = TABLES[name].schema
    columns = [f"{column} || '-' || copy AS {column}" if column in IDS else column for column in schema.names]
    copies = 1 if name in ONCE else max(full, further)
    alone = f"WHERE copy < {full}" + (" OR deal_id NOT IN (SELECT deal_id FROM ended)" if "deal_id" in schema.names else "")
    query = f"SELECT {', '.join(columns)} FROM {name}, range({copies}) r(copy) {alone}"
    reader = con.cursor().sql(query).to_arrow_reader(100_000)
    return pa.RecordBatchReader.from_batches(schema, (batch.cast(schema) for batch in reader))


def _open_ids(ledger: Ledger) -> list[str]:
    files = {name: [str(path) for path in ledger.files(name)] for name in ("deals", "outcomes")}
    query = """
        SELECT DISTINCT deal_id FROM read_parquet({deals}) ANTI JOIN (
            SELECT deal_id FROM read_parquet({outcomes}) GROUP BY deal_id
            HAVING arg_max(outcome, recorded_at) <> 'reopened') USING (deal_id)"""
    return [name for (name,) in duckdb.connect().execute(query.format(**files)).fetchall()]


def store_probabilities(project: Project, probabilities: dict[str, float], as_of: datetime, days: int = 180) -> None:
    """Store probabilities as scores of deal_win."""
    ids, digest = list(probabilities), project.ledger.digest
    same = {"model": "deal_win", "as_of": as_of, "model_digest": "m", "ledger_digest": digest, "horizon_days": days, "model_version": 1}
    same |= {"rung": "truth", "base_probability": 0.3, "margin": 0.0, "base_margin": 0.0, "reasons": []}
    values = {name: [value] * len(ids) for name, value in same.items()}
    values |= {"entity_id": ids, "probability": list(probabilities.values()), "score_id": [f"{n:016d}" for n in range(len(ids))]}
    keys = {name: values[name] for name in ("model", "entity_id", "as_of", "model_digest", "ledger_digest")}
    with publishing(project.scores_url, Sources("w", {}, digest, [])) as write:
        write(values, keys | {"features": [{}] * len(ids)})


def timed(folder: Path, *words: str) -> dict[str, float]:
    """Seconds and peak memory of a command."""
    before = time.perf_counter()
    with tempfile.TemporaryFile("w+") as out:
        child = subprocess.Popen([sys.executable, "-m", "dealml", *words, "--project", str(folder)], stdout=out, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        print(out.readline().strip())
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, words)
    return {"seconds": round(time.perf_counter() - before, 1), "peak_mib": round(usage.ru_maxrss / 1024)}


def against_truth(project: Project, truth: Path) -> dict[str, float]:
    """How close the terms come to the truth, and whether they rank deals as the true value does."""
    moment = day(AS_OF)
    chances = pd.read_parquet(truth / "truth.parquet")
    chances = chances[(chances["as_of"] == moment) & (chances["horizon_days"] == 180)].set_index("deal_id")["probability"]
    store_probabilities(project, chances.to_dict(), moment)
    table = economics(project, moment).table
    table = table[table["kind"] == "deal"].set_index("id")
    deals = pd.read_parquet(truth / "deals.parquet").set_index("deal_id").reindex(table.index)
    effort = pd.read_parquet(truth / "effort.parquet")
    effort = effort[effort["as_of"] == moment].set_index("deal_id").reindex(table.index)
    cost = sum(effort[role] * per_hour for role, per_hour in load_economics(project.folder).cost_per_hour.items())
    losing = deals["margin"] < 0
    true_stays = deals.groupby(table["segment"])["stays_12_months"].first()
    stays = stays_a_year(project, moment, list(true_stays.index))
    return {
        "deals": len(table),
        "margin_ratio": round(float(table["gross_margin"].sum() / deals["margin"].sum()), 3),
        "margin_correlation": round(float(np.corrcoef(table["gross_margin"], deals["margin"])[0, 1]), 3),
        "losing_named": round(float((table.loc[losing, "gross_margin"] < 0).mean()), 3),
        "losing": int(losing.sum()),
        "losing_false": int(((table["gross_margin"] < 0) & ~losing).sum()),
        "stays_off_by_at_most": round(float(np.abs(stays - true_stays.to_numpy()).max()), 3),
        "effort_ratio": round(float(table["cost_to_pursue"].sum() / cost.sum()), 3),
        "effort_rank_correlation": round(float(spearmanr(table["cost_to_pursue"], cost).statistic), 3),
    }


def stays_a_year(project: Project, moment: datetime, segments: list[str]) -> Floats:
    """The chance of a new customer of each segment to be one still after the first renewal."""
    con, settings = connect(), load_economics(project.folder)
    open_tables(con, project.ledger, moment, project.settings.company.currency)
    cases.make_customers(con, moment)
    wanted = pd.DataFrame({"segment": segments})
    curves = survival_curves(cases.customers(con, moment), wanted, ("segment",), settings.look_alikes)
    assert curves is not None  # the company has customers who left
    return curves.stays(np.full(len(segments), 12.0), np.zeros(len(segments)))


VERBS = ("scenarios", "qualify", "economics", "check-commitments")


def measure(verbs: Sequence[str], against: bool) -> None:
    """Print the figures of verbs at size, and those of deal economics against the truth."""
    with scratch() as folder:
        simulate(folder / "company")
        project = project_of(folder / "project", folder / "company" / "export", "demo")
        truth = against_truth(project, folder / "company" / "truth") if against else {}
        make_project(folder / "large")
        counts = enlarged(project.ledger, folder / "large" / "ledger")
        large = Project(folder / "large")
        store_probabilities(large, dict.fromkeys(_open_ids(large.ledger), 0.3), day(AS_OF))
        figures = {verb: timed(large.folder, verb, "--as-of", AS_OF) for verb in verbs}
    if truth:
        show("economics: the terms against the truth", {"open deals": truth})
    title = f"{counts['open']:,} open and {counts['closed']:,} closed deals (targets of each: {MOST_SECONDS} s, {MOST_MIB} MiB)"
    show(title, {f"dealml {verb}": figure for verb, figure in figures.items()})
    met = all(figure["seconds"] <= MOST_SECONDS and figure["peak_mib"] <= MOST_MIB for figure in figures.values())
    say({"benchmark": "choosing", **truth, **counts, **figures, "met": bool(met)})


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.choosing", description=__doc__)
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--economics", action="store_true", help="deal economics alone, against the truth and at size")
    only.add_argument("--size", action="store_true", help="all verbs at size, without the truth")
    given = parser.parse_args()
    measure(("economics",) if given.economics else VERBS, against=not given.size)


if __name__ == "__main__":
    main()
