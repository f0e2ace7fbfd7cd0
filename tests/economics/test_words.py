"""A case in words and as a record."""

from __future__ import annotations

import json

from dealml.economics.words import as_record, lines_of
from tests.economics.economics_fixtures import HandMade


def test_lines_follow_the_formula(by_hand: HandMade) -> None:
    lines = {line.name: line for line in lines_of(by_hand.report().of("small").to_dict())}
    names = list(lines)
    assert names.index("price after discount") < names.index("= gross margin") < names.index("= expected value")
    assert "P(becomes a deal)" not in names
    assert lines["− cost to pursue"].source == "look-alikes: same stage and segment, n=3"
    parts = [line.value for line in lines.values() if "P(win) ×" in line.name or line.name == "− cost to pursue"]
    assert sum(parts) == by_hand.value("small", "expected_value")


def test_a_term_that_is_not_declared_has_no_part(by_hand: HandMade) -> None:
    names = [line.name for line in lines_of(by_hand.report().of("large").to_dict())]
    assert "+ P(win) × strategic value" not in names
    assert "strategic value" in names


def test_a_record_says_what_each_term_does_when_it_is_missing(by_hand: HandMade) -> None:
    record = as_record(by_hand.report().of("large").to_dict())
    assert record["without"] == ["strategic_value"]
    assert record["unknown"] == []
    assert record["terms"]["strategic_value"]["missing"] == "left out of it"
    assert record["terms"]["win"]["missing"] == "no expected value"
    assert json.loads(json.dumps(record["parts"])).keys() == {
        "margin_to_payback",
        "margin_after",
        "expansion",
        "strategic_value",
        "cost_to_pursue",
    }
