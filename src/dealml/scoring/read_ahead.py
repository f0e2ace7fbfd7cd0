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
    context = copy_context()

    def following() -> tuple[Item] | None:
        """The next item, in a tuple, since an item may be None; None at the end."""
        return next(((item,) for item in items), None)

    with ThreadPoolExecutor(max_workers=1) as pool:
        waiting = pool.submit(context.run, following)
        while (item := waiting.result()) is not None:
            waiting = pool.submit(context.run, following)
            yield item[0]
