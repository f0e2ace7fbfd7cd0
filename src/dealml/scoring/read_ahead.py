"""Read ahead: the next batch is made while the last one is written."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

Item = TypeVar("Item")


def read_ahead(items: Iterator[Item]) -> Iterator[Item]:
    """The items in their order, each made in a second thread while its predecessor is used.

    At most two exist at a time. An error of the iterator is raised where its item would have come. The iterator sees the context
    variables of its reader: a flow's progress is shown by them.
    """
    end, context = object(), copy_context()
    with ThreadPoolExecutor(max_workers=1) as pool:
        following = pool.submit(context.run, next, items, end)
        while (item := following.result()) is not end:
            following = pool.submit(context.run, next, items, end)
            yield item  # type: ignore[misc]
