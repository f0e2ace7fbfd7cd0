"""The form of a source's files: delimiter, encoding, header, and how numbers are written in them."""

from __future__ import annotations

import re
from typing import Literal, Self

from pydantic import Field, field_validator, model_validator

from dealml.importing.mapping.strict import Strict


class Csv(Strict):
    """How the source's CSV files are written."""

    delimiter: str = Field(default=",", min_length=1, max_length=1)
    encoding: str = "utf-8"
    decimal: Literal[".", ","] = "."
    grouping: str = Field(default="", max_length=4, pattern=r"^[ .,']*$")
    """The signs that may stand between groups of three digits; a blank stands for no-break and thin spaces too."""
    currency_marks: bool = False
    """Whether a currency, as a sign or a short word, may stand before or behind a number."""
    accounting: bool = False
    """Whether brackets, or a minus behind the number, make it negative."""
    header: tuple[str, ...] = ()
    """The names of the columns, in files that have no header."""
    escape: str | None = Field(default=None, min_length=1, max_length=1)
    """The sign before a quote or delimiter that is part of a text, such as a backslash."""
    skip: int = Field(default=0, ge=0)
    """Lines before the header, or before the rows where there is none."""
    sheet: str | None = None
    """The sheet of a workbook; the first when not given."""
    continues: str | None = None
    """The column whose empty cell says that a row continues the record above."""
    footer: str | None = None
    """A regular expression for the first cell of lines that follow the rows; these lines and all after them are no rows."""

    @field_validator("footer")
    @classmethod
    def _readable_pattern(cls, pattern: str | None) -> str | None:
        try:
            re.compile(pattern or "")
        except re.error as error:
            raise ValueError(f"not a regular expression ({error})") from error
        return pattern

    @model_validator(mode="after")
    def _two_signs(self) -> Self:
        if twice := [name for name in self.header if self.header.count(name) > 1]:
            raise ValueError(f"the column {twice[0]!r} stands twice in the header")
        if self.decimal in self.grouping:
            raise ValueError(f"{self.decimal!r} cannot both group digits and come before the decimals")
        return self
