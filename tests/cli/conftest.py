from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from dealml.cli import main


@dataclass(frozen=True)
class Ran:
    """What a command left: exit code, standard output, standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """Its one JSON object."""
        report = json.loads(self.out)
        assert isinstance(report, dict)
        return report


@pytest.fixture
def dealml(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run a command line in process."""

    def run(*words: object) -> Ran:
        capsys.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main([str(word) for word in words])
        printed = capsys.readouterr()
        return Ran(int(str(stopped.value.code or 0)), printed.out, printed.err)

    return run
