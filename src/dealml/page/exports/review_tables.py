"""Every table of a review with all its rows, as values: for CSV files and a workbook."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from dealml.page.exports.forecast_tables import forecast_tables
from dealml.page.exports.lead_table import lead_table
from dealml.page.exports.table import CellValue, ExportColumn, ExportTable, columns
from dealml.page.exports.waterfall_tables import movement_tables
from dealml.page.review.content import Reason, Review, Row, ranked
from dealml.page.shared import filters

__all__ = ["CellValue", "ExportColumn", "ExportTable", "tables_of"]


def tables_of(review: Review) -> tuple[ExportTable, ...]:
    """All tables that have rows, in the order of the page."""
    tables = (
        *(forecast_tables(review.forecast) if review.forecast else ()),
        *(movement_tables(review.movement) if review.movement else ()),
        lead_table(review) if review.subject_word == "lead" else _rows(review),
        _reasons(review),
        _scenarios(review),
        _curve(review),
        _quality(review),
        _metrics(review),
        _trends(review),
        _renewals(review),
        _about(review),
    )
    return tuple(table for table in tables if table.rows)


def _rows(review: Review) -> ExportTable:
    heads = columns(
        "rank:number id name account owner team stage segment close_date:date amount:money currency probability:share expected_value:money "
        "expected_close:date earliest_close:date latest_close:date probability_of_slipping:share "
        "judged_probability:share judged_amount:money judged_currency judged_close:date judged_by judged_on:date judged_why"
    )
    return ExportTable(f"{review.subject_word}s", heads, tuple(_row(row, rank) for rank, row in enumerate(ranked(review), start=1)))


def _row(row: Row, rank: int) -> tuple[CellValue, ...]:
    close_date, judged = row.close_date_note, row.override_note
    texts = (row.entity_id, row.name, row.account, row.owner, row.team, row.stage, row.segment)
    numbers = (row.close_date, row.amount, row.currency, row.probability, row.expected_value)
    outlook = (close_date.expected, close_date.earliest, close_date.latest, close_date.slip) if close_date else (None,) * 4
    no_override = (None,) * 7
    if judged:
        at = judged.at.date() if judged.at else None
        unit = None if judged.amount is None else judged.currency or row.currency
        return (rank, *texts, *numbers, *outlook, judged.probability, judged.amount, unit, judged.close_date, judged.by, at, judged.why)
    return rank, *texts, *numbers, *outlook, *no_override


def _reasons(review: Review) -> ExportTable:
    backed = any(reason.evidence for row in review.rows for reason in (*row.reasons_for, *row.reasons_against))
    heads = f"{review.subject_word}_id place:number points:number reason subject feature value{' evidence' if backed else ''}"
    return ExportTable("reasons", columns(heads), tuple(each for row in ranked(review) for each in _reasons_of(row, backed)))


def _reasons_of(row: Row, backed: bool) -> Iterator[tuple[CellValue, ...]]:
    def line(rank: int, each: Reason) -> tuple[CellValue, ...]:
        facts = (row.entity_id, rank, round(100 * each.points, 4), each.sentence, each.subject, each.feature, each.value)
        return (*facts, each.evidence) if backed else facts

    for side in (row.reasons_for, row.reasons_against):
        yield from (line(rank, each) for rank, each in enumerate(side, start=1))


def _scenarios(review: Review) -> ExportTable:
    rows = tuple((row.entity_id, place, each) for row in ranked(review) for place, each in enumerate(row.scenarios, start=1))
    return ExportTable("scenarios", columns(f"{review.subject_word}_id place:number scenario"), rows)


def _curve(review: Review) -> ExportTable:
    curve = review.curve
    rows = zip(curve.predicted, curve.observed, curve.low, curve.high, curve.weight, strict=True) if curve else ()
    return ExportTable("calibration", columns("scored:share happened:share low:share high:share weight:number"), tuple(rows))


def _quality(review: Review) -> ExportTable:
    return ExportTable("quality", columns("figure value:number low:number high:number meaning"), review.quality)


def _metrics(review: Review) -> ExportTable:
    rows = tuple((each.title, each.number, each.unit, each.value, each.why_absent, each.formula) for each in review.metrics)
    return ExportTable("metrics", columns("metric value:number unit as_read why_absent formula"), rows)


def _trends(review: Review) -> ExportTable:
    """Periods count back from the latest, which is 0."""
    rows = tuple((each.title, index - len(each.trend) + 1, value) for each in review.metrics for index, value in enumerate(each.trend))
    return ExportTable("metric_trends", columns("metric period:number value:number"), rows)


def _renewals(review: Review) -> ExportTable:
    def line(month: date, accounts: int, arr: Decimal, lost: Decimal) -> tuple[CellValue, ...]:
        return month, accounts, arr, lost, review.currency

    rows = tuple(line(each.month, each.accounts, each.arr, each.expected_lost) for each in review.renewals)
    return ExportTable("renewals", columns("month:date accounts:number arr:money expected_lost:money currency"), rows)


def _about(review: Review) -> ExportTable:
    """What one must know to read the other tables."""
    trained = filters.moment(review.trained_through) if review.trained_through else "not stated"
    facts = (
        ("title", review.title),
        ("as of", filters.moment(review.as_of)),
        ("model", f"{review.model}, version {review.model_version}"),
        ("method", review.rung),
        ("looks ahead", f"{review.horizon_days} days"),
        ("learned from outcomes up to", trained),
        ("ledger digest", review.ledger_digest),
    )
    gaps = tuple((f"no {section}", why) for section, why in review.gaps.items())
    notes = (*review.notes, *(review.forecast.notes if review.forecast else ()), *(review.movement.notes if review.movement else ()))
    return ExportTable("about", columns("what told"), (*facts, *gaps, *(("note", note) for note in notes)))
