"""Help is quick, because nothing heavy is loaded for it."""

from __future__ import annotations

import subprocess
import sys
import time
from statistics import median

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
    took = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "dealml", "--help"], check=True, capture_output=True)
        took.append(time.perf_counter() - start)
    assert median(took) < 0.5


def test_help_loads_nothing_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], check=True, capture_output=True, text=True)
    assert done.stderr.strip() == "[]"
