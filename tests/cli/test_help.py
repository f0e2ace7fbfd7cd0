"""Help is quick, because nothing heavy is loaded for it."""

from __future__ import annotations

import os
import subprocess
import sys

HEAVY = ("pandas", "numpy", "lightgbm", "mlflow", "ibis", "duckdb", "prefect", "matplotlib", "sklearn", "scipy", "pyarrow", "sqlalchemy")
SCRIPT = f"""
import sys
from dealml.cli import main
try:
    main(["--help"])
except SystemExit as stopped:
    assert stopped.code == 0
print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)
"""


def test_help_takes_less_than_half_a_second() -> None:
    """Seconds of the processor: what the command waits for other tests on the same machine is not its own time."""
    took = []
    for _ in range(5):
        before = os.times()
        subprocess.run([sys.executable, "-m", "dealml", "--help"], check=True, capture_output=True)
        after = os.times()
        took.append(after.children_user + after.children_system - before.children_user - before.children_system)
    assert min(took) < 0.5


def test_help_loads_nothing_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], check=True, capture_output=True, text=True)
    assert done.stderr.strip() == "[]"
