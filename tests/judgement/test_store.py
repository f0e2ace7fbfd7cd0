"""Overrides in the score database, on SQLite and on a real PostgreSQL by the same setting."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from dealml.errors import SetupError
from dealml.judgement.store import append_overrides, stored_overrides
from dealml.settings import with_driver
from tests.judgement.override_fixtures import MONDAY, kept, number


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'scores.db'}"
    found: str = request.getfixturevalue("postgres")
    engine = create_engine(with_driver(found))
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS overrides"))
    engine.dispose()
    return found


def test_all_comes_back_as_it_was_kept(url: str) -> None:
    given = [
        kept(why="=1+1 <script>alert(1)</script>", who="zażółć 'x'; DROP TABLE overrides"),
        kept("D2", number(amount=None, currency="", close_date=None, category="")),
        kept(
            "D3", probability=None, amount=None, currency="", close_date=None, why="line\nline", made_at=MONDAY + timedelta(microseconds=7)
        ),
        kept("D4", probability=1.0),
    ]
    assert append_overrides(url, given) == 4
    assert sorted(stored_overrides(url), key=lambda one: one.override.deal_id) == given


def test_keeping_twice_keeps_once(url: str) -> None:
    append_overrides(url, [kept()])
    assert append_overrides(url, [kept(stored_at=MONDAY + timedelta(days=9)), kept("D2")]) == 1
    assert kept() in stored_overrides(url)


def test_nothing_is_put_over_an_earlier_one(url: str) -> None:
    append_overrides(url, [kept(), kept(probability=0.2, made_at=MONDAY + timedelta(days=1)), kept(beside=number(digest="d2"))])
    assert [one.override.probability for one in stored_overrides(url)] == [0.8, 0.8, 0.2]


def test_one_that_the_database_refuses_keeps_none(url: str) -> None:
    many = [kept(f"D{place}") for place in range(450)]
    broken = kept("D9", number(category=None))
    with pytest.raises(SetupError, match=r"scores\.url: the database at .* failed"):
        append_overrides(url, [*many, broken])
    assert stored_overrides(url) == []


def test_more_than_a_statement_holds(url: str) -> None:
    assert append_overrides(url, [kept(f"D{place}") for place in range(950)]) == 950
    assert len(stored_overrides(url)) == 950


def test_those_beside_one_model(url: str) -> None:
    append_overrides(url, [kept(), kept("D2", number(model="tiny"))])
    assert [one.override.deal_id for one in stored_overrides(url, "tiny")] == ["D2"]


def test_asking_makes_no_database(tmp_path: Path) -> None:
    assert stored_overrides(f"sqlite:///{tmp_path / 'scores.db'}") == []
    assert list(tmp_path.iterdir()) == []
