"""A deal that the CRM deleted is open until then, and neither won nor lost."""

from __future__ import annotations

from tests.importing.cases.conftest import Office

MAPPING = """
    extracts:
      - file: Deal.csv
        into: deals
        where: {IsDeleted: "false"}
        columns: {deal_id: Id, occurred_at: Created, recorded_at: Created}
        attributes:
          amount: {column: Worth, type: amount}
      - file: Deal.csv
        into: outcomes
        where: {IsDeleted: "false", Stage: [Signed, Dropped]}
        columns: {deal_id: Id, outcome: {column: Stage, values: {Signed: won, Dropped: lost}}, occurred_at: Ends, recorded_at: Ends}
    """
DEALS = """
    Id,Created,Stage,Worth,IsDeleted,Ends
    K4,2025-05-02,Talks,310,{0},2025-09-30
    K5,2025-05-03,Talks,320,false,2025-09-30
    K6,2025-04-01,Signed,330,false,2025-05-20
    """


def test_a_flag_takes_a_deal_out_from_the_extract_on(office: Office) -> None:
    office.takes("2025-06-02", MAPPING, Deal=DEALS.format("false"))
    office.takes("2025-06-09", MAPPING, Deal=DEALS.format("true"))
    assert set(office.open_deals("2025-06-03")) == {"K4", "K5"}
    assert set(office.open_deals("2025-06-16")) == {"K5"}
    assert office.metrics("2025-05-01", "2025-06-09")["win_rate"] == 1


def test_a_deal_that_is_restored_is_open_again(office: Office) -> None:
    for day, flag in (("2025-06-02", "false"), ("2025-06-09", "true"), ("2025-06-16", "false")):
        office.takes(day, MAPPING, Deal=DEALS.format(flag))
    assert set(office.open_deals("2025-06-10")) == {"K5"}
    assert office.open_deals("2025-06-20", "economics.amount") == {"K4": (310,), "K5": (320,)}


def test_a_deal_that_a_full_extract_lacks_is_deleted(office: Office) -> None:
    full = MAPPING.replace("into: deals", "into: deals\n        full: true", 1)
    office.takes("2025-06-02", full, Deal=DEALS.format("false"))
    office.takes("2025-06-09", full, Deal="".join(line for line in DEALS.format("false").splitlines(True) if "K4" not in line))
    assert set(office.open_deals("2025-06-03")) == {"K4", "K5"}
    assert set(office.open_deals("2025-06-16")) == {"K5"}
