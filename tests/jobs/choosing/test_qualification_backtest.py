"""The backtest of the small company: held-out deals as they stood when a decision was due, and thresholds from them."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from dealml.errors import UsageError
from dealml.jobs.choosing import qualification_backtest as module
from dealml.jobs.choosing.qualification_backtest import propose_thresholds, qualification_backtest
from dealml.jobs.progress import silent
from dealml.learning.view import View
from dealml.load_definitions import load_model
from dealml.project import Project
from dealml.qualification.thresholds import load_thresholds
from tests.conftest import CUT, Company

pytestmark = pytest.mark.deep


def test_each_held_out_deal_counts_once_as_it_stood_then(company: Company) -> None:
    tested = qualification_backtest(company.project, CUT)
    view = View.of(company.project.ledger, load_model(company.project.folder, "deal_win"), CUT, company.project.query_settings)
    closed = view.closed_deals(30)
    decided = closed[(closed["as_of"] >= tested.since) & (closed["ended_at"] > closed["as_of"])]
    classes = [tested.outcomes[name] for name in ("pursue", "nurture", "decline")]
    assert sum(each.deals for each in classes) == tested.outcomes["all"].deals == len(decided)
    assert tested.outcomes["all"].won == (decided["had"] == 1).sum()
    assert tested.outcomes["heuristic"].deals == tested.outcomes["pursue"].deals
    assert (decided["as_of"] - decided["since"]).max() <= timedelta(days=30)


def test_thresholds_are_tried_on_later_deals_than_they_come_from(company: Company, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    past = module._past(company.project, CUT, silent)
    monkeypatch.setattr(module, "_past", lambda *_: past)
    (tmp_path / "models").mkdir()
    for name in ("dealml.toml", "models/choosing.toml"):
        shutil.copy(company.project.folder / name, tmp_path / name)
    project = Project(tmp_path)
    both = propose_thresholds(project, CUT, "Ana", write=True)
    assert both.present.outcomes["all"].deals == both.proposed.outcomes["all"].deals == len(past[0]) - len(past[0]) // 2
    written = load_thresholds(tmp_path, ("pain", "process"))
    assert written.deals == both.proposed.thresholds
    assert [change["by"] for change in written.history] == ["Ana"]


def test_who_writes_must_be_named(company: Company) -> None:
    with pytest.raises(UsageError, match="give --by NAME with --write"):
        propose_thresholds(company.project, CUT, None, write=True)
