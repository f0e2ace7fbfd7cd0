"""The version of the score database: marked by the first write, and a newer one is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, text

from dealml.errors import SetupError
from dealml.judgement.store import append_overrides, stored_overrides
from dealml.scoring.store import stored_scores
from dealml.scoring.store_version import STORE_VERSION
from dealml.settings import with_driver
from tests.scoring.score_fixtures import publish, run, scores, stored


def test_the_first_write_marks_the_version(url: str) -> None:
    publish(url, [scores("D1")])
    assert marked(url) == [("dealml", STORE_VERSION)]


def test_a_store_without_a_version_is_read_and_marked_on_the_next_write(url: str) -> None:
    publish(url, [scores("D1")])
    run(url, "DROP TABLE store_version")  # the tables are those of the time before versions
    before = stored_scores(url)
    assert len(before) == 2
    assert not has_version_table(url)  # reading changes nothing
    assert publish(url, [scores("D1", "D2")]) == 2
    assert marked(url) == [("dealml", 1)]
    assert all(row in stored_scores(url) for row in before)


def test_a_store_of_a_newer_version_is_refused_and_left_alone(url: str) -> None:
    publish(url, [scores("D1")])
    run(url, "UPDATE store_version SET version = 7")
    before = Path(url.removeprefix("sqlite:///")).read_bytes() if url.startswith("sqlite") else stored(url)
    message = "scores.url: the score database is of version 7, and this dealml reads up to version 1; upgrade dealml"
    with pytest.raises(SetupError) as written:
        publish(url, [scores("D2")])
    with pytest.raises(SetupError) as read:
        stored_scores(url)
    with pytest.raises(SetupError) as override_read:
        stored_overrides(url)
    with pytest.raises(SetupError) as override_written:
        append_overrides(url, [])
    assert {str(error.value) for error in (written, read, override_read, override_written)} == {message}
    assert before == (Path(url.removeprefix("sqlite:///")).read_bytes() if url.startswith("sqlite") else stored(url))


def has_version_table(url: str) -> bool:
    engine = create_engine(with_driver(url))
    try:
        return inspect(engine).has_table("store_version")
    finally:
        engine.dispose()


def marked(url: str) -> list[tuple[str, int]]:
    engine = create_engine(with_driver(url))
    try:
        with engine.connect() as connection:
            return [(row.store, row.version) for row in connection.execute(text("SELECT * FROM store_version"))]
    finally:
        engine.dispose()
