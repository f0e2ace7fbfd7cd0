"""The score store, on SQLite and on a real PostgreSQL by the same setting."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC

import pyarrow as pa
import pytest
from sqlalchemy import create_engine, inspect, text

from dealml.errors import SetupError
from dealml.scoring.store import stored_scores
from dealml.settings import with_driver
from tests.scoring.score_fixtures import MONDAY, publish, scores, stored


def test_scores_are_kept_to_the_last_bit(url: str) -> None:
    given = scores("D1", "zażółć 'x'; DROP TABLE scores")
    assert publish(url, [given]) == 4
    rows = stored(url)
    expected = {(row["entity_id"], row["horizon_days"]): row for row in given.to_pylist()}
    assert {(row["entity_id"], row["horizon_days"]): row["probability"] for row in rows} == {
        key: row["probability"] for key, row in expected.items()
    }
    assert {row["rung"] for row in rows} == {"lightgbm"}
    if url.startswith("postgresql"):
        assert rows[0]["as_of"].astimezone(UTC) == MONDAY
        assert rows[0]["reasons"] == expected["D1", 30]["reasons"]
    else:
        assert rows[0]["as_of"] == "2026-01-05 00:00:00.000000"


def test_writing_twice_writes_nothing(url: str) -> None:
    publish(url, [scores("D1", "D2")])
    before = stored(url)
    assert publish(url, [scores("D1", "D2")]) == 0
    assert stored(url) == before


def test_only_what_is_new_is_added_and_nothing_is_changed(url: str) -> None:
    publish(url, [scores("D1")])
    before = stored(url)
    assert publish(url, [scores("D1"), scores("D3"), scores("D1", digest="d2")]) == 4
    assert all(row in stored(url) for row in before)


def test_a_failure_in_the_middle_writes_nothing(url: str) -> None:
    publish(url, [scores("D1")])

    def batches() -> Iterator[pa.Table]:
        yield scores("D2", "D3")
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        publish(url, batches())
    assert {row["entity_id"] for row in stored(url)} == {"D1"}


def test_a_row_that_the_database_refuses_leaves_nothing_behind(url: str) -> None:
    whole = scores("D9")
    broken = whole.set_column(whole.schema.get_field_index("rung"), "rung", pa.array([None] * whole.num_rows, pa.string()))
    with pytest.raises(SetupError, match=r"scores\.url: the database at .* failed"):
        publish(url, [scores("D2"), broken])
    assert stored(url) == []


def test_no_scores_make_an_empty_table(url: str) -> None:
    assert publish(url, [scores()]) == 0
    assert stored(url) == []


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("mysql://someone:secret@host/db", "neither SQLite nor PostgreSQL"),
        ("nonsense", "cannot be used"),
        ("sqlite:////dev/null/scores.db", "failed"),
        ("postgresql://someone:secret@127.0.0.1:1/db", "failed"),
    ],
)
def test_a_database_that_cannot_be_used_is_one_line_without_its_password(url: str, told: str) -> None:
    with pytest.raises(SetupError, match=told) as error:
        publish(url, [scores("D1")])
    assert "secret" not in str(error.value)
    assert "scores.url" in str(error.value)


def test_a_score_is_found_with_all_that_it_was_made_from(url: str) -> None:
    publish(url, [scores("D1", "D2"), scores("D1", digest="d2")])
    (found,) = stored_scores(url, score_id="D1-30-d1")
    assert (found["features"], found["content"], found["batches"]) == ({"stage": "Proposal"}, {"language": "en"}, ["b1", "b2"])
    assert (found["as_of"], found["horizon_days"], found["probability"]) == (MONDAY, 30, 0.1 + 30 / 1000)
    assert len(stored_scores(url, entity_id="D1", as_of=MONDAY, model="deal_win")) == 4
    assert stored_scores(url, score_id="other") == []


def test_a_table_of_an_earlier_version_is_left_alone(url: str) -> None:
    engine = create_engine(with_driver(url))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE scores (model VARCHAR(200) PRIMARY KEY)"))
    engine.dispose()
    with pytest.raises(SetupError, match="the table 'scores' is of an earlier version; rename it"):
        publish(url, [scores("D1")])
    assert stored(url, "model") == []


def test_writers_that_create_the_same_tables_take_turns(url: str) -> None:
    with ThreadPoolExecutor(4) as threads:
        new = list(threads.map(lambda _: publish(url, [scores("D1", "D2")]), range(4)))
    assert sorted(new) == [0, 0, 0, 4]


def test_reading_creates_no_tables(url: str) -> None:
    assert stored_scores(url) == []
    engine = create_engine(with_driver(url))
    assert inspect(engine).get_table_names() == []
    engine.dispose()
