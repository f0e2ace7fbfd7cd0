"""Flows say of a ledger of older rules what the verbs say."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from dealml.ledger.older_rules import older_rules
from dealml.project import Project, make_project
from pipelines.older_rules import notes_of_older_rules


def test_the_line_is_in_the_log_of_flows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr("pipelines.older_rules.get_run_logger", lambda: logging.getLogger("flow"))
    make_project(tmp_path)
    assert notes_of_older_rules(str(tmp_path)) == []
    ledger = Project(tmp_path).ledger.folder
    (ledger / "abc").mkdir(parents=True)
    (ledger / "abc" / "manifest.json").write_text(json.dumps({"batch": "abc", "source": "crm", "counts": []}), encoding="utf-8")
    assert notes_of_older_rules(str(tmp_path)) == [older_rules(ledger)] == caplog.messages
