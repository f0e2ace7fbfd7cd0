"""Connections: within limits, in the zone whose days count."""

from dealml.as_of.connection import QuerySettings, connect


def test_a_connection_has_its_limits() -> None:
    con = connect(QuerySettings(memory="200MB", threads=1))
    threads, limit = con.raw_sql("SELECT current_setting('threads'), current_setting('memory_limit')").fetchone()
    assert (threads, limit.startswith("190")) == (1, True)


def test_days_begin_in_the_zone() -> None:
    con = connect(QuerySettings(time_zone="Europe/Warsaw"))
    (monday,) = con.raw_sql("SELECT date_trunc('week', TIMESTAMPTZ '2026-01-11 23:30:00+00')::TEXT").fetchone()
    assert monday == "2026-01-12 00:00:00+01"
    assert str(QuerySettings(time_zone="Europe/Warsaw").zone) == "Europe/Warsaw"
