"""A job's progress as Prefect shows it: one progress bar for each step."""

from typing import cast
from uuid import UUID

from prefect.artifacts import create_progress_artifact, update_progress_artifact

from dealml.jobs.progress import Progress

LEAST_MOVE = 5.0
"""Percentage points below which a bar is not redrawn: each time is a request to the server."""


def bars(of: str) -> Progress:
    """Progress bars for a job.

    Parameters
    ----------
    of
        What the job does and to which model, such as `train deal_win`.
    """
    drawn: dict[str, tuple[UUID, float]] = {}

    def tell(step: str, done: int, total: int) -> None:
        percent = 100.0 * done / total if total else 100.0
        if step not in drawn:
            drawn[step] = _made(create_progress_artifact(percent, key(f"{of} {step}"), step)), percent
        elif percent - drawn[step][1] >= LEAST_MOVE or percent >= 100.0 > drawn[step][1]:
            drawn[step] = _made(update_progress_artifact(drawn[step][0], percent)), percent

    return tell


def _made(artifact: object) -> UUID:
    return cast("UUID", artifact)  # Prefect's signature leaves open whether it was awaited


def key(text: str) -> str:
    """A text as the key of an artifact: small letters, digits and dashes."""
    return "-".join("".join(letter if letter.isalnum() and letter.isascii() else " " for letter in text.lower()).split())
