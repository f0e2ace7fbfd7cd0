"""Calendar days in a company's zone: shown, compared, counted in periods and in windows as the day that was written."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dealml.errors import InputError
from tests.importing.cases.conftest import Office

DEALS_MAPPING = """
    extracts:
      - file: deals.csv
        into: deals
        columns: {deal_id: id, occurred_at: made, recorded_at: made}
        attributes:
          amount: {column: net, type: amount, known: created}
          close_date: {column: planned, type: moment, known: created}
      - file: deals.csv
        into: outcomes
        where: {stage: Signed}
        columns: {deal_id: id, outcome: {column: stage, values: {Signed: won}}, occurred_at: ended, recorded_at: ended}
    """
DEALS = """\
    id,made,planned,net,stage,ended
    Q1,2026-02-02,2026-03-31,700,Signed,2026-03-31
    Q2,2026-02-02,2026-04-01,900,Signed,2026-04-01
    P1,2026-02-02,2026-03-31,40,Talks,
    P2,2026-02-02,2026-04-01,50,Talks,
    """
USAGE_MAPPING = """
    time_zone: Europe/Warsaw
    extracts:
      - file: terms.csv
        into: subscriptions
        columns: {account_id: client, subscription_id: client, event: event, occurred_at: day, recorded_at: day}
      - file: use.csv
        into: usage
        columns: {account_id: client, metric: part, quantity: times, occurred_at: day, recorded_at: day}
    """
TERMS = "client,event,day\nC1,start,2026-01-01\n"


@pytest.fixture
def warsaw(office: Office) -> Office:
    """A company whose days begin an hour or two before those of UTC."""
    office.lives_in("Europe/Warsaw")
    return office


@pytest.mark.parametrize("zone", ["UTC", "Europe/Warsaw", "America/New_York", "Pacific/Auckland"])
def test_a_day_is_that_day_in_features_and_periods_of_every_zone(office: Office, zone: str) -> None:
    office.lives_in(zone)
    office.takes("2026-04-10", DEALS_MAPPING, deals=DEALS)
    names = "close_date", "days_to_close", "days_to_quarter_end", "closes_this_quarter"
    seen = office.open_deals("2026-03-23", *(f"timing.{name}" for name in names))
    assert {deal: seen[deal] for deal in ("P1", "P2")} == {"P1": ("2026-03-31", 8, 9, True), "P2": ("2026-04-01", 9, 9, False)}
    won = office.metrics("2026-01-01", "2026-04-01")
    assert won["total_revenue"] == 700
    assert office.metrics("2026-04-01", "2026-04-02")["total_revenue"] == 900


@pytest.mark.parametrize("as_of", ["2026-03-30", "2026-04-04", "2026-10-26", "2026-10-30", "2026-07-01"])
def test_the_last_days_hold_as_many_dates_when_the_clock_changes(warsaw: Office, as_of: str) -> None:
    end = date.fromisoformat(as_of)
    days = "".join(f"C1,boards,1,{end - timedelta(days=age)}\n" for age in range(1, 60))
    warsaw.takes("2026-12-01", USAGE_MAPPING, terms=TERMS, use="client,part,times,day\n" + days)
    assert warsaw.accounts(as_of, "usage.usage_7d", "usage.usage_30d", "usage.usage_days_30d", "usage.days_since_use") == {
        "C1": (7, 30, 30, 1)
    }


def test_the_last_days_hold_as_many_hours_of_moments(warsaw: Office) -> None:
    """29 March has 23 hours: seven times 24 hours before 4 April 00:00 it is 27 March 23:00."""
    use = "client,part,times,day\nC1,boards,1,2026-03-27T22:59:00\nC1,boards,10,2026-03-27T23:01:00\nC1,boards,100,2026-04-03T23:59:00\n"
    warsaw.takes("2026-12-01", USAGE_MAPPING, terms=TERMS, use=use)
    assert warsaw.accounts("2026-04-04", "usage.usage_7d") == {"C1": (110,)}


def test_days_of_another_zone_are_refused(warsaw: Office) -> None:
    warsaw.takes("2026-04-10", DEALS_MAPPING, deals=DEALS)
    warsaw.lives_in("UTC")
    with pytest.raises(InputError, match="are days of Europe/Warsaw, and company.time_zone is UTC; set it back, or undo the batches"):
        warsaw.metrics("2026-01-01", "2026-04-01")
    with pytest.raises(InputError, match="are days of Europe/Warsaw"):
        warsaw.takes("2026-04-11", DEALS_MAPPING, deals=DEALS)
