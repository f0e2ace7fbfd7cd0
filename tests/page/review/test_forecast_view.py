"""A forecast as it is drawn."""

from dataclasses import replace

from dealml.forecast.result import BenchmarkForecast, Range
from dealml.page.review.forecast_view import forecast_view, position_in, recurring_lines
from tests.page.review_fixtures import forecast


def test_the_range_its_middle_and_what_is_won_lie_in_order_on_the_line() -> None:
    view = forecast_view(forecast())
    main = view.bands[0]
    assert 0 < main.won < main.low < main.mid < main.high <= 92
    assert (main.title, main.text) == ("Forecast", "€4.23m (€3.61m to €5.09m)")


def test_rivals_say_where_they_lie_and_have_shapes_of_their_own() -> None:
    view = forecast_view(forecast())
    told = {mark.title: mark.text for mark in view.marks}
    assert told["Commit"] == "€4.73m, inside the range"
    assert told["Best case"] == "€6.24m, above the range"
    assert len({mark.shape for mark in view.marks}) == len(view.marks)
    assert [rival.title for rival in view.absent] == ["Last period's run rate"]


def test_the_picture_is_told_in_words() -> None:
    told = forecast_view(forecast()).description
    assert told.startswith(
        "Forecast: €4.23m (€3.61m to €5.09m); With judgement: €4.33m (€3.70m to €5.10m); Commit: €4.73m, inside the range;"
    )
    assert told.endswith("Already won: €1.21m.")


def test_a_wide_range_is_called_wide() -> None:
    narrow, wide = Range(100, 90, 100, 110), Range(100, 60, 100, 170)
    assert forecast_view(replace(forecast(), total=narrow)).wide == "The ends of the range are €20 apart, 20% of the middle."
    assert forecast_view(replace(forecast(), total=wide)).wide == "This range is wide: its ends are €110 apart, 110% of the middle."
    nothing = Range(10, 0, 0, 30)
    assert forecast_view(replace(forecast(), total=nothing)).wide == "The ends of the range are €30 apart."


def test_place_of_a_figure_counts_the_ends_as_inside() -> None:
    found = Range(100, 90, 100, 110)
    assert [position_in(each, found) for each in (89.9, 90, 110, 110.1)] == [
        "below the range",
        "inside the range",
        "inside the range",
        "above the range",
    ]


def test_groups_are_largest_first_and_empty_cuts_left_out() -> None:
    view = forecast_view(replace(forecast(), groups={"team": {"A": Range(1, 0, 1, 2), "B": Range(5, 4, 5, 6)}, "segment": {}}))
    assert [(cut.title, [group.name for group in cut.groups]) for cut in view.cuts] == [("By team", ["B", "A"])]


def test_kinds_of_business_are_words_and_teams_are_names() -> None:
    part = {"new": Range(1, 0, 1, 2), "New": Range(1, 0, 1, 2)}
    view = forecast_view(replace(forecast(), groups={"kind": part, "segment": part}))
    assert [(cut.title, [group.name for group in cut.groups]) for cut in view.cuts] == [
        ("New and existing business", ["New", "New"]),
        ("By segment", ["New", "new"]),
    ]


def test_more_rivals_than_shapes_are_drawn_too() -> None:
    many = tuple(BenchmarkForecast(f"r{n}", f"Rival {n}", 1e6 * n) for n in range(9))
    assert len(forecast_view(replace(forecast(), benchmarks=many)).marks) == 9


def test_recurring_revenue_runs_from_now_to_the_end() -> None:
    found = forecast().recurring
    assert found
    lines = recurring_lines(found, "EUR")
    assert [line.title.split()[0] for line in lines] == ["Now", "Lost", "Added", "At"]
    assert lines[1].amount == "−€410k"
    assert lines[1].range == "−€615k to −€246k"
