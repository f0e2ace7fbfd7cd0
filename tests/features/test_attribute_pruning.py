"""Which attributes features ask for is read off what they sum up, and never guessed."""

from __future__ import annotations

from typing import Any

import ibis
import pytest

from dealml import per
from dealml.as_of.connection import connect
from dealml.features.attribute_pruning import narrowed, used_attributes
from dealml.ledger.schema import TABLES
from tests.features.deal_feature_fixtures import FEATURES
from tests.features.deal_history_fixtures import START

CHANGES = ibis.table(dict(ibis.schema(TABLES["deal_changes"].schema).items()) | {"_order": "int64"}, name="deal_changes")


def asked(*functions: Any) -> list[str] | None:
    return used_attributes(CHANGES, "deal_id", [per("deal_id", "deal_changes")(function) for function in functions])


def segment(change: Any) -> Any:
    """One attribute."""
    return change.latest(change.text, where=change.field == "segment")


def late_stages(change: Any) -> Any:
    """Another one, under a second condition."""
    return change.count(where=(change.days_ago < 30) & (change.field == "stage"))


def both(change: Any) -> Any:
    """Two in one."""
    return change.latest(change.text, where=change.field == "stage").fill_null("none") + change.latest(
        change.text, where=change.field == "source"
    )


def changes(change: Any) -> Any:
    """Any attribute."""
    return change.count()


def either(change: Any) -> Any:
    """One of two: no single condition confines it."""
    return change.count(where=(change.field == "stage") | (change.field == "amount"))


@pytest.mark.parametrize(
    ("functions", "found"),
    [
        ((segment,), ["segment"]),
        ((segment, late_stages, both), ["segment", "source", "stage"]),
        ((segment, changes), None),
        ((segment, either), None),
    ],
)
def test_what_is_asked_for(functions: tuple[Any, ...], found: list[str] | None) -> None:
    assert asked(*functions) == found


def stages(change: Any) -> Any:
    """Of a source, which is made from changes too."""
    return change.count()


def test_only_what_nobody_asks_for_is_left_out() -> None:
    own, of_a_source = per("deal_id", "deal_changes")(segment), per("deal_id", "stage_changes")(stages)
    told = {"deal_id": "D", "text": "x", "occurred_at": START, "recorded_at": START, "_order": 0}
    held = ibis.memtable([told | {"field": field} for field in ("segment", "stage", "amount")])
    for wanted, left in (([own], {"segment"}), ([own, of_a_source], {"segment", "stage", "amount"}), ([], {"segment", "stage", "amount"})):
        found = narrowed({"deal_changes": held, "deals": held.select("deal_id")}, wanted)
        assert set(connect().to_pyarrow(found["deal_changes"].field).to_pylist()) == left
        assert "deals" in found


def test_the_projects_own_are_all_confined() -> None:
    own = [feature for feature in FEATURES if feature.facts == "deal_changes" and feature.entity == "deal_id"]
    assert len(own) > 10
    found = used_attributes(CHANGES, "deal_id", own)
    assert found is not None
    assert {"segment", "stage", "amount", "owner"} <= set(found)
