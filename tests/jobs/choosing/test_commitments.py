"""The job: promises of the small company's open deals against the shipped policy."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from dealml.errors import InputError
from dealml.jobs.choosing.commitments import check_commitments
from dealml.project import Project, make_project
from tests.commitments.promise_fixtures import ledger_with, offer
from tests.conftest import CUT


def test_open_deals_are_checked_and_written(imported: Project, tmp_path: Path) -> None:
    file = tmp_path / "promises.parquet"
    report = check_commitments(imported, CUT, file)
    written = pd.read_parquet(file)
    assert 0 < len(report.beyond_free) < len(report.promises) == len(written)
    assert set(written["state"]) <= {"free", "approved", "requested", "not requested", "refused", "not on offer"}
    decides = written["state"].isin(["requested", "not requested"])
    assert (written["decide_by"].notna() == decides).all()
    assert written["deal_id"].nunique() <= report.open_deals
    assert report.notes == ()
    assert {part.subject for part in report.aftermath} >= {"any", "price", "customisation"}


def test_what_is_not_on_record_is_said(tmp_path: Path) -> None:
    make_project(tmp_path / "p")
    ledger_with(tmp_path / "p" / "ledger", offer("d", 1, discount=0.25), deals=["d"])
    report = check_commitments(Project(tmp_path / "p"))
    assert report.beyond_free["state"].tolist() == ["not requested"]
    assert report.notes[0] == "no approval is on record, so all that needs one shows as not requested"
    assert len(report.notes) == 3


def test_an_empty_ledger_is_refused(tmp_path: Path) -> None:
    make_project(tmp_path / "p")
    with pytest.raises(InputError, match="the ledger is empty; import an extract first"):
        check_commitments(Project(tmp_path / "p"))
