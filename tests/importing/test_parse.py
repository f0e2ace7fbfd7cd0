"""A cell means one thing, or it is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealml.importing.mapping.column import ColumnOf
from dealml.importing.mapping.mapping import Mapping
from dealml.importing.parse import cells, parse, product

COLUMN = ColumnOf(column="c")
EXTRACT = {"file": "f", "into": "accounts", "columns": {"account_id": "a", "occurred_at": "t"}}


def mapping(**settings: Any) -> Mapping:
    return Mapping.model_validate({"dealml": 1, "extracts": [EXTRACT], **settings})


def parsed(text: str, kind: str, origin: ColumnOf = COLUMN, **settings: Any) -> Any:
    """What one cell comes to: its value, None for no value, or "refused"."""
    how = mapping(**settings)
    result = parse(cells(pd.DataFrame({"c": pd.Series([text], dtype="str")}), origin, how), kind, origin, how)
    value = result.values.iloc[0]
    if result.bad.iloc[0]:
        return "refused"
    if pd.isna(value):
        return None
    return value.to_pydatetime() if isinstance(value, pd.Timestamp) else value


def test_an_id_with_an_e_stays_text() -> None:
    assert parsed("0065E0000012345", "text") == "0065E0000012345"


@pytest.mark.parametrize("text", ["NA", "null", "None", "NaN", "nan", "N/A", "-", "007", "1e5", "True"])
def test_words_for_nothing_are_text_unless_nulls_says_so(text: str) -> None:
    assert parsed(text, "text") == text
    assert parsed(text, "text", nulls=("", text)) is None


def test_nulls_apply_after_trimming() -> None:
    assert parsed("  n/a ", "text", nulls=("n/a",)) is None
    assert parsed("\u00a0x\t", "text") == "x"


@pytest.mark.parametrize("text", ["1_000", "١٢٣", "１２", "1,5", "1 000", "0x10", "inf", "nan", "1e999", "--1", "1.2.3", "½"])
def test_a_number_is_refused_where_python_would_guess(text: str) -> None:
    assert parsed(text, "number") == "refused"


@pytest.mark.parametrize(("text", "value"), [("5", 5.0), ("+5", 5.0), ("-.5", -0.5), ("5.", 5.0), ("1e3", 1000.0), ("1E-2", 0.01)])
def test_numbers(text: str, value: float) -> None:
    assert parsed(text, "number") == value


def test_there_is_one_zero() -> None:
    assert str(parsed("-0.0", "number")) == "0.0"


@pytest.mark.parametrize("text", ["1.0", "1e3", "9999999999999999999", "1_0", "٣"])
def test_a_whole_number_is_nothing_else(text: str) -> None:
    assert parsed(text, "integer") == "refused"


def test_a_large_whole_number_keeps_its_last_digit() -> None:
    assert parsed("9007199254740993", "integer") == 9007199254740993


@pytest.mark.parametrize(
    ("text", "value"), [("999000", "999000"), ("0.1", "0.1"), ("-3.1200000", "-3.12"), ("99999999999999.9999", "99999999999999.9999")]
)
def test_amounts_are_exact(text: str, value: str) -> None:
    assert parsed(text, "amount") == Decimal(value)


@pytest.mark.parametrize("text", ["0.12345", "1e3", "100000000000000", "1,234.50", "€5", "5 EUR", "1_000", "٣"])
def test_an_amount_that_is_not_exact_or_plain_is_refused(text: str) -> None:
    assert parsed(text, "amount") == "refused"


def test_decimal_comma() -> None:
    comma = {"csv": {"decimal": ","}}
    assert parsed("1234,5", "amount", **comma) == Decimal("1234.5")
    assert parsed("0,25", "number", **comma) == 0.25
    assert parsed("1.234,5", "amount", **comma) == "refused"
    assert parsed("1.5", "number", **comma) == "refused"


@pytest.mark.parametrize(
    "text",
    [
        "03/04/2026",
        "31-01-2026",
        "2026/01/31",
        "20260131",
        "Jan 31 2026",
        "2026-1-3",
        "1767225600",
        "2026-02-30",
        "2026-01-31T24:30",
        "2026-13-01",
        "٢٠٢٦-٠١-٣١",
        "2026-01-31T09:30:00 Europe/Warsaw",
    ],
)
def test_a_time_that_is_not_iso_is_refused_without_a_format(text: str) -> None:
    assert parsed(text, "time") == "refused"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2026-01-31", datetime(2026, 1, 31, tzinfo=UTC)),
        ("2026-01-31 09:30", datetime(2026, 1, 31, 9, 30, tzinfo=UTC)),
        ("2026-01-31T09:30:00Z", datetime(2026, 1, 31, 9, 30, tzinfo=UTC)),
        ("2026-01-31 09:30:00 UTC", datetime(2026, 1, 31, 9, 30, tzinfo=UTC)),
        ("2026-01-31T09:30:00+02:00", datetime(2026, 1, 31, 7, 30, tzinfo=UTC)),
        ("2026-01-31T09:30:00.000001-0530", datetime(2026, 1, 31, 15, 0, 0, 1, tzinfo=UTC)),
        ("9999-12-31 23:59:59", datetime(2299, 1, 1, 23, 59, 59, tzinfo=UTC)),
    ],
)
def test_iso_times(text: str, value: datetime) -> None:
    assert parsed(text, "time") == value


def test_day_first_only_with_a_format() -> None:
    day_first = ColumnOf(column="c", format="%d/%m/%Y")
    assert parsed("03/04/2026", "time", day_first) == datetime(2026, 4, 3, tzinfo=UTC)
    assert parsed("13/04/2026", "time", day_first) == datetime(2026, 4, 13, tzinfo=UTC)
    assert parsed("04/13/2026", "time", day_first) == "refused"
    assert parsed("٠٣/٠٤/٢٠٢٦", "time", day_first) == "refused"


def test_a_format_with_a_zone() -> None:
    assert parsed(
        "03/04/2026 10:00 +0200", "time", ColumnOf(column="c", format="%d/%m/%Y %H:%M %z"), time_zone="America/New_York"
    ) == datetime(2026, 4, 3, 8, tzinfo=UTC)


def test_a_local_time_that_the_clock_skips_is_the_instant_of_the_jump() -> None:
    assert parsed("2026-03-29 02:30", "time", time_zone="Europe/Warsaw") == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_a_local_time_that_the_clock_repeats_is_the_later_instant() -> None:
    assert parsed("2026-10-25 02:30", "time", time_zone="Europe/Warsaw") == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_local_times_follow_the_clock() -> None:
    assert parsed("2026-03-29 01:59", "time", time_zone="Europe/Warsaw") == datetime(2026, 3, 29, 0, 59, tzinfo=UTC)
    assert parsed("2026-03-29 03:00", "time", time_zone="Europe/Warsaw") == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert parsed("2026-03-29T02:30:00Z", "time", time_zone="Europe/Warsaw") == datetime(2026, 3, 29, 2, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["a\x85", "\x96b", "a\x00b", "a\x1fb", "\x7f"])
def test_control_characters_are_refused_even_at_the_ends(text: str) -> None:
    assert parsed(text, "text") == "refused"


def test_line_breaks_within_a_text_are_fine() -> None:
    assert parsed("two\nlines", "text") == "two\nlines"


@pytest.mark.parametrize(("text", "value"), [("true", True), ("No", False), ("1", True), ("F", False), ("", None)])
def test_booleans(text: str, value: bool | None) -> None:
    assert parsed(text, "boolean") == value


@pytest.mark.parametrize("text", ["on", "2", "wahr", "yes!"])
def test_other_words_are_no_booleans(text: str) -> None:
    assert parsed(text, "boolean") == "refused"


def test_values_that_are_not_listed_are_refused() -> None:
    listed = ColumnOf(column="c", values={"Closed Won": "won"})
    assert parsed(" Closed Won", "text", listed) == "won"
    assert parsed("closed won", "text", listed) == "refused"
    assert parsed("", "text", listed) is None


def test_extract_takes_the_first_group_and_no_match_is_no_value() -> None:
    number = ColumnOf(column="c", extract=r"^ACC-(\d+)")
    assert parsed("ACC-017", "text", number) == "017"
    assert parsed("017", "text", number) is None


def test_a_constant_is_in_every_row() -> None:
    assert parsed("ignored", "text", ColumnOf(constant="email")) == "email"


def test_a_product_is_exact_and_rounded_half_to_even() -> None:
    def factor(text: str) -> pd.Series:
        return parse(pd.Series([text], dtype="str"), "factor", COLUMN, mapping()).values

    assert product(factor("0.10001"), factor("3")).iloc[0] == Decimal("0.3000")
    assert product(factor("0.00005"), factor("1")).iloc[0] == Decimal("0.0000")
    assert product(factor("0.00015"), factor("1")).iloc[0] == Decimal("0.0002")
    assert product(factor("53594.36"), factor("-1")).iloc[0] == Decimal("-53594.36")


def test_values_stay_with_their_rows_when_some_were_not_selected() -> None:
    texts = pd.Series(["5", None, "7"], dtype="str", index=[3, 8, 90])
    for kind in ("number", "integer", "amount", "factor", "text"):
        result = parse(texts, kind, COLUMN, mapping())
        assert result.values.index.tolist() == [3, 8, 90]
        assert [None if pd.isna(v) else int(v) for v in result.values] == [5, None, 7]


@given(st.decimals(min_value="-99999999999999", max_value="99999999999999", places=4))
def test_every_amount_survives(value: Decimal) -> None:
    assert parsed(f"{value:f}", "amount") == value


@given(st.floats(min_value=1e-90, max_value=1e90), st.sampled_from(["", "-"]))
def test_every_number_survives(value: float, sign: str) -> None:
    assert parsed(sign + repr(value), "number") == float(sign + repr(value))


@given(st.text(max_size=20))
def test_nothing_else_is_ever_raised(text: str) -> None:
    for kind in ("text", "number", "integer", "amount", "time", "boolean"):
        parsed(text, kind)
        parsed(text, kind, ColumnOf(column="c", format="%d.%m.%Y"))


@pytest.mark.parametrize("text", ["Caf\u00e9", "Cafe\u0301"])
def test_a_letter_with_its_accent_is_one_sign(text: str) -> None:
    assert parsed(text, "text") == "Caf\u00e9"
