"""AutoGluon as a rival: an ensemble of boosting by three libraries and forests, in an environment of its own.

It needs an older pandas than dealml, so the rows go there and back as Parquet. The environment is made once, from `autogluon.lock`, in
the user's cache.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
from filelock import FileLock

HERE = Path(__file__).parent
LOCK = HERE / "autogluon.lock"
SECONDS = 180
"""The time that AutoGluon is given for a task; it uses it up."""

Floats = npt.NDArray[np.float64]


def environment() -> Path:
    """The interpreter of AutoGluon's environment, which is made where it is missing."""
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "dealml-benchmarks"
    folder = cache / f"autogluon-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:12]}"
    python, stamp = folder / "bin" / "python", folder / "complete"
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{folder}.lock"):
        if not stamp.exists():
            subprocess.run([sys.executable, "-m", "venv", "--without-pip", "--clear", str(folder)], check=True)
            install = ["pip", "install", "--quiet", "--python", str(python), "--no-deps", "--require-hashes", "-r", str(LOCK)]
            subprocess.run([sys.executable, "-m", "uv", *install], check=True)
            stamp.touch()
    return python


def chances(earlier: Floats, won: Floats, later: Floats, texts: list[int], threads: int, seconds: int = SECONDS) -> Floats:
    """AutoGluon's probabilities of later rows.

    Parameters
    ----------
    earlier, later : arrays (n, features), (m, features)
        Encoded features; nan where missing.
    won : array (n,)
        The outcomes of the earlier rows, 0 or 1.
    texts
        The columns that are codes of texts.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = [folder / f"{part}.parquet" for part in ("earlier", "later", "out")]
        _frame(earlier, texts).assign(won=won.astype(int)).to_parquet(files[0])
        _frame(later, texts).to_parquet(files[1])
        arguments = [*map(str, files), str(seconds), str(threads)]
        variables = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        subprocess.run(
            [str(environment()), str(HERE / "autogluon_fit.py"), *arguments], check=True, env=variables, stdout=subprocess.DEVNULL
        )
        return pd.read_parquet(files[2])["p"].to_numpy(np.float64)


def _frame(matrix: Floats, texts: list[int]) -> pd.DataFrame:
    columns = {f"f{place}": matrix[:, place] for place in range(matrix.shape[1])}
    return pd.DataFrame({name: _as_text(values) if int(name[1:]) in texts else values for name, values in columns.items()})


def _as_text(codes: Floats) -> pd.Series:
    """Codes as texts; a missing one stays missing."""
    return pd.Series(codes).map(lambda code: None if np.isnan(code) else f"c{code:g}")
