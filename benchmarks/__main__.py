"""Every benchmark, one after the other, each in a process of its own; writes nothing.

python -m benchmarks
"""

from __future__ import annotations

import subprocess
import sys

from benchmarks.common import ROOT

NAMES = (
    "speed",
    "importing",
    "features",
    "histories",
    "whole_tables",
    "page",
    "review",
    "explaining",
    "truth",
    "leads",
    "choosing",
    "drivers",
    "bpic2012",
    "online_retail",
    "timing",
    "quality",
    "ladder",
    "forecast",
    "gates",
    "judgement",
    "leaks",
    "leaks_real",
)


def main() -> None:
    failed = [name for name in NAMES if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=ROOT).returncode]
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
