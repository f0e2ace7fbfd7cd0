"""The worth of overrides: sums done by hand, small groups withheld, and planted worth found."""

from __future__ import annotations

from dataclasses import replace
from math import isnan, log

import numpy as np
import pytest

from benchmarks.judgement import cases, drawn
from dealml.judgement.value_added import (
    CLIP,
    IMPROVES,
    MIN_DECISIONS,
    NOT_SHOWN,
    WITHHELD,
    WORSENS,
    Decision,
    DecisionGroup,
    ValueAdded,
    value_added,
)


def decided(place: int, **changed: object) -> Decision:
    base = Decision(f"D{place}", f"A{place}", 20.0, "Commit", place % 2 == 0, 0.7 if place % 2 == 0 else 0.2, 0.5, 90.0, 80.0, 100.0)
    return replace(base, **changed)  # type: ignore[arg-type]


def by_name(cell: DecisionGroup) -> dict[str, tuple[float, float, float, str]]:
    return {gain.measure: (gain.override, gain.model, gain.gain.value, gain.verdict) for gain in cell.gains}


def test_gains_are_those_done_by_hand() -> None:
    found = by_name(value_added([decided(place) for place in range(80)]).overall)
    people, model = -(log(0.7) + log(0.8)) / 2, log(2)
    assert found["log_loss"] == (pytest.approx(people), pytest.approx(model), pytest.approx(model - people), IMPROVES)
    assert found["brier"] == (pytest.approx((0.09 + 0.04) / 2), pytest.approx(0.25), pytest.approx(0.25 - 0.065), IMPROVES)
    assert found["amount_error"] == (pytest.approx(0.1), pytest.approx(0.2), pytest.approx(0.1), IMPROVES)


def test_amounts_of_all_deals_count_alike_and_are_off_by_their_whole_at_most() -> None:
    rows = [decided(2 * place, final_amount=1000.0 if place else 9000.0, amount=1000.0, model_amount=9000.0) for place in range(40)]
    override, model, gain, _ = by_name(value_added(rows).overall)["amount_error"]
    assert (override, model) == (pytest.approx(8 / 9 / 40), pytest.approx(39 / 40))
    assert gain == pytest.approx(model - override)


def test_a_deal_won_for_nothing_has_no_share_to_be_off_by() -> None:
    rows = [decided(2 * place, final_amount=0.0) for place in range(40)]
    assert value_added(rows).overall.gains[2].verdict == WITHHELD


def test_what_was_not_said_is_not_measured() -> None:
    rows = [decided(place, probability=None) for place in range(40)] + [decided(place, amount=None) for place in range(40, 120)]
    found = value_added(rows).overall
    assert [gain.decisions for gain in found.gains] == [80, 80, 20]
    assert [gain.verdict for gain in found.gains] == [IMPROVES, IMPROVES, WITHHELD]
    assert found.override_mean == pytest.approx(0.45)
    assert found.won == pytest.approx(0.5)


def test_fewer_than_thirty_are_withheld_with_their_count() -> None:
    found = value_added([decided(place) for place in range(MIN_DECISIONS - 1)]).overall
    assert (found.withheld, found.decisions, found.gains) == (True, 29, ())
    assert isnan(found.override_mean)
    assert not value_added([decided(place) for place in range(MIN_DECISIONS)]).overall.withheld


def test_small_groups_are_withheld_in_the_tables_too() -> None:
    rows = [decided(place) for place in range(100)] + [decided(place, days=70.0, category="Omitted") for place in range(100, 110)]
    found = value_added(rows)
    assert [(cell.name, cell.decisions, cell.withheld) for cell in found.by_horizon] == [
        ("up to 30 days", 100, False),
        ("61 to 90 days", 10, True),
    ]
    assert [(cell.name, cell.withheld) for cell in found.by_category] == [("Commit", False), ("Omitted", True)]


@pytest.mark.parametrize(
    ("days", "name"),
    [(0.1, "up to 30 days"), (30.0, "up to 30 days"), (30.1, "31 to 60 days"), (90, "61 to 90 days"), (400, "more than 90 days")],
)
def test_each_horizon_has_its_name(days: float, name: str) -> None:
    assert value_added([decided(0, days=days)]).by_horizon[0].name == name


