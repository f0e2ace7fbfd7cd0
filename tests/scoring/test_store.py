"""The score store, on SQLite and on a real PostgreSQL by the same setting."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import create_engine, text

from dealml.errors import SetupError
from dealml.scoring.store import publish_scores
from dealml.settings import with_driver
from tests.scoring.tables import MONDAY, scores


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'scores.db'}"
    found: str = request.getfixturevalue("postgres")
    engine = create_engine(with_driver(found))
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS scores"))
    engine.dispose()
    return found


def stored(url: str) -> list[dict[str, Any]]:
    engine = create_engine(with_driver(url))
    try:
        with engine.connect() as connection:
            return [
                dict(row)
                for row in connection.execute(text("SELECT * FROM scores ORDER BY model_digest, entity_id, horizon_days")).mappings()
            ]
    finally:
        engine.dispose()


def test_scores_are_kept_to_the_last_bit(url: str) -> None:
    given = scores("D1", "zażółć 'x'; DROP TABLE scores")
    assert publish_scores(url, [given]) == 4
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
    publish_scores(url, [scores("D1", "D2")])
    before = stored(url)
    assert publish_scores(url, [scores("D1", "D2")]) == 0
    assert stored(url) == before


def test_only_what_is_new_is_added_and_nothing_is_changed(url: str) -> None:
    publish_scores(url, [scores("D1")])
    before = stored(url)
    assert publish_scores(url, [scores("D1"), scores("D3"), scores("D1", digest="d2")]) == 4
    assert all(row in stored(url) for row in before)


def test_a_failure_in_the_middle_writes_nothing(url: str) -> None:
    publish_scores(url, [scores("D1")])

    def batches() -> Iterator[pa.Table]:
        yield scores("D2", "D3")
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        publish_scores(url, batches())
    assert {row["entity_id"] for row in stored(url)} == {"D1"}


def test_a_row_that_the_database_refuses_leaves_nothing_behind(url: str) -> None:
    broken = scores("D9").set_column(7, "rung", pa.array([None, None], pa.string()))
    with pytest.raises(SetupError, match=r"scores\.url: the database at .* failed"):
        publish_scores(url, [scores("D2"), broken])
    assert stored(url) == []


def test_no_scores_make_an_empty_table(url: str) -> None:
    assert publish_scores(url, [scores()]) == 0
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
        publish_scores(url, [scores("D1")])
    assert "secret" not in str(error.value)
    assert "scores.url" in str(error.value)
