"""Parts of a mapping refuse what they do not know, and do not change."""

import pytest
from pydantic import ValidationError

from dealml.importing.mapping.strict import MappingError, Strict


class Part(Strict):
    """A part for the test."""

    name: str


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        Part.model_validate({"name": "a", "nam": "b"})


def test_what_is_read_does_not_change() -> None:
    part = Part(name="a")
    with pytest.raises(ValidationError, match="frozen"):
        part.name = "b"


def test_a_mistake_names_its_place_as_texts() -> None:
    assert MappingError(("extracts", 0, "into"), "no").path == ["extracts", "0", "into"]
