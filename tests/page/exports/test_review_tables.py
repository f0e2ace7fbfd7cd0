"""Every table of a page, with all its rows."""

from decimal import Decimal

from dealml.page.exports.review_tables import tables_of
from dealml.page.review.annotations import OverrideNote
from tests.page.review_fixtures import whole
from tests.page.row_fixtures import review
from tests.page.row_fixtures import row as deal

NAMES = (
    "forecast", "forecast_parts", "forecast_width", "forecast_groups", "forecast_rivals", "past_forecasts", "pinball_loss", "recurring",
    "changes", "changed_deals", "talk_about", "deals", "reasons", "calibration", "quality", "metrics", "metric_trends", "renewals", "about",
)  # fmt: skip


def test_every_section_has_its_tables() -> None:
    assert tuple(table.name for table in tables_of(whole(40))) == NAMES


def test_every_row_has_a_cell_for_each_column_and_names_fit_a_sheet() -> None:
    for table in tables_of(whole(40)):
        assert {len(row) for row in table.rows} == {len(table.columns)}
        assert len({column.name for column in table.columns}) == len(table.columns)
        assert len(table.name) <= 31


def test_kinds_say_what_cells_are() -> None:
    allowed = {"text": str, "number": int | float, "money": int | float | Decimal, "share": int | float}
    for table in tables_of(whole(40)):
        for place, column in enumerate(table.columns):
            cells = [row[place] for row in table.rows if row[place] is not None]
            assert all(isinstance(cell, allowed[column.kind]) for cell in cells if column.kind in allowed), (table.name, column)


def test_a_bare_review_has_no_empty_tables() -> None:
    assert [table.name for table in tables_of(review(curve=None, quality=()))] == ["about"]


def test_sums_are_those_of_the_page_to_the_cent() -> None:
    found = whole(40)
    tables = {table.name: table for table in tables_of(found)}
    assert len(tables["deals"].rows) == 40
    assert sum(row[12] for row in tables["deals"].rows) == sum(row.expected_value or 0 for row in found.rows)  # type: ignore[misc]
    for row in tables["changes"].rows:
        cents = [round(float(cell) * 100) for cell in row[1:]]  # type: ignore[arg-type]
        assert sum(cents[:-1]) == cents[-1]
    assert found.movement
    assert sum(round(float(row[4]) * 100) for row in tables["changed_deals"].rows) == sum(found.movement.total.by_category.values())  # type: ignore[arg-type]


def test_a_judged_amount_names_its_currency() -> None:
    said = ((Decimal("48000"), "USD"), (Decimal("9"), ""), (None, ""))
    judged = (OverrideNote("Marta", "so", amount=amount, currency=currency) for amount, currency in said)
    rows = tuple(deal(f"d{place}", override_note=each) for place, each in enumerate(judged))
    table = next(table for table in tables_of(review(*rows)) if table.name == "deals")
    at = [column.name for column in table.columns].index("judged_currency")
    assert {each[1]: each[at] for each in table.rows} == {"d0": "USD", "d1": "EUR", "d2": None}


def test_gaps_and_notes_are_told() -> None:
    found = whole(4, gaps={"metrics": "costs are not imported"}, metrics=())
    about = next(table for table in tables_of(found) if table.name == "about")
    assert ("no metrics", "costs are not imported") in about.rows
    assert ("note", "4 deals were deleted in the CRM since then.") in about.rows
