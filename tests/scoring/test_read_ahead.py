"""The next item is made while the last one is used."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextvars import ContextVar

import pytest

from dealml.scoring.read_ahead import read_ahead


def test_the_order_stays() -> None:
    assert list(read_ahead(iter(range(5)))) == [0, 1, 2, 3, 4]
    assert list(read_ahead(iter(()))) == []


def test_the_next_item_is_made_meanwhile_and_no_more() -> None:
    made = [threading.Event() for _ in range(4)]

    def items() -> Iterator[int]:
        for place, event in enumerate(made):
            event.set()
            yield place

    ahead = read_ahead(items())
    assert next(ahead) == 0
    assert made[1].wait(10)
    assert not made[2].is_set()


def test_an_error_comes_in_its_place() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise OSError("the disk is full")

    ahead = read_ahead(items())
    assert next(ahead) == 1
    with pytest.raises(OSError, match="the disk is full"):
        next(ahead)


def test_the_iterator_sees_the_context_of_its_reader() -> None:
    run = ContextVar("run", default="none")
    run.set("flow")
    assert list(read_ahead(run.get() for _ in range(2))) == ["flow", "flow"]
