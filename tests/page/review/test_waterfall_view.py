"""What changed as it is drawn, and the deals behind it."""

import json
from collections import defaultdict
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealml.forecast.waterfall.result import CATEGORIES, DealToInspect, Move, Movement, PipelineWaterfall
from dealml.page.review.waterfall_payload import moves_payload
from dealml.page.review.waterfall_view import DRAWN, SHOWN, chances, movement_view, moves_by_category
from dealml.period import Period
from tests.page.review_fixtures import AS_OF, EARLIER, PERIOD, movement, rows

MOVES = st.lists(
    st.builds(
        lambda n, team, bar, cents: Move(f"d{n}", f"Deal {n}", team, bar, cents, 0.5, 0.6),
        st.integers(0, 10**6), st.sampled_from(["North", "South", ""]), st.sampled_from(sorted(CATEGORIES)), st.integers(-(10**9), 10**9),
    ),
    max_size=120,
)  # fmt: skip


def of(moves: list[Move], before: int = 10**8) -> Movement:
    def fall(found: list[Move]) -> PipelineWaterfall:
        bars: dict[str, int] = defaultdict(int)
        for move in found:
            bars[move.category] += move.cents
        return PipelineWaterfall(before, before + sum(bars.values()), dict(bars))

    teams = {team: fall([move for move in moves if move.team == team]) for team in ("North", "South")}
    return Movement(PERIOD, EARLIER, AS_OF, "EUR", fall(moves), teams, tuple(moves))


@given(MOVES)
def test_each_step_begins_where_the_one_before_ended(moves: list[Move]) -> None:
    for fall in movement_view(of(moves), {}).waterfalls:
        ends = [fall.first, *(step.end for step in fall.steps)]
        assert [step.start for step in fall.steps] == ends[:-1]
        assert fall.last == pytest.approx(ends[-1], abs=0.011)


@given(MOVES)
def test_every_deal_is_behind_its_step_or_counted_in_the_rest(moves: list[Move]) -> None:
    found = of(moves)
    view = movement_view(found, {})
    data = moves_payload(found, {})
    assert isinstance(data["steps"], dict)
    for fall in view.waterfalls:
        own = [move for move in moves if not fall.team or move.team == fall.team]
        for step in fall.steps:
            count = sum(move.category == step.category for move in own)
            assert step.count == f"{count:,} {'deal' if count == 1 else 'deals'}"
            shown, rest = data["steps"].get(f"{fall.number}:{step.category}", [[], ""])
            assert len(shown) == min(count, SHOWN)
            assert bool(rest) == (count > SHOWN)
    assert sum(len(each) for (team, _), each in moves_by_category(found).items() if not team) == len(moves)


def test_what_lies_before_the_period_is_explained() -> None:
    quarter = Period.parse("2026Q1")
    found = replace(of([]), period=quarter, start=quarter.start - timedelta(days=7), end=quarter.start + timedelta(days=7))
    assert movement_view(found, {}).edge.startswith(
        "Part of this time lies before Q1 2026: a deal won before 1 Jan 2026 counts in the period before, so “Won” can lower Q1 2026, "
    )
    assert movement_view(replace(found, start=quarter.start), {}).edge == ""


def test_steps_are_in_the_order_of_the_heads_and_say_their_sums() -> None:
    view = movement_view(of([Move("a", "A", "North", "lost", -12_345_00, 0.4, None), Move("b", "B", "North", "new", 50, None, 0.2)]), {})
    assert [(step.title, step.amount, step.is_up) for step in view.waterfalls[0].steps] == [
        ("New deals", "+€1", True),
        ("Lost", "−€12,345", False),
    ]
    assert view.waterfalls[0].description == "from €1,000,000; New deals +€1; Lost −€12,345; to €987,656."
    assert [fall.team for fall in view.waterfalls] == ["", "North", "South"]
    assert view.waterfalls[2].steps == ()


def test_a_deal_that_is_over_has_the_chance_that_it_had() -> None:
    told = [chances(Move("a", "A", "", bar, 1, 0.31, after)) for bar, after in (("won", 1.0), ("lost", 0.0), ("pushed", 0.0))]
    assert told == ["chance was 31%", "chance was 31%", "chance 31% → under 1%"]


def test_largest_deals_come_first_with_chances_and_reasons() -> None:
    moves = [Move(f"d{n}", f"Deal {n}", "North", "pushed", -100 * n, 0.5, 0.3, ("moved to June", "quiet")) for n in range(1, 40)]
    view = movement_view(of(moves), {"d39": "deal-d39"})
    step = view.waterfalls[0].steps[0]
    assert len(step.moves) == DRAWN
    first = step.moves[0]
    assert (first.anchor, first.name, first.amount, first.chances) == ("deal-d39", "Deal 39", "−€39", "chance 50% → 30%")
    assert first.reasons == "moved to June; quiet"
    assert step.moves[1].anchor == ""
    assert step.rest == "and 31 more deals, together −€496"


def test_payload_lists_a_deal_once_however_often_it_is_shown() -> None:
    found = movement(rows(60))
    data = json.loads(json.dumps(moves_payload(found, {})))
    shown = [place for places, _ in data["steps"].values() for place in places]
    assert len(data["deals"]) == len(set(shown)) == len(found.moves)
    assert len(shown) == 2 * len(found.moves)


def test_talk_is_grouped_by_kind_and_an_unknown_kind_is_not_lost() -> None:
    to_inspect = (
        DealToInspect("a", "A", "stale", "Silent.", -500),
        DealToInspect("b", "B", "change", "More.", 900),
        DealToInspect("c", "C", "odd_one", "Odd.", 1),
    )
    view = movement_view(replace(of([]), to_inspect=to_inspect), {"a": "deal-a"})
    assert [(title, [each.name for each in found]) for title, found in view.to_inspect] == [
        ("Largest expected change", ["B"]),
        ("Gone quiet", ["A"]),
        ("Odd one", ["C"]),
    ]
    assert view.to_inspect[1][1][0].anchor == "deal-a"


def test_the_factory_balances() -> None:
    found = movement(rows(200))
    for fall in (found.total, *found.teams.values()):
        assert fall.before + sum(fall.by_category.values()) == fall.after
