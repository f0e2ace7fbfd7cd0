"""A model that completes another is explained when asked for, in its own words, and never asked first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from dealml.errors import UsageError
from dealml.jobs.explaining.explain import explain, explained, resolve_entity
from dealml.jobs.reviewing.request import ReviewRequest
from dealml.jobs.reviewing.review import write_review
from dealml.project import Project
from dealml.reasons.evidence import EvidenceBase, is_contrary
from dealml.reasons.wording import wording_of
from tests.close_date_fixtures import MONDAY, with_outlook


@pytest.fixture(scope="module")
def project(copied: Callable[[Path], Project], tmp_path_factory: pytest.TempPathFactory) -> Project:
    """With models of deals alone."""
    project = with_outlook(copied, tmp_path_factory.mktemp("completing") / "project", ("small", "small_loss"))
    (project.folder / "models" / "account_churn.py").unlink()
    return project


def test_winning_is_explained_unless_losing_is_asked_for(project: Project) -> None:
    deal = _open_deal(project)
    found = explain(project, deal, MONDAY, with_past=False)
    assert (found.model, found.outcome_name) == ("small", "won")
    losing = explain(project, deal, MONDAY, "small_loss", with_past=False)
    assert (losing.model, losing.outcome_name) == ("small_loss", "lost")
    assert losing.notes == ("a probability on a condition: lost, if it is not won by then",)


def test_evidence_speaks_of_losses_and_expects_the_opposite(project: Project) -> None:
    seen = resolve_entity(project, _open_deal(project), MONDAY, "small_loss", None)
    found = explained(seen)
    past, wording, row = EvidenceBase(seen.view.settled(), seen.view.spec.stage), wording_of(seen.view.plan.features), seen.row.iloc[0]
    told = [backing for backing in found.evidence if "were" in backing.sentence and not backing.sentence.startswith("Only")]
    assert told
    assert all("were lost, against" in backing.sentence for backing in told)
    signs = set()
    for reason, backing in zip(found.main["reasons"], found.evidence, strict=True):
        name = reason["feature"]
        column = past.comparable(str(row["stage"]), name)[name]
        median = float(column.median()) if pd.api.types.is_numeric_dtype(column) else None
        expected = is_contrary(wording.meaning(name).expect, row[name], -reason["log_odds"], median)
        assert bool(backing.warning) == expected
        signs.add((expected, is_contrary(wording.meaning(name).expect, row[name], reason["log_odds"], median)))
    assert any(one != other for one, other in signs)


def test_it_has_no_page_of_its_own(project: Project, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="small_loss completes small and has no page of its own; name small"):
        write_review(ReviewRequest(project, "small_loss", MONDAY), tmp_path / "r.html")
    assert list(tmp_path.iterdir()) == []


def _open_deal(project: Project) -> str:
    from dealml.jobs.forecasting.close_dates import forecast_close_dates

    return forecast_close_dates(project, MONDAY, name="small").deals[0].deal_id
