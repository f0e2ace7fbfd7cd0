"""Prefect's settings: ours where nobody chose others."""

import os
import subprocess
import sys

from pipelines.environment import DEFAULTS
from scripts.house import ROOT

NAME = "PREFECT_SERVER_ANALYTICS_ENABLED"


def set_by_import(environment: dict[str, str]) -> str:
    script = f"import os, pipelines.environment; print(os.environ[{NAME!r}])"
    return subprocess.run(
        [sys.executable, "-c", script], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()


def test_a_default_where_nobody_chose() -> None:
    assert set_by_import({name: value for name, value in os.environ.items() if name != NAME}) == DEFAULTS[NAME]


def test_another_choice_stays() -> None:
    assert set_by_import(os.environ | {NAME: "true"}) == "true"
