"""Columns of a mapping: where a value comes from, and how its text is read."""

from __future__ import annotations

import re
from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from dealml.importing.mapping.strict import Strict
from dealml.importing.parsing.time_formats import time_format_problem


def checked_format(form: str | None) -> str | None:
    """A time format, if it can be used."""
    if form is not None and (problem := time_format_problem(form)):
        raise ValueError(problem)
    return form


class RowOf(Strict):
    """The columns that make up a record's id where the source has none."""

    of: tuple[str, ...] = Field(min_length=1)


class ColumnOf(Strict):
    """Where a value comes from: a column of the file, a constant, or the content of the row."""

    column: str | None = None
    constant: str | None = None
    row: Literal["content"] | RowOf | None = None
    values: dict[str, str] | None = None
    format: str | None = None
    extract: str | None = None
    times: str | None = None
    add: str | None = Field(default=None, pattern=r"^-?[0-9]{1,4} (days|weeks|months)$")
    """A span of time that is added to a date."""
    negative: bool = False
    """Whether an amount of a deal may be negative."""
    split: str | None = Field(default=None, min_length=1, max_length=4)
    """The sign between the texts of a field of several values; each is a fact."""
    inverse: bool = False
    """Whether an exchange rate is given the other way round, and 1 divided by it is the rate."""

    @model_validator(mode="after")
    def _one_origin(self) -> Self:
        if (self.column, self.constant, self.row).count(None) != 2:
            raise ValueError("give either 'column' or 'constant'")
        return self

    @field_validator("extract")
    @classmethod
    def _one_group(cls, pattern: str) -> str:
        try:
            groups = re.compile(pattern).groups
        except re.error as error:
            raise ValueError(f"not a regular expression ({error})") from error
        if groups != 1:
            raise ValueError("needs exactly one group, which is the value")
        return pattern

    @field_validator("format")
    @classmethod
    def _readable_format(cls, form: str | None) -> str | None:
        return checked_format(form)

    @property
    def id_columns(self) -> tuple[str, ...]:
        """The columns of the file that make up an id (`row: {of: …}`)."""
        return self.row.of if isinstance(self.row, RowOf) else ()


class KnownSince(Strict):
    """The file's column that says since when a value was known."""

    column: str
    format: str | None = None

    @field_validator("format")
    @classmethod
    def _readable_format(cls, form: str | None) -> str | None:
        return checked_format(form)


class Attribute(ColumnOf):
    """A column that becomes changes of an entity's attribute."""

    type: Literal["text", "number", "amount", "moment", "day"] = "text"
    order: tuple[str, ...] | None = None
    known: Literal["created", "never"] | KnownSince | None = None


def as_column(value: Any) -> Any:
    """Read a bare text as `{column: text}`."""
    return {"column": value} if isinstance(value, str) else value
