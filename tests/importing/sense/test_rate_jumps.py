"""Rates stay within a factor of their currency's last one; a rate may be given the other way round."""

from __future__ import annotations

import pytest

from dealml.errors import InputError
from dealml.importing.import_settings import ImportSettings
from tests.importing.company_fixtures import Company

RATES = """
    extracts:
      - file: rates.csv
        into: rates
        columns: {currency: currency, rate: {column: rateINVERSE}, occurred_at: day, recorded_at: day}
    """


def rates(company: Company, *rows: str, at: str = "2026-02-01", inverse: str = "") -> list[str]:
    """Import rates; the reasons of the refused ones."""
    settings = ImportSettings()
    company.maps(RATES.replace("INVERSE", inverse), f"dealml: 1\nextracted_at: {at}\n")
    company.has("\n".join(["currency,rate,day", *rows]), "rates.csv")
    return [f"{row['row']}: {row['kind']}: {row['reason']}" for row in company.imports(settings=settings).quarantine]


def test_a_rate_that_is_many_times_the_last_is_refused_and_the_next_is_compared_with_the_last_good_one(company: Company) -> None:
    rows = ("PLN,0.25,2026-01-01", "PLN,25,2026-01-02", "PLN,0.26,2026-01-03", "PLN,0.01,2026-01-04", "JPY,0.006,2026-01-02")
    reason = "rate_jump: PLN: {} is no rate after {}: more than [imports] largest_rate_change times more or less"
    assert rates(company, *rows) == [
        "3: " + reason.format("25", "0.25 of 2026-01-01"),
        "5: " + reason.format("0.01", "0.26 of 2026-01-03"),
    ]
    assert sorted(company.column("rate", "rates")) == [0.006, 0.25, 0.26]


def test_it_is_compared_with_the_ledger_s_too_and_with_the_one_before_in_time(company: Company) -> None:
    rates(company, "PLN,0.25,2026-01-05")
    assert rates(company, "PLN,6,2026-01-06", "PLN,6,2026-01-04") == [
        "2: rate_jump: PLN: 6 is no rate after 0.25 of 2026-01-05: more than [imports] largest_rate_change times more or less"
    ]


def test_the_factor_is_a_setting(company: Company) -> None:
    company.maps(RATES.replace("INVERSE", ""))
    company.has("currency,rate,day\nTRL,0.0000006,2004-12-31\nTRL,0.6,2005-01-01\n", "rates.csv")
    assert company.imports().total("quarantined") == 1
    assert company.imports(settings=ImportSettings(largest_rate_change=2e6)).total("accepted") == 1


@pytest.mark.parametrize(("text", "rate"), [("4", 0.25), ("3", 1 / 3), ("4.2731", 0.23402213849430155), ("1e-3", 1000.0)])
def test_a_rate_the_other_way_round_is_one_divided_by_it(company: Company, text: str, rate: float) -> None:
    assert rates(company, f"PLN,{text},2026-01-01", inverse=", inverse: true") == []
    assert company.column("rate", "rates") == [rate]


def test_zero_is_no_rate_the_other_way_round_either(company: Company) -> None:
    assert rates(company, "PLN,0,2026-01-01", "PLN,4,2026-01-01", inverse=", inverse: true") == [
        "2: number_out_of_range: a rate is greater than 0"
    ]


def test_only_rates_are_inverse(company: Company) -> None:
    company.maps(RATES.replace("currency: currency", "currency: {column: currency, inverse: true}"))
    with pytest.raises(InputError, match=r"mapping\.yaml:\d+: .*'inverse' goes with the rate of rates only; currency is none"):
        company.imports()
