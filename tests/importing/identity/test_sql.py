"""Pieces of SQL: columns in their order, structs, and comparisons that take missing values for equal."""

from dealml.importing.identity.sql import columns_of, packed, same


def test_the_clocks_come_first_and_what_is_left_out_is() -> None:
    assert columns_of("deals") == ["occurred_at", "recorded_at", "deal_id", "account_id", "sequence"]
    assert columns_of("deals", but=["recorded_at", "sequence"]) == ["occurred_at", "deal_id", "account_id"]


def test_a_struct_and_a_comparison() -> None:
    assert packed(["text"], "t") == 'struct_pack("text" := t."text")'
    assert same("a", "b", ["text", "number"]) == 'a."text" IS NOT DISTINCT FROM b."text" AND a."number" IS NOT DISTINCT FROM b."number"'
