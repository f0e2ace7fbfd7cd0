"""Which new records are open, by the state that each record merged into them had by then, its own merges counted."""

import math

from dealml.as_of.lives import lives_of
from dealml.as_of.merged_states import Histories, MergedStates, State
from tests.as_of.test_lives import START, event, timedelta


def opened(*merges: tuple[int, str, str], began: dict[str, int], **last: tuple[int, str]) -> set[str]:
    """The open new records after merges, where records are there since a day, and some closed on a day."""
    days = {name: START + timedelta(days=day) for name, day in began.items()}
    states = {name: [State(START + timedelta(days=day), START, math.inf, state)] for name, (day, state) in last.items()}
    (life,) = [life for life in lives_of(event(day, "merged", loser, into) for day, loser, into in merges) if life.until is None]
    return MergedStates(life.absorbed, Histories(days, states, ("won", "lost"))).opened()


def test_a_new_record_is_open_where_one_of_its_records_was_open_by_the_merge() -> None:
    merges = [(5, "a", "n"), (5, "b", "n")]
    assert opened(*merges, began={"a": 1, "b": 1}, a=(2, "won")) == {"n"}
    assert opened(*merges, began={"a": 1, "b": 1}, a=(2, "won"), b=(2, "lost")) == set()
    assert opened(*merges, began={"a": 1, "b": 6}, a=(2, "won")) == set()
    assert opened(*merges, began={"a": 1, "b": 1}, a=(2, "won"), b=(6, "lost")) == {"n"}


def test_an_open_record_that_was_part_of_a_closed_one_opens_nothing() -> None:
    assert opened((5, "a", "b"), (9, "b", "n"), began={"a": 1, "b": 1}, b=(2, "won")) == set()


def test_a_closed_record_that_was_part_of_an_open_one_closes_nothing() -> None:
    assert opened((5, "a", "b"), (9, "b", "n"), began={"a": 1, "b": 1}, a=(2, "lost")) == {"n"}


def test_a_chain_of_new_records_stays_open() -> None:
    merges = [(5, "a", "n"), (5, "b", "n"), (9, "n", "o")]
    assert opened(*merges, began={"a": 1, "b": 1}, a=(2, "won")) == {"n", "o"}
    assert opened(*merges, began={"a": 1, "b": 1, "n": 6}, a=(2, "won"), n=(6, "won")) == {"n"}


def test_a_record_that_is_there_by_itself_is_opened_by_no_merge() -> None:
    assert opened((5, "a", "n"), (9, "b", "n"), began={"a": 1, "b": 1, "n": 7}, a=(2, "won")) == set()