def test_a_deal_without_a_category() -> None:
    assert value_added([decided(0, category="")]).by_category[0].name == "no category"


def test_certainty_is_taken_to_round() -> None:
    rows = [decided(place, probability=1.0 if place % 2 else 0.0, model_probability=1.0 if place % 2 else 0.0) for place in range(40)]
    override, model, gain, verdict = by_name(value_added(rows).overall)["log_loss"]
    assert override == model == pytest.approx(-log(CLIP))
    assert (gain, verdict) == (0.0, NOT_SHOWN)


def test_hardly_any_won_says_nothing() -> None:
    """Nobody won: whoever is more pessimistic looks better, which ten more wins could turn."""
    rows = [decided(place, won=place < 4, probability=0.01, model_probability=0.2) for place in range(60)]
    assert value_added([replace(row, won=False) for row in rows]).overall.gains[0].verdict == NOT_SHOWN
    assert value_added(rows).overall.gains[0].verdict == NOT_SHOWN


def test_one_account_says_nothing() -> None:
    gain = value_added([decided(place, account="A") for place in range(60)]).overall.gains[0]
    assert isnan(gain.gain.low)
    assert gain.verdict == NOT_SHOWN


def test_decisions_of_one_account_share_their_luck() -> None:
    def width(accounts: int) -> float:
        rng = np.random.default_rng(3)
        rows = [decided(place, account=f"A{place % accounts}", won=bool(rng.random() < 0.5)) for place in range(200)]
        one = value_added([replace(row, won=rows[place % accounts].won) for place, row in enumerate(rows)]).overall.gains[0].gain
        return one.high - one.low

    assert width(20) > 2 * width(200)


def test_intervals_of_a_table_are_wider_than_of_all() -> None:
    rows = drawn(cases()["as good"].people, 400, 3)
    alone = value_added([replace(row, days=20.0, category="Commit") for row in rows])
    split = value_added(rows)
    assert alone.by_horizon[0].gains == alone.overall.gains
    name = {cell.name: cell for cell in split.by_horizon}["up to 30 days"]
    own = value_added([row for row in rows if row.days == 12.0]).overall
    for wide, narrow in zip(name.gains, own.gains, strict=True):
        if wide.verdict != WITHHELD:
            assert wide.gain.low < narrow.gain.low <= narrow.gain.high < wide.gain.high


def test_the_order_of_decisions_does_not_matter() -> None:
    rows = drawn(cases()["skill"].people, 200, 1)
    one, other = value_added(rows).overall, value_added(rows[::-1]).overall
    for a, b in zip(one.gains, other.gains, strict=True):
        assert (a.gain.low, a.gain.high) == (pytest.approx(b.gain.low), pytest.approx(b.gain.high))


def found_in(name: str, seeds: int) -> list[ValueAdded]:
    return [value_added(drawn(cases()[name].people, 600, seed), resamples=400, seed=seed) for seed in range(seeds)]


def verdicts(found: list[ValueAdded], place: int) -> list[str]:
    return [one.overall.gains[place].verdict for one in found]


@pytest.mark.parametrize(
    ("name", "chances", "amounts"),
    [
        ("skill", IMPROVES, IMPROVES),
        ("skill, too hopeful", WORSENS, WORSENS),
        ("only hope", WORSENS, WORSENS),
        ("only noise", WORSENS, WORSENS),
        ("the same", NOT_SHOWN, NOT_SHOWN),
    ],
)
def test_the_planted_worth_is_found(name: str, chances: str, amounts: str) -> None:
    """Of 12 seeds; `python -m benchmarks.judgement` does 200."""
    found = found_in(name, 12)
    opposite = {IMPROVES: WORSENS, WORSENS: IMPROVES}
    for place, right in ((0, chances), (2, amounts)):
        said = verdicts(found, place)
        assert said.count(right) >= (12 if right == NOT_SHOWN else 8), said
        assert opposite.get(right) not in said


def test_what_is_as_good_is_seldom_called_anything_else() -> None:
    said = verdicts(found_in("as good", 40), 0)
    assert said.count(NOT_SHOWN) >= 35, said
