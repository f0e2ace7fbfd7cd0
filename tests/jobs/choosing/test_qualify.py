"""The job: every open deal and lead of the small company is qualified."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from dealml import InputError
from dealml.jobs.choosing.qualify import QualificationReport, qualify
from dealml.scenarios.store import latest_scenarios
from tests.conftest import CUT, Company


@pytest.fixture(scope="module")
def report(company: Company) -> QualificationReport:
    return qualify(company.project, as_of=CUT)


def test_all_that_is_open_has_an_advice_with_evidence(report: QualificationReport) -> None:
    assert {entity.kind for entity in report.entities} == {"deal", "lead"}
    deals = [entity for entity in report.entities if entity.kind == "deal"]
    assert {entity.advice for entity in deals} == {"pursue", "nurture", "decline"}
    for entity in report.entities:
        assert len(entity.verdicts) == 5
        assert bool(entity.refusal) == (entity.advice == "decline")
        assert bool(entity.comes_back) <= (entity.advice != "pursue")
        for verdict in entity.verdicts:
            assert verdict.state == "unknown" or verdict.speaks_for or verdict.speaks_against


def test_the_advice_follows_from_the_thresholds(report: QualificationReport) -> None:
    limits = report.thresholds.deals
    for entity in (entity for entity in report.entities if entity.kind == "deal"):
        assert entity.ratio is not None
        works = entity.ratio >= limits.pursue.win_rate and entity.failed <= limits.pursue.most_failed
        refused = entity.ratio <= limits.decline.win_rate and entity.failed >= limits.decline.fewest_failed
        assert entity.advice == ("pursue" if works else "decline" if refused else "nurture")


def test_leads_without_a_model_say_so(report: QualificationReport) -> None:
    assert report.usual["lead"] is None
    assert any(note.startswith("leads: the probability is unknown") for note in report.notes)
    assert all(entity.probability is None for entity in report.entities if entity.kind == "lead")


def test_the_file_has_a_row_for_each(report: QualificationReport, company: Company, tmp_path: Path) -> None:
    first = next(entity for entity in report.entities if entity.kind == "deal")
    only = qualify(company.project, first.id, CUT, tmp_path / "q.csv")
    assert [entity.id for entity in only.entities] == [first.id]
    rows = list(csv.DictReader((tmp_path / "q.csv").read_text(encoding="utf-8").splitlines()))
    assert [(row["id"], row["advice"]) for row in rows] == [(first.id, first.advice)]
    assert latest_scenarios(company.project.folder, CUT) is None  # nothing was mined for it


def test_what_is_not_open_is_refused(company: Company) -> None:
    with pytest.raises(InputError, match="D999999"):
        qualify(company.project, "D999999", CUT)
