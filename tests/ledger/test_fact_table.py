"""The form of fact tables."""

from dealml.ledger.fact_table import CLOCKS, FactColumn, FactTable

TABLE = FactTable(
    "visits", "somebody came", (FactColumn("visit_id", "text", "the visit", required=True), FactColumn("minutes", "number", "how long"))
)


def test_a_table_has_its_own_columns_then_the_clocks() -> None:
    assert [column.name for column in TABLE.columns] == ["visit_id", "minutes", *(clock.name for clock in CLOCKS)]
    assert TABLE.entity == "visit_id"
    assert TABLE.empty.schema.equals(TABLE.schema)
    assert TABLE.empty_in_order.column_names[-1] == "_order"


def test_a_column_by_its_name() -> None:
    assert TABLE.column("minutes") == FactColumn("minutes", "number", "how long")
    assert TABLE.column("hours") is None
