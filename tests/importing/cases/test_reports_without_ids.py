"""A report without ids that comes again next week: its deals are known by columns that nobody edits."""

from __future__ import annotations

from tests.importing.cases.conftest import Office

ROW = "{row: {of: [Client, Topic, Created]}}"
MAPPING = f"""
    extracts:
      - file: report.csv
        into: deals
        columns: {{deal_id: {ROW}, account_id: Client, occurred_at: Created, recorded_at: Created}}
        attributes:
          name: {{column: Topic, known: created}}
          stage: Stage
      - file: report.csv
        into: outcomes
        where: {{Stage: [Signed, Dropped]}}
        columns:
          deal_id: {ROW}
          outcome: {{column: Stage, values: {{Signed: won, Dropped: lost}}}}
          occurred_at: Ends
          recorded_at: Ends
    """


def test_a_deal_of_last_week_is_the_same_deal_this_week(office: Office) -> None:
    office.takes(
        "2025-06-01",
        MAPPING,
        report="""
        Client,Topic,Stage,Age,Ends,Created
        Ostsee,Crane 1,Talks,21,2025-08-31,2025-05-11
        Alpen,Crane 2,Draft,12,2025-09-30,2025-05-20
        Alpen,Crane 0,Signed,40,2025-05-12,2025-04-02
        """,
    )
    office.takes(
        "2025-06-08",
        MAPPING,
        report="""
        Client,Topic,Stage,Age,Ends,Created
        Ostsee,Crane 1,Signed,26,2025-06-06,2025-05-11
        Alpen,Crane 2,Draft,19,2025-09-30,2025-05-20
        Alpen,Crane 0,Signed,40,2025-05-12,2025-04-02
        """,
    )
    assert list(office.open_deals("2025-06-15", "segment.deal_name", "stage.stage").values()) == [("Crane 2", "Draft")]
    assert len(office.open_deals("2025-06-05")) == 2
    assert office.metrics("2025-06-01", "2025-06-08")["win_rate"] == 1


def test_a_changed_row_that_goes_by_its_content_is_noted_with_the_way_out(office: Office) -> None:
    mapping = MAPPING.replace(ROW, "{row: content}")
    head = "Client,Topic,Stage,Ends,Created\n"
    first = office.takes("2025-06-01", mapping, report=head + "Ostsee,Crane 1,Talks,2025-08-31,2025-05-11\n")
    again = office.takes("2025-06-02", mapping, report=head + "Ostsee,Crane 1,Talks,2025-08-31,2025-05-11\n")
    changed = office.takes("2025-06-08", mapping, report=head + "Ostsee,Crane 1,Offer,2025-08-31,2025-05-11\n")
    notes = [report.notes for report in (first, again, changed)]
    assert [[note for note in some["kind"] if note == "new_by_content"] for some in notes] == [[], [], ["new_by_content"]]
    assert "row: {of: [COLUMN, …]} makes an id of columns that stay the same" in " ".join(notes[2]["meaning"])
