"""A job's progress as Prefect shows it: one progress bar for each step."""

from typing import cast
from uuid import UUID

from prefect.artifacts import create_progress_artifact, update_progress_artifact

from dealml.flows import Progress

MIN_STEP = 5.0
"""A bar is redrawn after this many percentage points: each time is a request to the server."""


def bars(of: str) -> Progress:
    """Progress bars for a job.

    Parameters
    ----------
    of
        What the job does and to which model, such as `train deal_win`.
    """
    bar_by_step: dict[str, tuple[UUID, float]] = {}

    def report(step: str, done: int, total: int) -> None:
        percent = 100.0 * done / total if total else 100.0
        if step not in bar_by_step:
            bar_by_step[step] = _artifact_id(create_progress_artifact(percent, key(f"{of} {step}"), step)), percent
        elif percent - bar_by_step[step][1] >= MIN_STEP or percent >= 100.0 > bar_by_step[step][1]:
            bar_by_step[step] = _artifact_id(update_progress_artifact(bar_by_step[step][0], percent)), percent

    return report


def _artifact_id(artifact: object) -> UUID:
    return cast("UUID", artifact)  # Prefect's signature leaves open whether it was awaited


def key(text: str) -> str:
    """A text as the key of an artifact: small letters, digits and dashes."""
    return "-".join("".join(letter if letter.isalnum() and letter.isascii() else " " for letter in text.lower()).split())
