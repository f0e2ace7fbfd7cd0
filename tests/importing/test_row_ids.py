"""Ids of rows that bring none: equal for equal content, whatever the order of rows and columns."""

import pandas as pd

from dealml.importing.row_ids import RowIds, ids_of_cells

ROWS = pd.DataFrame({"deal": ["D1", "D2", "D1"], "stage": ["Lead", "Lead", "Lead"]}, dtype="str")


def test_equal_rows_are_numbered() -> None:
    first, other, again = RowIds().of(ROWS)
    assert first.endswith("-1")
    assert again == first.removesuffix("-1") + "-2"
    assert other.split("-")[0] != first.split("-")[0]


def test_the_order_of_columns_and_rows_changes_no_id() -> None:
    assert set(RowIds().of(ROWS[["stage", "deal"]].iloc[::-1])) == set(RowIds().of(ROWS))


def test_numbers_go_on_in_the_next_chunk() -> None:
    ids = RowIds()
    assert [*ids.of(ROWS[:2]), *ids.of(ROWS[2:])] == [*RowIds().of(ROWS)]


def test_a_value_that_moves_to_another_column_gives_another_id() -> None:
    swapped = ROWS.rename(columns={"deal": "stage", "stage": "deal"})
    assert not set(RowIds().of(swapped)) & set(RowIds().of(ROWS))


def test_chosen_cells_make_an_id_in_one_unicode_form_whatever_their_order() -> None:
    composed = pd.DataFrame({"account": ["Caf\u00e9", "Cafe\u0301", None], "name": ["Pump", "Pump", None]}, dtype="str")
    ids = ids_of_cells(composed)
    assert ids[0] == ids[1]
    assert ids_of_cells(composed[["name", "account"]])[0] == ids[0]
    assert ids.isna().tolist() == [False, False, True]
