"""A whole mapping: each extract's form of files, and the moment of the extract."""

from datetime import UTC, datetime
from typing import Any

import pytest

from dealml.importing.mapping.mapping import Mapping

EXTRACT = {"file": "f.csv", "into": "accounts", "columns": {"account_id": "a", "occurred_at": "t"}}


def mapping(**settings: Any) -> Mapping:
    return Mapping.model_validate({"dealml": 1, "extracts": [EXTRACT], **settings})


def test_an_extract_s_form_stands_on_the_mapping_s() -> None:
    own = mapping(csv={"delimiter": ";", "decimal": ","}, extracts=[EXTRACT, EXTRACT | {"csv": {"decimal": "."}}])
    forms = [own.of(extract).csv for extract in own.extracts]
    assert [(form.delimiter, form.decimal) for form in forms] == [(";", ","), (";", ".")]


def test_a_mapping_need_not_say_when_the_extract_was_taken() -> None:
    assert mapping().extract_time("UTC") is None


@pytest.mark.parametrize(
    ("keys", "at"),
    [
        ({}, datetime(2026, 5, 1, 4, tzinfo=UTC)),
        ({"time_zone": "UTC"}, datetime(2026, 5, 1, tzinfo=UTC)),
        ({"time_zone": "Europe/Warsaw"}, datetime(2026, 4, 30, 22, tzinfo=UTC)),
    ],
    ids=["the company's", "UTC", "the source's"],
)
def test_the_date_of_an_extract_is_in_the_zone_that_is_named(keys: dict[str, str], at: datetime) -> None:
    assert mapping(extracted_at="2026-05-01", **keys).extract_time("America/New_York") == at
