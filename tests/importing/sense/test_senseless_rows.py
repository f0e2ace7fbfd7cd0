"""A finding names the column of the file, or its own name where the file has none."""

from __future__ import annotations

from pathlib import Path

from dealml.importing.mapping.extract import Extract
from dealml.importing.sense.senseless_rows import NewFacts


def test_a_column_goes_by_its_name_in_the_file() -> None:
    columns = {"deal_id": {"column": "Id"}, "outcome": {"constant": "won"}, "occurred_at": {"column": "At"}}
    extract = Extract.model_validate({"file": "x.csv", "into": "outcomes", "columns": columns})
    facts = NewFacts(0, extract, {"outcomes": Path("x.parquet")})
    assert (facts.column("deal_id"), facts.column("outcome"), facts.column("reason")) == ("Id", "outcome", "reason")
