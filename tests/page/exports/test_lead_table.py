"""The list of leads as a table."""

from datetime import date

from dealml.page.exports.review_tables import tables_of
from tests.page.row_fixtures import leads


def test_a_lead_has_its_company_touch_chances_reasons_and_evidence() -> None:
    tables = {table.name: table for table in tables_of(leads())}
    table = tables["leads"]
    first, second, third, _ = (dict(zip([column.name for column in table.columns], row, strict=True)) for row in table.rows)
    assert (first["rank"], first["id"], first["touch"], first["times_recycled"]) == (1, "L0", "touched lately", 0)
    assert (second["touch"], second["times_recycled"], second["last_touch"]) == ("going cold", 2, date(2026, 6, 21))
    company = ("company_open_deals", "company_won_deals", "company_churned")
    assert [tuple(each[name] for name in company) for each in (first, second, third)] == [(0, 0, "no"), (None, None, None), (1, 2, "yes")]
    assert [first[f"probability_{days}_days"] for days in (7, 30, 90)] == [0.004, 0.4, 0.995]
    assert first["reasons_for"] == "Forms that the lead filled in so far: 2 (+12 points)"
    assert first["reasons_against"] == "No meeting for 41 days. (−5 points)"
    assert first["evidence"] == "Forms that the lead filled in so far: 2. Of 30 leads like this, 40% were converted."
    assert [row[-1] for row in tables["reasons"].rows][:2] == ["Of 30 leads like this, 40% were converted.", ""]
