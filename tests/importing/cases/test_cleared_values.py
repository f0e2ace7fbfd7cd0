"""A field that the CRM emptied is unknown from then on."""

from __future__ import annotations

from tests.importing.cases.conftest import Office


def test_a_history_that_empties_a_field_clears_it(office: Office) -> None:
    office.takes(
        "2025-06-01",
        """
        extracts:
          - file: deals.csv
            into: deals
            columns: {deal_id: Id, occurred_at: Created, recorded_at: Created}
          - file: fields.csv
            into: deal_changes
            where: {Field: Amount}
            columns: {deal_id: Deal, field: {constant: amount}, amount: New, occurred_at: At, recorded_at: At}
          - file: fields.csv
            into: deal_changes
            where: {Field: Rival__c}
            columns: {deal_id: Deal, field: {constant: competitor}, text: New, occurred_at: At, recorded_at: At}
        """,
        deals="Id,Created\nP7,2025-04-01T08:00:00Z\n",
        fields="""
        Deal,Field,Old,New,At
        P7,Amount,,7300,2025-04-03T08:00:00Z
        P7,Rival__c,,Brandt,2025-04-03T08:00:00Z
        P7,Amount,7300,,2025-05-06T08:00:00Z
        P7,Rival__c,Brandt,,2025-05-06T08:00:00Z
        P7,Amount,,7300,2025-05-25T08:00:00Z
        P7,Amount,7300,3650,2025-05-28T08:00:00Z
        """,
    )
    watched = "economics.amount", "competition.competitor"
    assert office.open_deals("2025-05-06", *watched) == {"P7": (7300, "Brandt")}
    assert office.open_deals("2025-05-20", *watched) == {"P7": (None, None)}
    history = "economics.amount_changes", "economics.amount_cuts", "economics.amount_growth"
    seen = [office.open_deals(f"2025-05-{day:02}", *history)["P7"] for day in (6, 20, 26, 29)]
    assert seen == [(0, 0, 0.0), (1, 0, None), (2, 0, 0.0), (3, 1, -0.5)]
