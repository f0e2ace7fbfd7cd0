"""Progress is drawn where a person looks at it, and nowhere else."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from dealml.progress_bars import is_watched, progress_bars


def in_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    shell = type("ZMQInteractiveShell", (), {})()
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))  # type: ignore[arg-type]


def test_nothing_is_drawn_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    with progress_bars() as report:
        report("features", 1, 2)
    assert not is_watched()
    assert capsys.readouterr() == ("", "")


def test_a_notebook_shows_bars_on_standard_output(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    in_notebook(monkeypatch)
    monkeypatch.setenv("FORCE_COLOR", "1")
    with progress_bars() as report:
        report("features", 1, 2)
        report("features", 2, 2)
    shown = capsys.readouterr()
    assert "features" in shown.out
    assert shown.err == ""


def test_a_terminal_shows_bars_on_standard_error(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("dealml.progress_bars.is_watched", lambda: True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    with progress_bars() as report:
        report("periods", 1, 3)
    assert "periods" in capsys.readouterr().err
