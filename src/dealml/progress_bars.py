"""Progress bars on standard error, or in a notebook; nothing where nobody looks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Progress = Callable[[str, int, int], None]
"""Called with a step's name, how much of it is done, and of how much."""


def is_watched() -> bool:
    """Whether a person can see a progress bar: standard error is a terminal, or this is a notebook."""
    return sys.stderr.isatty() or _in_notebook()


@contextmanager
def progress_bars() -> Iterator[Progress]:
    """A progress bar for each step where a person looks at it; elsewhere nothing."""
    if not is_watched():
        yield lambda step, done, of: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TaskID, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    steps: dict[str, TaskID] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:,.0f}/{task.total:,.0f}"), TimeElapsedColumn())
    console = Console(stderr=not _in_notebook())
    with Bars(*columns, console=console, transient=True) as bars:

        def report(step: str, done: int, of: int) -> None:
            if step not in steps:
                steps[step] = bars.add_task(step, total=of)
            bars.update(steps[step], completed=done, total=of)

        yield report


def _in_notebook() -> bool:
    # Jupyter's kernel has always loaded IPython by the time user code runs, so this never imports it.
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return type(shell).__name__ == "ZMQInteractiveShell"
