"""The base of a mapping's parts: unknown keys are refused, and nothing changes once it is read."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Strict(BaseModel):
    """A part of a mapping."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class MappingError(Exception):
    """A mistake that only the whole mapping shows, with the place of its cause."""

    def __init__(self, path: tuple[str | int, ...], message: str) -> None:
        self.path, self.message = [str(part) for part in path], message
