"""Columns of a mapping: one origin each, formats that can be read, spans that can be added."""

import pytest
from pydantic import ValidationError

from dealml.importing.mapping.column import Attribute, ColumnOf, KnownSince, as_column


def test_a_bare_text_names_a_column() -> None:
    assert ColumnOf.model_validate(as_column("Created")).column == "Created"


@pytest.mark.parametrize("content", [{}, {"column": "a", "constant": "b"}, {"column": "a", "row": "content"}])
def test_a_value_has_one_origin(content: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="give either 'column' or 'constant'"):
        ColumnOf.model_validate(content)


@pytest.mark.parametrize("kind", [ColumnOf, KnownSince, Attribute])
def test_a_format_is_checked_when_the_mapping_is_read(kind: type[ColumnOf] | type[KnownSince]) -> None:
    with pytest.raises(ValidationError, match="no such directive"):
        kind.model_validate({"column": "a", "format": "%s"})


@pytest.mark.parametrize("span", ["30", "30 hours", "a days", "1.5 days", "99999 days"])
def test_spans_are_whole_days_weeks_or_months(span: str) -> None:
    with pytest.raises(ValidationError, match="add"):
        ColumnOf.model_validate({"column": "a", "add": span})


def test_the_columns_that_make_an_id() -> None:
    assert ColumnOf.model_validate({"row": {"of": ["a", "b"]}}).id_columns == ("a", "b")
    assert ColumnOf(column="a").id_columns == ()
