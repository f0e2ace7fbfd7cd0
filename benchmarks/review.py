"""The whole of `dealml review` over a large pipeline: features at two dates, forecast, what changed, metrics, renewals, and the page.

    python -m benchmarks.review [DEALS]

A simulated company of so many deals (default 250,000, which leaves some 20,000 open and 14.6 million facts; half an hour to make). The
models learned from a company of the same kind with 6,000 deals: what takes the time is asked of the large ledger all the same.
"""

from __future__ import annotations

import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.common import ROOT, project_of, say, scratch, show
from dealml.importing.import_source import import_source
from dealml.jobs.modelling.train import train
from dealml.project import Project
from dealml.simulate import simulate

DEALS, CUSTOMERS, SMALL = 250_000, 8_000, (6_000, 800)
LAST, NOW = "2025-11-03", "2025-12-15"
MEMORY = ("1GB", "4GB")
"""Of the feature engine; the first is the setting's default."""
TARGET_SECONDS = 60


def company(folder: Path, deals: int) -> Project:
    """A project with models of a small company and the ledger of a large one."""
    simulate(folder / "small", deals=SMALL[0], customers=SMALL[1])
    project = project_of(folder / "project", folder / "small" / "export", "demo")
    for name in ("account_churn", "deal_loss", "deal_win"):
        train(project, name)
    shutil.rmtree(project.ledger.folder)
    simulate(folder / "large", deals=deals, customers=max(CUSTOMERS * deals // DEALS, 100))
    import_source(folder / "large" / "export", ROOT / "examples" / "demo" / "mapping.yaml", project.ledger)
    return project


def timed(project: Project, memory: str) -> dict[str, object]:
    """One run of the command, in a process of its own."""
    out = project.folder / "review.html"
    words = ["review", "--project", str(project.folder), "--from", LAST, "--to", NOW, "--out", str(out), "--json"]
    (project.folder / "dealml.toml").write_text(f'[machine]\nmemory = "{memory}"\n', encoding="utf-8")
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, "-m", "dealml", *words], check=True, capture_output=True)
    spent, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"seconds": round(spent, 1), "cpu_seconds": round(cpu, 1), "page_mb": round(out.stat().st_size / 1e6, 1)}


def main() -> None:
    deals = int(sys.argv[1]) if len(sys.argv) > 1 else DEALS
    with scratch() as folder:
        project = company(folder, deals)
        found = {f"memory {memory}": timed(project, memory) for memory in MEMORY}
    show(f"dealml review, {deals:,} deals on record (target: under {TARGET_SECONDS} s)", found)
    met = all(float(str(one["seconds"])) < TARGET_SECONDS for one in found.values())
    say({"benchmark": "review", "deals": deals, "found": found, "met": met})


if __name__ == "__main__":
    main()
