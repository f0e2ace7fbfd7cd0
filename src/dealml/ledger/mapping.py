"""Mapping files: how the files of an extract become facts (see `docs/mapping.md`)."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator

from dealml.errors import InputError
from dealml.ledger.cross_section import FACTS_AT
from dealml.ledger.schema import CHANGES_OF, TABLES

CHANGE_TABLES = frozenset(CHANGES_OF.values())
ENTITIES = ("deals", "accounts", "contacts")
"""Tables whose facts say that something came into being."""

CLOCKS_GIVEN = ("occurred_at", "recorded_at")
"""The clocks that an extract brings, unless it is a cross-section."""
_UNDATED = "a cross-section has no dates; leave it out"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _MappingError(Exception):
    """A mistake that only the whole mapping shows, with the place of its cause."""

    def __init__(self, path: tuple[str | int, ...], message: str) -> None:
        self.path, self.message = [str(part) for part in path], message


class ColumnOf(_Strict):
    """Where a value comes from: a column of the file, a constant, or the content of the row."""

    column: str | None = None
    constant: str | None = None
    row: Literal["content"] | None = None
    values: dict[str, str] | None = None
    format: str | None = None
    extract: str | None = None
    times: str | None = None

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


class KnownSince(_Strict):
    """The file's column that says since when a value was known."""

    column: str
    format: str | None = None


class Attribute(ColumnOf):
    """A column that becomes changes of an entity's attribute."""

    type: Literal["text", "number", "amount", "moment"] = "text"
    order: tuple[str, ...] | None = None
    known: Literal["created", "never"] | KnownSince | None = None


def _named(value: Any) -> Any:
    """Read a bare text as `{column: text}`."""
    return {"column": value} if isinstance(value, str) else value


class Where(_Strict):
    """A condition on the text of one column."""

    any_of: tuple[str, ...] | None = None
    not_: tuple[str, ...] | None = Field(default=None, alias="not")
    starts_with: str | None = None
    empty: bool | None = None


def _condition(value: Any) -> Any:
    """Read a bare text or a list as `{any_of: [...]}`."""
    if isinstance(value, str):
        return {"any_of": [value]}
    return {"any_of": value} if isinstance(value, list) else value


class Extract(_Strict):
    """One file that feeds one fact table."""

    file: str
    into: str
    keep: Literal["all", "first"] = "all"
    where: dict[str, Annotated[Where, BeforeValidator(_condition)]] = {}
    columns: dict[str, Annotated[ColumnOf, BeforeValidator(_named)]]
    attributes: dict[str, Annotated[Attribute, BeforeValidator(_named)]] = {}

    @field_validator("into")
    @classmethod
    def _known_table(cls, name: str) -> str:
        if name not in TABLES:
            raise ValueError(f"no such fact table; there are {', '.join(TABLES)}")
        return name

    @model_validator(mode="after")
    def _fits_the_table(self) -> Self:
        table = TABLES[self.into]
        given = set(self.columns)
        if unknown := sorted(given - {c.name for c in table.columns}):
            raise ValueError(f"{self.into} has no column {unknown[0]!r}; it has {', '.join(c.name for c in table.columns)}")
        written = {*CLOCKS_GIVEN} | ({"field"} if self.melts else set())
        if missing := [c.name for c in table.columns if c.required and c.name not in given | written]:
            raise ValueError(f"{self.into} needs the column {missing[0]!r}")
        if self.attributes and self.into not in {*CHANGES_OF, *CHANGE_TABLES}:
            raise ValueError("'attributes' go with deals, accounts and their changes only")
        if any(a.known for a in self.attributes.values()) and self.into not in CHANGES_OF:
            raise ValueError("'known' goes with deals and accounts only; history rows bring their own clocks")
        if self.keep == "first" and (self.attributes or self.into not in ENTITIES):
            raise ValueError("'keep: first' goes with deals, accounts and contacts, without attributes")
        for name, origin in [*self.columns.items(), *self.attributes.items()]:
            if origin.times and self._type_of(name) != "amount":
                raise ValueError(f"'times' makes amounts; {name} is none")
            if origin.row and not (name in self.columns and name.endswith("_id")):
                raise ValueError(f"'row' makes ids; {name} is none")
        return self

    def _type_of(self, name: str) -> str:
        column = TABLES[self.into].column(name)
        return self.attributes[name].type if name in self.attributes else column.type if column else ""

    @property
    def melts(self) -> bool:
        """Whether rows are history themselves, one change for each attribute."""
        return self.into in CHANGE_TABLES and bool(self.attributes)


