"""Which rows `where` takes, and which `deleted` leaves."""

from __future__ import annotations

import pandas as pd
import pytest

from dealml.importing.mapping.extract import Extract
from dealml.importing.mapping.mapping import Mapping
from dealml.importing.read import BROKEN
from dealml.importing.selection import selected_rows

ROWS = pd.DataFrame({"kind": ["New", "Renewal", "", " New "], "gone": ["false", "true", "false", "true"], BROKEN: [None] * 4}, dtype="str")


def taken(**keys: object) -> list[bool]:
    """Which of the rows an extract takes."""
    extract = {"file": "d.csv", "into": "deals", "columns": {"deal_id": "kind", "occurred_at": "kind"}, **keys}
    mapping = Mapping.model_validate({"dealml": 1, "extracts": [extract]})
    return list(selected_rows(ROWS, mapping.extracts[0], mapping))


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        ("New", [True, False, False, True]),
        (["New", "Renewal"], [True, True, False, True]),
        ({"not": ["New"]}, [False, True, True, False]),
        ({"starts_with": "Re"}, [False, True, False, False]),
        ({"empty": True}, [False, False, True, False]),
    ],
)
def test_a_condition_looks_at_the_trimmed_text(condition: object, rows: list[bool]) -> None:
    assert taken(where={"kind": condition}) == rows


def test_a_row_that_tells_of_a_deletion_is_not_taken() -> None:
    assert taken(where={"kind": "New"}, deleted={"gone": "true"}) == [True, False, False, False]


def test_deleted_goes_with_records_only() -> None:
    with pytest.raises(ValueError, match="'deleted' goes with deals, accounts, contacts and leads only"):
        Extract.model_validate(
            {"file": "d", "into": "usage", "deleted": {"a": "b"}, "columns": {"account_id": "a", "metric": "m", "occurred_at": "o"}}
        )


def test_a_condition_is_compared_in_one_form_of_unicode() -> None:
    rows = pd.DataFrame({"kind": ["Wygran\u0301a", "Wygra\u0144a", "Otwarta"], BROKEN: [None] * 3}, dtype="str")
    extract = {"file": "d.csv", "into": "deals", "columns": {"deal_id": "kind", "occurred_at": "kind"}, "where": {"kind": "Wygra\u0144a"}}
    mapping = Mapping.model_validate({"dealml": 1, "extracts": [extract]})
    assert list(selected_rows(rows, mapping.extracts[0], mapping)) == [True, True, False]
