"""Amounts as people write them: groups of digits, currencies, brackets for a minus."""

from __future__ import annotations

from tests.importing.cases.conftest import Office

MAPPING = """
    csv: {{delimiter: ";", decimal: ","{more}}}
    extracts:
      - file: sprawy.csv
        into: deals
        columns:
          deal_id: Nr
          occurred_at: {{column: Od, format: "%d.%m.%Y"}}
          recorded_at: {{column: Od, format: "%d.%m.%Y"}}
        attributes: {{amount: {{column: Kwota, type: amount, known: created, negative: true}}}}
    """
AMOUNTS = """
    Nr;Od;Kwota
    Z1;02.06.2025;17 250,40
    Z2;03.06.2025;3.600,00
    Z3;04.06.2025;450,00 zł
    Z4;05.06.2025;(75,00)
    Z5;06.06.2025;12,25
    Z6;07.06.2025;1\N{NO-BREAK SPACE}000\N{NO-BREAK SPACE}000,00
    """
LINE = 'grouping: " .", currency_marks: true, accounting: true'


def test_one_line_of_the_mapping_reads_them_all(office: Office) -> None:
    report = office.takes("2025-07-01", MAPPING.format(more=f", {LINE}"), sprawy=AMOUNTS)
    assert report.counts["accepted"].sum() == 6
    read = office.open_deals("2025-07-02", "economics.amount")
    assert {deal: float(values[0]) for deal, values in read.items()} == {
        **{"Z1": 17250.4, "Z2": 3600, "Z3": 450},
        **{"Z4": -75, "Z5": 12.25, "Z6": 1000000},
    }


def test_the_reasons_of_undeclared_ones_name_that_line(office: Office) -> None:
    report = office.takes("2025-07-01", MAPPING.format(more=""), allow_quarantine=True, sprawy=AMOUNTS)
    assert report.quarantined_kinds == {"unreadable_value": 5}
    assert all(f"csv: {{{LINE}}} reads such numbers" in reason for reason in report.quarantine["reason"])
