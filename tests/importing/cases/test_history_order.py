"""Rows of a history at one instant have the order of their ids, or that of the funnel: never that of the alphabet."""

from __future__ import annotations

import pytest

from tests.importing.cases.conftest import Office

MAPPING = """
    extracts:
      - file: deals.csv
        into: deals
        columns: {{deal_id: id, occurred_at: made, recorded_at: made}}
      - file: history.csv
        into: deal_changes
        columns: {{deal_id: deal, occurred_at: at, recorded_at: at{sequence}}}
        attributes: {{stage: {{column: stage, order: [{order}]}}}}
    """
WATCHED = "stage.stage", "stage.moves_forward", "stage.moves_back"


def test_a_text_id_orders_the_rows(office: Office) -> None:
    """Neither the alphabet, nor the order of rows, nor that of the funnel does."""
    mapping = MAPPING.format(sequence=", sequence: id", order="Beta, Zeta")
    history = """
        id,deal,stage,at
        0176A00000QrStV,T1,Beta,2025-06-03T09:00:00Z
        0176A00000QrStU,T1,Zeta,2025-06-03T09:00:00Z
        """
    report = office.takes("2025-07-01", mapping, deals="id,made\nT1,2025-06-02\n", history=history)
    assert report.quarantined_kinds == {}
    assert office.open_deals("2025-07-02", *WATCHED) == {"T1": ("Beta", 0, 1)}


@pytest.mark.parametrize("order", [("Zeta", "Beta"), ("Beta", "Zeta")])
def test_without_ids_the_later_stage_of_the_funnel_is_the_later(office: Office, order: tuple[str, str]) -> None:
    mapping = MAPPING.format(sequence="", order=", ".join(order))
    history = "deal,stage,at\nT1,Zeta,2025-06-03T09:00:00Z\nT1,Beta,2025-06-03T09:00:00Z\n"
    office.takes("2025-07-01", mapping, deals="id,made\nT1,2025-06-02\n", history=history)
    assert office.open_deals("2025-07-02", *WATCHED) == {"T1": (order[1], 1, 0)}
