"""A whole mapping: each extract's form of files, and the moment of the extract."""

from datetime import UTC, datetime
from typing import Any

from dealml.importing.mapping.mapping import Mapping

EXTRACT = {"file": "f.csv", "into": "accounts", "columns": {"account_id": "a", "occurred_at": "t"}}


def mapping(**settings: Any) -> Mapping:
    return Mapping.model_validate({"dealml": 1, "extracts": [EXTRACT], **settings})


def test_an_extract_s_form_stands_on_the_mapping_s() -> None:
    own = mapping(csv={"delimiter": ";", "decimal": ","}, extracts=[EXTRACT, EXTRACT | {"csv": {"decimal": "."}}])
    forms = [own.of(extract).csv for extract in own.extracts]
    assert [(form.delimiter, form.decimal) for form in forms] == [(";", ","), (";", ".")]


def test_without_a_time_the_extract_was_taken_when_it_is_imported() -> None:
    now = datetime(2026, 5, 1, tzinfo=UTC)
    assert mapping().extract_time(now) == now
