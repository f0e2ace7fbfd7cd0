"""What a person may say of a deal, and what stands of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dealml.judgement.override import Override, Refused, each_once, in_force, not_yet_stored, override_of
from tests.judgement.override_fixtures import LATER, MONDAY, QUARTER, kept, number, said

NOW = datetime(2026, 2, 10, 12, tzinfo=UTC)
SOUND = {"deal": "D1", "probability": "0.8", "why": "budget signed", "by": "Ann"}


def read(**changed: str | None) -> Override:
    return override_of(SOUND | changed, NOW, "EUR")


def test_what_is_not_said_has_its_default() -> None:
    assert read() == Override("D1", NOW, QUARTER, 0.8, None, "", None, "budget signed", "Ann")


def test_all_that_can_be_said() -> None:
    found = read(amount=" 12500.50 ", currency="USD", close="2026-03-01", at="2026-01-05T01:00:00+01:00", period="2026-01")
    assert (found.amount, found.currency, found.close_date) == (Decimal("12500.50"), "USD", date(2026, 3, 1))
    assert (found.made_at, found.until) == (MONDAY, datetime(2026, 2, 1, tzinfo=UTC))


def test_an_amount_is_in_the_projects_currency() -> None:
    assert read(amount="1").currency == "EUR"


def test_the_quarter_is_that_of_when_it_was_said() -> None:
    assert read(at="2025-12-31").until == datetime(2026, 1, 1, tzinfo=UTC)
    assert read(at="2026-01-01").until == QUARTER


@pytest.mark.parametrize("text", ["0", "1", "0.0", "1.0", ".5", "1."])
def test_shares_from_0_to_1_both_included(text: str) -> None:
    assert read(probability=text).probability == float(text)


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [
        ("probability", "1.01", "no share from 0 to 1; write 80% as 0.8"),
        ("probability", "-0.1", "no share"),
        ("probability", "80%", "no share"),
        ("probability", "nan", "no share"),
        ("probability", "1e-3", "no share"),
        ("probability", "0_1", "no share"),
        ("probability", "٠.٥", "no share"),
        ("amount", "lots", "no amount; write it as 12500 or 12500.50"),
        ("amount", "-5", "no amount"),
        ("amount", "1,000", "no amount"),
        ("amount", "inf", "no amount"),
        ("amount", "1.23456", "no amount"),
        ("close", "2026-02-30", "no date; write it as 2026-01-31"),
        ("close", "20260301", "no date"),
        ("close", "2026-02-09", "before the override is made"),
        ("at", "2026-02-10T12:00:01Z", "in the future"),
        ("at", "yesterday", "no date"),
        ("until", "2026-02-10T12:00", "is over before the override is made"),
        ("until", "9999-12-31T23:59:59-12:00", "no date"),
        ("until", "9500-01-01", "too far ahead"),
        ("period", "2025Q4", "is over before the override is made"),
        ("period", "2026Q5", "no period; write it as 2026, 2026Q1"),
        ("period", "9999", "no period"),
        ("deal", " ", "is missing"),
        ("why", "", "is missing; give the reason"),
        ("why", "bell\x07", "control characters"),
        ("why", "\udcff", "control characters"),
        ("by", None, "is missing; give who says so"),
        ("by", "x" * 201, "longer than 200 characters"),
        ("currency", "EUR", "without an amount"),
    ],
)
def test_what_cannot_be_meant(field: str, text: str | None, told: str) -> None:
    with pytest.raises(Refused, match=told) as refused:
        read(**{field: text})
    assert refused.value.field == field


def test_a_currency_is_three_letters() -> None:
    with pytest.raises(Refused, match="currency: 'euro' is no currency"):
        read(amount="1", currency="euro")


def test_a_period_and_a_date_are_one_too_many() -> None:
    with pytest.raises(Refused, match="give one of the two"):
        read(period="2026Q1", until="2026-03-01")


def test_something_must_be_said_of_the_deal() -> None:
    with pytest.raises(Refused, match="nothing is said of the deal"):
        read(probability=None)
    assert read(probability=None, close="2026-03-01").probability is None


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "=1+1", "line one\nline two", "zażółć 'x'; DROP TABLE overrides"])
def test_any_text_is_a_reason(text: str) -> None:
    assert read(why=text).why == text


@given(st.text(), st.sampled_from(["probability", "amount", "close", "at", "until", "period", "currency", "why", "by", "deal"]))
def test_whatever_is_typed_is_an_override_or_refused(text: str, field: str) -> None:
    try:
        found = override_of(SOUND | {"amount": "1"} | {field: text}, NOW, "EUR")
    except Refused:
        return
    assert found.made_at <= NOW
    assert found.made_at < found.until
    assert found.probability is None or 0 <= found.probability <= 1
    f"{found.deal_id}{found.why}{found.who}".encode()


def test_the_id_tells_all_that_is_said() -> None:
    one = said()
    others = [
        said("D2"),
        said(made_at=LATER),
        said(until=LATER + timedelta(days=9)),
        said(probability=0.81),
        said(amount=Decimal("12500.51")),
        said(currency="USD"),
        said(close_date=None),
        said(why="x"),
        said(who="Bob"),
    ]
    assert len({other.override_id for other in [one, *others]}) == 10
    assert said(amount=Decimal("12500.5000")).override_id == one.override_id


def test_the_latest_of_each_deal_and_date_stands() -> None:
    first, second = kept(), kept(made_at=MONDAY + timedelta(days=7), probability=0.3)
    other = kept(until=datetime(2026, 2, 1, tzinfo=UTC))
    everything = [second, other, first, kept("D2")]
    assert in_force(everything, MONDAY - timedelta(seconds=1)) == []
    assert in_force(everything, MONDAY) == [other, first, kept("D2")]
    assert in_force(everything, MONDAY + timedelta(days=7)) == [other, second, kept("D2")]
    assert in_force(everything, datetime(2026, 2, 1, tzinfo=UTC)) == [second, kept("D2")]
    assert in_force(everything, QUARTER) == []


def test_the_same_said_again_is_nothing_new() -> None:
    again = said(made_at=MONDAY + timedelta(days=7))
    changed = said(made_at=MONDAY + timedelta(days=3), probability=0.5)
    assert not_yet_stored([said()], [kept()]) == []
    assert not_yet_stored([again], [kept()]) == []
    assert not_yet_stored([again, changed], [kept()]) == [changed, again]
    assert not_yet_stored([said(who="Bob"), said("D2")], [kept()]) == [said(who="Bob"), said("D2")]
    assert not_yet_stored([said(), said()], []) == [said()]


def test_an_older_one_that_comes_later_is_new() -> None:
    assert not_yet_stored([said()], [kept(made_at=MONDAY + timedelta(days=7))]) == [said()]


def test_one_number_for_each_override_and_a_fair_one_first() -> None:
    wise = kept(beside=number(trained_through=LATER, digest="d2"), stored_at=LATER + timedelta(days=1))
    assert wise.with_hindsight
    assert not kept().with_hindsight
    assert each_once([kept(), wise]) == each_once([wise, kept()]) == [kept()]
    newer = kept(beside=number(digest="d3"), stored_at=LATER + timedelta(days=2))
    assert each_once([newer, kept(), wise]) == [newer]
