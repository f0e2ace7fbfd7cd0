"""Past forecasts as they are shown."""

from dataclasses import replace

from dealml.page.review.accuracy_view import track_view
from tests.page.review_fixtures import forecast, track


def test_coverage_is_said_against_what_was_promised() -> None:
    assert track_view(forecast(), track()).sentence == "11 of 13 past periods came out inside the range (85%); it promises 80%."


def test_each_period_says_whether_it_came_out_inside() -> None:
    view = track_view(forecast(), track())
    assert [past.verdict for past in view.past].count("inside") == 11
    assert {past.verdict for past in view.past} == {"inside", "above", "below"}
    assert (view.past[0].period, view.past[-1].period) == ("Q4 2025", "Q4 2022")
    for past in view.past:
        assert (past.low <= past.came <= past.high) == (past.verdict == "inside")


def test_rivals_without_a_past_have_no_column_and_gaps_are_dashes() -> None:
    found = track()
    bare = replace(
        found, past=tuple(replace(past, benchmarks={"commit": None, "run_rate": past.benchmarks["run_rate"]}) for past in found.past)
    )
    view = track_view(forecast(), bare)
    assert view.rivals == ("Last period's run rate",)
    assert view.past[-1].rivals == ("–",)


def test_the_smallest_miss_comes_first() -> None:
    view = track_view(forecast(), track())
    assert view.pinball[0] == ("This forecast", "€118,000", True)
    assert [name for name, _, _ in view.pinball][-1] == "Best case"