class Csv(_Strict):
    """How the source's CSV files are written."""

    delimiter: str = Field(default=",", min_length=1, max_length=1)
    encoding: str = "utf-8"
    decimal: Literal[".", ","] = "."


class Mapping(_Strict):
    """A whole mapping file."""

    dealml: Literal[1]
    cross_section: bool = False
    extracts: tuple[Extract, ...] = Field(min_length=1)
    extracted_at: datetime | date | None = None
    time_zone: str = "UTC"
    csv: Csv = Csv()
    nulls: tuple[str, ...] = ("",)

    @field_validator("time_zone")
    @classmethod
    def _existing_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"no such time zone: {name!r}") from error
        return name

    @model_validator(mode="after")
    def _dated_or_not(self) -> Self:
        if self.cross_section and self.extracted_at is not None:
            raise _MappingError(("extracted_at",), _UNDATED)
        for number, extract in enumerate(self.extracts):
            if self.cross_section:
                _require_no_dates(extract, ("extracts", number))
            elif "occurred_at" not in extract.columns:
                raise _MappingError(("extracts", number), f"{extract.into} needs the column 'occurred_at'")
        return self

    def extract_time(self, otherwise: datetime) -> datetime:
        """When the extract was taken, in UTC; `otherwise` where the mapping is silent."""
        if self.cross_section:
            return FACTS_AT
        at = self.extracted_at
        if at is None:
            return otherwise
        if not isinstance(at, datetime):
            at = datetime.combine(at, time())
        return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(self.time_zone))).astimezone(UTC)


def _require_no_dates(extract: Extract, path: tuple[str | int, ...]) -> None:
    for clock in CLOCKS_GIVEN:
        if clock in extract.columns:
            raise _MappingError((*path, "columns", clock), _UNDATED)
    for name, attribute in extract.attributes.items():
        if attribute.known not in (None, "never"):
            raise _MappingError((*path, "attributes", name, "known"), "in a cross-section a value is known or it is 'never' known")


def load_mapping(path: Path) -> Mapping:
    """Read and check a mapping file.

    Raises
    ------
    InputError
        With the file, the line and the key of the first mistake.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot read the mapping ({error})") from error
    try:
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
        content = yaml.safe_load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise InputError(f"{path}:{mark.line + 1 if mark else 1}: not valid YAML ({getattr(error, 'problem', error)})") from error
    try:
        return Mapping.model_validate(content)
    except _MappingError as mistake:
        line, key = _locate(tree, mistake.path, missing=False)
        raise InputError(f"{path}:{line}: {key}: {mistake.message}") from mistake
    except ValidationError as error:
        first = error.errors()[0]
        line, key = _locate(tree, [str(part) for part in first["loc"]], missing=first["type"] == "missing")
        raise InputError(f"{path}:{line}: {key or 'mapping'}: {first['msg'].removeprefix('Value error, ')}") from error


def _locate(node: yaml.Node | None, parts: list[str], missing: bool) -> tuple[int, str]:
    """The line and dotted key that are nearest to an error's place.

    pydantic puts the names of a choice's branches there too; of what the file does not hold, only a
    missing key is named.
    """
    line, key = (node.start_mark.line + 1 if node else 1), []
    for part in parts:
        step = _step(node, part)
        if step is not None:
            line, node = step
            key.append(part)
        elif missing and part == parts[-1]:
            key.append(part)
    return line, ".".join(key)


def _step(node: yaml.Node | None, part: str) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        return next(((k.start_mark.line + 1, v) for k, v in node.value if k.value == part), None)
    if isinstance(node, yaml.SequenceNode) and part.isdigit() and int(part) < len(node.value):
        return node.value[int(part)].start_mark.line + 1, node.value[int(part)]
    return None
