"""The data contract's document is written from the tables, and current."""

from pathlib import Path

from dealml.ledger.schema import CHANGES_OF, TABLES
from dealml.ledger.schema_docs import markdown

DOCUMENT = Path(__file__).parents[2] / "docs" / "data-contract.md"


def test_the_document_is_current() -> None:
    assert DOCUMENT.read_text(encoding="utf-8") == markdown(), "write it again: dealml.ledger.schema_docs.markdown()"


def test_every_table_and_column_is_in_it() -> None:
    text = markdown()
    for table in TABLES.values():
        section = text.split(f"## {table.name}\n")[1].split("\n## ")[0]
        assert all(f"| `{column.name}` | {column.type} |" in section for column in table.fact_columns)


def test_every_number_has_a_unit() -> None:
    free = {(changes, column) for changes in CHANGES_OF.values() for column in ("number", "amount")}
    for table in TABLES.values():
        for column in table.fact_columns:
            if column.type in ("number", "integer", "amount") and (table.name, column.name) not in free:
                assert column.unit, f"{table.name}.{column.name}"
