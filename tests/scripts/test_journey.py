"""How far the request of a review travels, measured on the small company."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from scripts.journey import HANDLES, MOST_CLIMBS, MOST_MODULES, Journey, floors, module_names, review_journey
from tests.conftest import CUT, Company


@pytest.fixture(scope="module")
def journeys(company: Company) -> tuple[Journey, Journey]:
    """Of the request, and of its parts."""
    return review_journey(company.project, "tiny", CUT + timedelta(days=28), CUT)


def test_a_request_is_seen_by_few_modules(journeys: tuple[Journey, Journey]) -> None:
    request, _ = journeys
    assert len(request.modules) <= MOST_MODULES, sorted(request.modules)


def test_a_request_rarely_climbs_back_up(journeys: tuple[Journey, Journey]) -> None:
    request, _ = journeys
    assert len(request.climbs) <= MOST_CLIMBS, request.climbs


def test_both_threads_and_the_whole_way_are_watched(journeys: tuple[Journey, Journey]) -> None:
    request, parts = journeys
    ends = {"dealml.jobs.reviewing.review", "dealml.jobs.reviewing.context", "dealml.jobs.scoring.population", "dealml.jobs.sales_metrics"}
    assert ends <= set(request.modules) < set(parts.modules)


def test_what_is_followed_is_called_so() -> None:
    """A renamed class would be followed no more, and the figures would fall for nothing."""
    text = "".join(Path(file).read_text(encoding="utf-8") for file in module_names())
    assert [name for name in HANDLES if f"class {name}" not in text] == []


def test_a_floor_is_above_what_it_imports() -> None:
    floor = floors(module_names())
    assert floor["dealml.jobs.reviewing.review"] > floor["dealml.jobs.reviewing.context"] > floor["dealml.jobs.scoring.population"]
    assert floor["dealml.errors"] == 1
