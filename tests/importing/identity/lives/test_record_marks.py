"""What a row says of its record: the marks of CRMs and connectors, in any spelling."""

from __future__ import annotations

import pandas as pd
import pytest

from dealml.importing.identity.lives.record_marks import follows_records, record_marks
from dealml.importing.mapping.mapping import Mapping
from dealml.importing.read import BROKEN, LINE


def marks(flag: str, condition: object, values: list[str], **keys: object) -> list[tuple[bool, bool]]:
    """Whether each row is active and whether it is deleted, of rows with a flag."""
    extract = {"file": "d.csv", "into": "deals", "columns": {"deal_id": "id", "occurred_at": "id"}, "where": {flag: condition}, **keys}
    mapping = Mapping.model_validate({"dealml": 1, "extracts": [extract]})
    rows = pd.DataFrame({"id": [f"D{n}" for n in range(len(values))], flag: values, BROKEN: [None] * len(values)}, dtype="str")
    rows[LINE] = range(2, len(values) + 2)
    assert follows_records(mapping.extracts[0])
    table = record_marks(rows, mapping.extracts[0], mapping)
    return list(zip(table["is_active"].to_pylist(), table["is_deleted"].to_pylist(), strict=True))


@pytest.mark.parametrize("flag", ["IsDeleted", "is_deleted", "_fivetran_deleted", "Deleted"])
@pytest.mark.parametrize("condition", ["false", {"not": ["true"]}])
def test_a_flag_that_where_keeps_out_is_a_deletion(flag: str, condition: object) -> None:
    assert marks(flag, condition, ["false", "true"]) == [(True, False), (False, True)]


def test_an_inactive_row_of_a_connector_is_flagged() -> None:
    assert marks("_fivetran_active", "true", ["true", "false"]) == [(True, False), (False, True)]


def test_a_mapping_that_selects_the_deleted_rows_makes_no_deletion_of_the_others() -> None:
    assert marks("IsDeleted", "true", ["true", "false"]) == [(True, False), (True, False)]


def test_an_empty_flag_is_no_deletion() -> None:
    assert marks("IsDeleted", "false", [""]) == [(True, False)]


def test_an_ordinary_condition_asks_for_nothing() -> None:
    extract = {"file": "d", "into": "deals", "columns": {"deal_id": "id", "occurred_at": "id"}, "where": {"stage": "x"}}
    assert not follows_records(Mapping.model_validate({"dealml": 1, "extracts": [extract]}).extracts[0])
