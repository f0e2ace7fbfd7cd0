"""Extracts of a mapping: one file that feeds one fact table."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, field_validator, model_validator

from dealml.importing.mapping.column import Attribute, ColumnOf, as_column
from dealml.importing.mapping.csv_form import Csv
from dealml.importing.mapping.strict import Strict
from dealml.importing.mapping.where import Where, as_condition
from dealml.ledger.schema import CHANGES_OF, TABLES

CHANGE_TABLES = frozenset(CHANGES_OF.values())
ENTITIES = ("deals", "accounts", "contacts")
"""Tables whose facts say that something came into being."""

RECORDS = (*ENTITIES, "leads")
"""Tables of records, which a CRM deletes, restores and merges; leads have a fact for each of their events."""

RECORD_KEYS = ("deleted", "deleted_at", "merged_into", "merged_at", "full")
"""The keys of an extract that say what the CRM does to its records."""

SPLIT_TABLES = ("account_changes", "activities", "deal_changes", "lead_changes", "milestones", "stakeholders")
"""Tables of which a row may be several facts, one for each text of a cell."""

BELONGS_TO = ("deal_id", "account_id", "lead_id")
"""Of which an activity needs one."""

CLOCKS_GIVEN = ("occurred_at", "recorded_at")
"""The clocks that an extract brings, unless it is a cross-section."""


class Extract(Strict):
    """One file that feeds one fact table."""

    file: str
    into: str
    keep: Literal["all", "first"] = "all"
    empty: Literal["cleared", "unchanged"] | None = None
    """What an empty cell of a history says of its attribute."""
    latest: str | None = None
    """The column by which, of several rows of one record, the latest is found."""
    deleted: dict[str, Annotated[Where, BeforeValidator(as_condition)]] = {}
    """Which rows tell that the CRM deleted their record."""
    deleted_at: Annotated[ColumnOf | None, BeforeValidator(as_column)] = None
    merged_into: Annotated[ColumnOf | None, BeforeValidator(as_column)] = None
    """The record that a row's record became part of."""
    merged_at: Annotated[ColumnOf | None, BeforeValidator(as_column)] = None
    full: bool = False
    """Whether the file holds every record that the CRM has, so that one that is missing is deleted."""
    where: dict[str, Annotated[Where, BeforeValidator(as_condition)]] = {}
    csv: Csv | None = None
    """How the file is written, where it differs from the mapping's `csv`."""
    columns: dict[str, Annotated[ColumnOf, BeforeValidator(as_column)]]
    attributes: dict[str, Annotated[Attribute, BeforeValidator(as_column)]] = {}

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
            raise ValueError("'attributes' go with deals, accounts, leads and their changes only")
        if any(a.known for a in self.attributes.values()) and self.into not in CHANGES_OF:
            raise ValueError("'known' goes with deals, accounts and leads only; history rows bring their own clocks")
        if self.empty and not self.melts:
            raise ValueError("'empty' goes with the attributes of deal_changes, account_changes and lead_changes only")
        if self.keep == "first" and (self.attributes or self.into not in ENTITIES):
            raise ValueError("'keep: first' goes with deals, accounts and contacts, without attributes")
        self._check_records()
        self._check_leads()
        for name, origin in [*self.columns.items(), *self.attributes.items()]:
            if origin.times and self._type_of(name) != "amount":
                raise ValueError(f"'times' makes amounts; {name} is none")
            if origin.split:
                self._check_split(name)
            if origin.inverse and not (self.into == "rates" and name == "rate"):
                raise ValueError(f"'inverse' goes with the rate of rates only; {name} is none")
            if origin.row and not (name in self.columns and name.endswith("_id")):
                raise ValueError(f"'row' makes ids; {name} is none")
        return self

    def _check_records(self) -> None:
        """Check the keys that say what a CRM does to its records."""
        keys = [key for key in RECORD_KEYS if getattr(self, key)]
        if keys and (self.into not in RECORDS or self.keep == "first"):
            raise ValueError(f"{keys[0]!r} goes with deals, accounts, contacts and leads only, and not with 'keep: first'")
        if self.latest and (self.into not in (*RECORDS, "outcomes") or self.keep == "first"):
            raise ValueError("'latest' goes with deals, accounts, contacts, leads and outcomes only, and not with 'keep: first'")
        for key, needed in (("deleted_at", "deleted"), ("merged_at", "merged_into")):
            if getattr(self, key) and not getattr(self, needed):
                raise ValueError(f"{key!r} needs {needed!r}")

    def _check_leads(self) -> None:
        """Check what leads need: a row for each where it has attributes of today, and for an activity somebody it belongs to."""
        if self.into == "leads" and self.attributes and not self.columns["event"].constant:
            raise ValueError("'attributes' of leads need a row for each lead: an 'event' that is a constant")
        if self.into == "activities" and not self.columns.keys() & set(BELONGS_TO):
            raise ValueError(f"activities need one of the columns {', '.join(BELONGS_TO)}")

    def _check_split(self, name: str) -> None:
        """Check a cell of several texts: each is a fact, so what is counted or added up must not be repeated with it."""
        in_rows = self.into in SPLIT_TABLES and name not in (TABLES[self.into].entity, "field")
        if self._type_of(name) != "text" or not (name in self.attributes or in_rows):
            raise ValueError(f"'split' goes with texts among attributes, and with those of {', '.join(SPLIT_TABLES)}; {name} is none")
        if name in self.columns and sum(1 for origin in self.columns.values() if origin.split) > 1:
            raise ValueError("'split' goes with one of the columns only")

    def _type_of(self, name: str) -> str:
        column = TABLES[self.into].column(name)
        return self.attributes[name].type if name in self.attributes else column.type if column else ""

    @property
    def empties_clear(self) -> bool:
        """Whether an empty cell clears its attribute, and does not leave it as it was.

        A history with a row for each attribute has no row for what stays. One with several attributes in a row often
        fills only what changed, so there the mapping has to say it.
        """
        if self.empty:
            return self.empty == "cleared"
        return not self.melts or len(self.attributes) == 1

    @property
    def lists_leads(self) -> bool:
        """Whether a row is a lead that came in, and not one of several events."""
        return self.into == "leads" and self.columns["event"].constant == "created"

    @property
    def melts(self) -> bool:
        """Whether rows are history themselves, one change for each attribute."""
        return self.into in CHANGE_TABLES and bool(self.attributes)


def tells_currency(extract: Extract) -> bool:
    """Whether an extract may say in which currency deals are."""
    if "currency" in extract.attributes:
        return extract.into in ("deals", "deal_changes")
    field = extract.columns.get("field") if extract.into == "deal_changes" else None
    if field is None:
        return False
    return "currency" in field.values.values() if field.values else field.constant in (None, "currency")
