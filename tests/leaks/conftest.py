"""Companies that the leak gate's tests share; tests make copies and change nothing."""

from __future__ import annotations

import pytest

from benchmarks.weekly_deals import Company, company


@pytest.fixture(scope="session")
def deals() -> Company:
    """A company of 2,500 deals, some 300 of them open at the end."""
    return company(seed=3, deals=2500)


@pytest.fixture(scope="session")
def few_deals() -> Company:
    """A company of 600 deals."""
    return company(seed=4, deals=600)
