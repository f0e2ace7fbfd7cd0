"""Names of values: safe, stable, and one for each value."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from dealml.features.families.value_names import MOST_LABEL, Value, label, other_name, safe_name

TEXTS = st.text() | st.sampled_from(["call", "Call", "call ", "call_back", "call back", "cáll", "a__b", "other", "batch__", ""])
VALUES = st.tuples(TEXTS) | st.tuples(TEXTS, TEXTS | st.none())


@given(VALUES, VALUES)
@settings(max_examples=200, deadline=None)
def test_no_two_values_share_a_name(one: Value, other: Value) -> None:
    assert (safe_name(one) == safe_name(other)) == (one == other)
    assert re.fullmatch(r"[a-z0-9]+(_[a-z0-9]+)*", safe_name(one))


def test_a_plain_value_is_its_own_name() -> None:
    assert safe_name(("call_back",)) == "call_back"
    assert safe_name(("W_Nabellen offertes", "complete")).startswith("w_nabellen_offertes_complete_")
    clash = safe_name(("Call back",))
    assert safe_name((clash,)) != clash, "a value that looks like a name with a digest has one of its own"


def test_each_list_has_another_name_for_what_is_not_in_it() -> None:
    assert other_name([("a",)]) != other_name([("a",), ("b",)])
    assert other_name([("a",)]) == other_name([("a",)])


def test_a_label_is_one_short_line() -> None:
    assert label(("call\n back\u202e", None)) == "call back"
    assert label(("meeting", "phone")) == "meeting / phone"
    assert len(label(("x" * 500,))) == MOST_LABEL
    assert label((" ",)) == "–"
