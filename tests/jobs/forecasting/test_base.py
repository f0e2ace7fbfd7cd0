"""The customers there are; or why nothing is told of them."""

from __future__ import annotations

import pytest

from dealml.jobs.forecasting.base import base_of
from dealml.project import Project
from tests.conftest import CUT, Company


@pytest.mark.parametrize(
    ("name", "said"), [("no_such_model", "the project has no model no_such_model"), ("tiny", "tiny does not say who cancels")]
)
def test_another_model(company: Company, name: str, said: str) -> None:
    assert base_of(company.project, CUT, name) == (None, said)


def test_a_model_without_a_champion(imported: Project) -> None:
    found, why_not = base_of(imported, CUT)
    assert found is None
    assert "account_churn" in why_not
