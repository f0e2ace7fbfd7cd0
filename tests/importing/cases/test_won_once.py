"""A win whose row is written again is one win, in the period of the first."""

from __future__ import annotations

from tests.importing.cases.conftest import Office

MAPPING = """
    extracts:
      - file: deals.csv
        into: deals
        columns: {deal_id: id, occurred_at: made, recorded_at: made}
      - file: history.csv
        into: deal_changes
        columns: {deal_id: deal, occurred_at: at, recorded_at: at, sequence: id}
        attributes:
          stage: {column: stage, order: [Talks, Signed, Dropped]}
          amount: {column: amount, type: amount}
      - file: history.csv
        into: outcomes
        where: {stage: [Signed, Dropped]}
        columns: {deal_id: deal, outcome: {column: stage, values: {Signed: won, Dropped: lost}}, occurred_at: at, recorded_at: at}
    """


def test_a_win_that_is_edited_later_counts_in_the_period_of_the_win_alone(office: Office) -> None:
    office.takes(
        "2025-10-01",
        MAPPING,
        deals="id,made\nN1,2025-04-07T09:00:00Z\nN2,2025-04-08T09:00:00Z\nN3,2025-04-08T09:00:00Z\n",
        history="""
        id,deal,stage,amount,at
        11,N1,Talks,2400,2025-04-07T09:00:00Z
        12,N1,Signed,2400,2025-05-02T09:00:00Z
        13,N1,Signed,2400,2025-07-08T09:00:00Z
        14,N2,Talks,900,2025-04-08T09:00:00Z
        15,N3,Talks,100,2025-04-08T09:00:00Z
        16,N3,Dropped,100,2025-07-22T09:00:00Z
        """,
    )
    first, second = office.metrics("2025-04-01", "2025-07-01"), office.metrics("2025-07-01", "2025-07-23")
    assert (first["total_revenue"], first["win_rate"], first["sales_cycle"]) == (2400, 1, 25)
    assert (second["total_revenue"], second["win_rate"]) == (0, 0)
    assert set(office.open_deals("2025-08-01")) == {"N2"}


BY_ROW = """
    extracts:
      - file: deals.csv
        into: deals
        columns: {deal_id: id, occurred_at: made, recorded_at: made}
        attributes:
          amount: {column: amount, type: amount}
      - file: deals.csv
        into: outcomes
        where: {stage: [Signed, Dropped]}
        columns: {deal_id: id, outcome: {column: stage, values: {Signed: won, Dropped: lost}}, occurred_at: ended}
    """
SIGNED, DROPPED = "Signed,2025-05-06", "Dropped,2025-05-14"


def _takes_weekly(office: Office, *states: str) -> None:
    for number, state in enumerate(states):
        rows = f"N1,2025-04-07,50,{state}\nN2,2025-04-07,9,,\n"
        office.takes(f"2025-05-{10 + 7 * number}", BY_ROW, deals="id,made,amount,stage,ended\n" + rows)


def test_a_win_that_turns_out_lost_is_no_win_beside_the_loss(office: Office) -> None:
    _takes_weekly(office, SIGNED, DROPPED)
    both, first = office.metrics("2025-05-01", "2025-05-16"), office.metrics("2025-05-01", "2025-05-12")
    assert (both["total_revenue"], both["win_rate"]) == (0, 0)
    assert (first["total_revenue"], first["win_rate"]) == (50, 1)


def test_before_the_loss_is_on_record_the_win_counts(office: Office) -> None:
    _takes_weekly(office, SIGNED, DROPPED)
    figures = office.project.metrics("2025-05-01", "2025-05-16", as_of="2025-05-16").metrics.set_index("metric")["value"]
    assert (figures["total_revenue"], figures["win_rate"]) == (50, 1)


def test_a_loss_dated_before_the_win_takes_its_part_in_a_period_too(office: Office) -> None:
    _takes_weekly(office, SIGNED, "Dropped,2025-05-02")
    figures = office.metrics("2025-05-01", "2025-05-16")
    assert (figures["total_revenue"], figures["win_rate"]) == (0, 0)
