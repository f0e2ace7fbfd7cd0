"""Columns from their names, each with its kind."""

from dealml.page.exports.table import ExportColumn, columns


def test_a_column_is_text_unless_it_has_a_kind() -> None:
    assert columns("deal amount:money won:share") == (
        ExportColumn("deal", "text"),
        ExportColumn("amount", "money"),
        ExportColumn("won", "share"),
    )
