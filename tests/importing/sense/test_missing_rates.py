"""Currencies without a rate are counted: amounts in them are in no sum."""

from __future__ import annotations

from dealml.importing.import_settings import ImportSettings
from tests.importing.company_fixtures import Company

DEALS = """
    extracts:
      - file: deals.csv
        into: deals
        columns: {deal_id: id, occurred_at: created, recorded_at: created}
        attributes:
          currency: {column: money, known: created}
      - file: costs.csv
        into: costs
        columns: {cost_id: id, kind: {constant: sales}, value: value, currency: money, occurred_at: at, recorded_at: at}
      - file: rates.csv
        into: rates
        columns: {currency: money, rate: rate, occurred_at: at, recorded_at: at}
    """
FILES = {
    "deals": "id,created,money\nD1,2025-01-02,EUR\nD2,2025-01-02,USD\nD3,2025-01-02,CHF\nD4,2025-01-02,\n",
    "costs": "id,value,money,at\nC1,7,USD,2025-01-03\nC2,7,SEK,2025-01-03\n",
    "rates": "money,rate,at\nUSD,0.9,2025-01-01\n",
}


def test_they_are_counted_with_examples(company: Company) -> None:
    (note,) = company.week("2026-01-05", DEALS, **FILES).notes
    assert (note.kind, note.count) == ("currency_without_rate", 2)
    assert [(shown.file, shown.row, shown.text) for shown in note.examples] == [
        ("deals.csv", 4, "money: CHF: no rate of this currency to EUR"),
        ("costs.csv", 3, "money: SEK: no rate of this currency to EUR"),
    ]


def test_a_rate_of_an_earlier_import_is_one(company: Company) -> None:
    company.week("2026-01-05", DEALS, rates="money,rate,at\nCHF,1.1,2025-01-01\nSEK,0.1,2025-01-01\n")
    assert not company.week("2026-01-12", DEALS, **FILES).notes


def test_the_company_s_own_currency_needs_none(company: Company) -> None:
    company.maps(DEALS)
    for name, text in FILES.items():
        company.has(text, f"{name}.csv")
    report = company.imports(settings=ImportSettings(currency="CHF", actions={"currency_without_rate": "quarantine"}))
    assert [(row["file"], row["value"]) for row in report.quarantine] == [("deals.csv", "EUR"), ("costs.csv", "SEK")]
    assert sorted(company.column("deal_id")) == ["D2", "D3", "D4"]
