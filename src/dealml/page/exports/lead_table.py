"""The list of leads as a table."""

from __future__ import annotations

from dealml.page.exports.table import CellValue, ExportTable, columns
from dealml.page.review.content import Reason, Review, Row, ranked
from dealml.page.shared import filters
from dealml.page.shared.lead_note import LeadNote


def lead_table(review: Review) -> ExportTable:
    """Every lead: who it is, how it stands, the company behind it, its chances, and the reasons with their evidence."""
    horizons = next((tuple(days for days, _ in row.lead_note.chances) for row in review.rows if row.lead_note), ())
    heads = columns(
        "rank:number id name account company_open_deals:number company_won_deals:number company_churned owner team source status touch "
        f"times_recycled:number last_touch:date probability:share {' '.join(f'probability_{days}_days:share' for days in horizons)} "
        "reasons_for reasons_against evidence"
    )
    rows = tuple(_row(row, rank, len(horizons)) for rank, row in enumerate(ranked(review), start=1))
    return ExportTable("leads", heads, rows)


def _row(row: Row, rank: int, horizons: int) -> tuple[CellValue, ...]:
    note = row.lead_note or LeadNote()
    churned = None if note.churned is None else "yes" if note.churned else "no"
    company = (row.account, note.open_deals, note.won_deals, churned)
    standing = (row.owner, row.team, row.segment, row.stage, note.touch, note.times_recycled if row.lead_note else None, row.last_touch)
    chances = tuple(chance for _, chance in note.chances) or (None,) * horizons
    reasons = (_sentences(row.reasons_for), _sentences(row.reasons_against), _evidence((*row.reasons_for, *row.reasons_against)))
    return rank, row.entity_id, row.name, *company, *standing, row.probability, *chances, *reasons


def _sentences(reasons: tuple[Reason, ...]) -> str:
    return "; ".join(f"{each.sentence} ({filters.points(each.points)})" for each in reasons)


def _evidence(reasons: tuple[Reason, ...]) -> str:
    return " ".join(f"{each.sentence}. {each.evidence}" for each in reasons if each.evidence)
