"""Which failures a retry can mend: a lock that is held, a database that is away; never the input or the model."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from prefect import Task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun

from dealml import SetupError

DELAYS = [10.0, 60.0, 300.0]
P = ParamSpec("P")
R = TypeVar("R")


def job(name: str, run_name: str | None = None) -> Callable[[Callable[P, R]], Task[P, R]]:
    """Make a function that runs one of dealml's jobs a task, retried where that helps."""
    return lambda function: Task(
        function,
        name=name,
        task_run_name=run_name,
        cache_policy=NO_CACHE,
        retries=len(DELAYS),
        retry_delay_seconds=DELAYS,
        retry_condition_fn=mendable,
    )


def mendable(_task: Any, _run: TaskRun, state: State[Any]) -> bool:
    """Whether a task failed for a reason that time may mend."""
    return isinstance(state.result(raise_on_failure=False), SetupError)
