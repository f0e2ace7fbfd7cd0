"""Conditions of a mapping: which rows of a file an extract takes."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from dealml.importing.mapping.strict import Strict


class Where(Strict):
    """A condition on the text of one column."""

    any_of: tuple[str, ...] | None = None
    not_: tuple[str, ...] | None = Field(default=None, alias="not")
    starts_with: str | None = None
    empty: bool | None = None


def as_condition(value: Any) -> Any:
    """Read a bare text or a list as `{any_of: [...]}`."""
    if isinstance(value, str):
        return {"any_of": [value]}
    return {"any_of": value} if isinstance(value, list) else value
