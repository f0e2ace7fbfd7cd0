"""Mapping: how the files of an extract become facts (see `docs/mapping.md`)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator, model_validator

from dealml.importing.mapping.csv_form import Csv
from dealml.importing.mapping.extract import CLOCKS_GIVEN, RECORD_KEYS, Extract
from dealml.importing.mapping.strict import MappingError, Strict
from dealml.ledger.cross_section import FACTS_AT

_UNDATED = "a cross-section has no dates; leave it out"


class Mapping(Strict):
    """A whole mapping file."""

    dealml: Literal[1]
    cross_section: bool = False
    extracts: tuple[Extract, ...] = Field(min_length=1)
    extracted_at: datetime | date | None = None
    time_zone: str = "UTC"
    csv: Csv = Csv()
    nulls: tuple[str, ...] = ("",)

    @model_validator(mode="before")
    @classmethod
    def _forms_in_full(cls, content: Any) -> Any:
        """Give an extract's form of files the mapping's own where it says nothing."""
        extracts = content.get("extracts") if isinstance(content, dict) else None
        if not isinstance(extracts, list) or not isinstance(content.get("csv", {}), dict):
            return content
        with_forms = [
            {**extract, "csv": {**content.get("csv", {}), **extract["csv"]}}
            if isinstance(extract, dict) and isinstance(extract.get("csv"), dict)
            else extract
            for extract in extracts
        ]
        return {**content, "extracts": with_forms}

    @field_validator("extracted_at", mode="before")
    @classmethod
    def _date_alone(cls, given: object) -> object:
        """A date in quotation marks is a date too, and no midnight."""
        try:
            return date.fromisoformat(given) if isinstance(given, str) else given
        except ValueError:
            return given

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
            raise MappingError(("extracted_at",), _UNDATED)
        for number, extract in enumerate(self.extracts):
            if self.cross_section:
                _require_no_dates(extract, ("extracts", number))
            elif "occurred_at" not in extract.columns and extract.into != "record_events":
                raise MappingError(("extracts", number), f"{extract.into} needs the column 'occurred_at'")
        return self

    def of(self, extract: Extract) -> Mapping:
        """The mapping as it holds for one extract, whose file may be written in another form."""
        return self.model_copy(update={"csv": extract.csv}) if extract.csv else self

    def extract_time(self, company_zone: str) -> datetime | None:
        """When the extract was taken, in UTC; None where the mapping is silent.

        A date alone, and a time without a zone, are in the mapping's zone; where it names none, a date alone is in the company's.
        """
        if self.cross_section:
            return FACTS_AT
        at = self.extracted_at
        if at is None:
            return None
        if not isinstance(at, datetime):
            zone = self.time_zone if "time_zone" in self.model_fields_set else company_zone
            return datetime.combine(at, time(), ZoneInfo(zone)).astimezone(UTC)
        return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(self.time_zone))).astimezone(UTC)


def _require_no_dates(extract: Extract, path: tuple[str | int, ...]) -> None:
    for key in RECORD_KEYS:
        if getattr(extract, key):
            raise MappingError((*path, key), "a cross-section shows each record once; leave it out")
    if extract.into == "record_events":
        raise MappingError((*path, "into"), "a cross-section shows each record once; it has no record_events")
    for clock in CLOCKS_GIVEN:
        if clock in extract.columns:
            raise MappingError((*path, "columns", clock), _UNDATED)
    for name, attribute in extract.attributes.items():
        if attribute.split:
            raise MappingError((*path, "attributes", name, "split"), "a cross-section has one value of each attribute; leave it out")
        if attribute.known not in (None, "never"):
            raise MappingError((*path, "attributes", name, "known"), "in a cross-section a value is known or it is 'never' known")
