"""The demo's mapping speaks of the simulator's files and columns, and of the contract's tables."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from dealml.ledger.schema import TABLES
from tests.simulate.conftest import Simulated

MAPPING = Path(__file__).parents[2] / "examples" / "demo" / "mapping.yaml"
EXTRACTS: list[dict[str, Any]] = yaml.safe_load(MAPPING.read_text(encoding="utf-8"))["extracts"]


def _rules(extract: dict[str, Any]) -> list[dict[str, Any]]:
    given = [*extract["columns"].values(), *extract.get("attributes", {}).values()]
    rules = [rule if isinstance(rule, dict) else {"column": rule} for rule in given]
    return [rule for rule in rules if "constant" not in rule]


@pytest.mark.parametrize("extract", EXTRACTS, ids=lambda extract: extract["file"])
def test_names_only_what_exists(small: Simulated, extract: dict[str, Any]):
    columns = small.table(extract["file"].removesuffix(".csv")).columns
    assert {rule["column"] for rule in _rules(extract)} <= set(columns)
    assert {"occurred_at", "recorded_at"} <= set(extract["columns"])
    table = TABLES[extract["into"]]
    assert all(table.column(name) for name in extract["columns"])
    for column in table.columns:
        assert column.name in extract["columns"] or not column.required or column.name == "field"


@pytest.mark.parametrize("extract", EXTRACTS, ids=lambda extract: extract["file"])
def test_lists_every_value(small: Simulated, extract: dict[str, Any]):
    table = small.table(extract["file"].removesuffix(".csv"))
    for rule in _rules(extract):
        if "values" in rule:
            assert set(table[rule["column"]]) == set(rule["values"])
        if "order" in rule:
            assert set(table[rule["column"]]) - set(rule["order"]) == {"", "Closed Won", "Closed Lost"}


def test_every_file_is_mapped(small: Simulated):
    assert {extract["file"] for extract in EXTRACTS} == {path.name for path in (small.folder / "export").iterdir()}


def test_hindsight_stays_out():
    deals = next(extract for extract in EXTRACTS if extract["into"] == "deals")
    never = {name for name, rule in deals["attributes"].items() if isinstance(rule, dict) and rule["known"] == "never"}
    assert never == {"close_reason", "final_amount"}
