"""Connections: within limits, in the zone whose days count."""

from dealml.as_of.connection import QuerySettings, connect


def test_a_connection_has_its_limits() -> None:
    con = connect(QuerySettings(memory="200MB", threads=1))
    threads, limit = con.raw_sql("SELECT current_setting('threads'), current_setting('memory_limit')").fetchone()
    assert (threads, limit.startswith("190")) == (1, True)
