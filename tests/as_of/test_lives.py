"""Lives of records: deleted, restored, merged, in chains and in any order."""

from datetime import UTC, datetime, timedelta

from dealml.as_of.lives import RecordEvent, RecordLife, last_lives, lives_of, record_of

START = datetime(2026, 1, 1, tzinfo=UTC)


def event(day: int, what: str, record: str, into: str | None = None) -> RecordEvent:
    return RecordEvent.of(START + timedelta(days=day), what, record, into)


def at(lives: list[RecordLife], day: int) -> dict[str, tuple[str, ...]]:
    """The records that are there on a day, of those that something happened to, and what they are made of."""
    moment = START + timedelta(days=day)
    there = [life for life in lives if (life.since is None or life.since < moment) and (life.until is None or moment <= life.until)]
    assert len({life.record_id for life in there}) == len(there)
    return {life.record_id: tuple(sorted(life.members)) for life in there}


def test_a_deleted_record_is_gone_and_a_restored_one_is_back() -> None:
    lives = lives_of([event(5, "deleted", "a"), event(9, "restored", "a")])
    assert [at(lives, day) for day in (5, 6, 9, 10)] == [{"a": ("a",)}, {}, {}, {"a": ("a",)}]


def test_a_merged_record_is_part_of_the_other() -> None:
    lives = lives_of([event(5, "merged", "a", "b")])
    assert at(lives, 5) == {"a": ("a",), "b": ("b",)}
    assert at(lives, 6) == {"b": ("a", "b")}


def test_a_chain_of_merges_ends_in_one_record() -> None:
    lives = lives_of([event(5, "merged", "a", "b"), event(7, "merged", "b", "c")])
    assert at(lives, 8) == {"c": ("a", "b", "c")}
    late = lives_of([event(5, "merged", "b", "c"), event(7, "merged", "a", "b")])
    assert at(late, 8) == {"c": ("a", "b", "c")}


def test_two_records_become_a_new_one() -> None:
    lives = lives_of([event(5, "merged", "a", "n"), event(5, "merged", "b", "n")])
    assert at(lives, 6) == {"n": ("a", "b", "n")}


def test_a_merged_record_is_not_deleted_once_more() -> None:
    lives = lives_of([event(5, "merged", "a", "b"), event(5, "deleted", "a"), event(8, "deleted", "a")])
    assert at(lives, 9) == {"b": ("a", "b")}


def test_a_record_deleted_before_its_merge_is_part_of_the_other() -> None:
    lives = lives_of([event(4, "deleted", "a"), event(5, "merged", "a", "b")])
    assert at(lives, 6) == {"b": ("a", "b")}


def test_what_is_merged_into_a_deleted_record_is_back_with_it() -> None:
    lives = lives_of([event(4, "deleted", "b"), event(5, "merged", "a", "b"), event(9, "restored", "b")])
    assert at(lives, 6) == {}
    assert at(lives, 10) == {"b": ("a", "b")}


def test_repeats_change_nothing() -> None:
    once = lives_of([event(4, "deleted", "a"), event(6, "restored", "a")])
    again = lives_of([event(4, "deleted", "a"), event(5, "deleted", "a"), event(6, "restored", "a"), event(7, "restored", "a")])
    assert once == again


def test_lives_go_on_in_what_became_of_the_record() -> None:
    lives = lives_of([event(5, "merged", "a", "b"), event(9, "deleted", "b"), event(11, "restored", "b")])
    last = last_lives(lives)
    assert {last[life.life_id].life_id for life in lives} == {"b\x1f3"}
    assert record_of("b\x1f3") == "b"


def test_a_life_that_ends_in_a_deletion_goes_on_in_none() -> None:
    (life,) = lives_of([event(5, "deleted", "a")])
    assert (life.successor, last_lives([life])["a"].until) == (None, START + timedelta(days=5))
