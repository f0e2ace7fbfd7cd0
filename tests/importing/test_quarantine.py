"""Too many refused rows end an import, and what is refused is stored within bounds."""

from __future__ import annotations

import json

import pyarrow.parquet as pq
import pytest

from dealml.errors import InputError
from dealml.importing.import_settings import ImportSettings
from dealml.importing.quarantine import LONGEST_VALUE
from tests.importing.company_fixtures import DEALS, Company


def rows(good: int, bad: int) -> str:
    lines = [f"d{n},a,2025-01-01" for n in range(good)] + [f"b{n},a,soon" for n in range(bad)]
    return "\n".join(["id,account,created", *lines])


def test_more_than_a_share_and_a_number_of_rows_ends_the_import(company: Company) -> None:
    company.has(rows(379, 21))
    with pytest.raises(InputError) as error:
        company.imports(allow_quarantine=False)
    assert str(error.value).startswith(
        "deals: 21 of 400 rows would be quarantined (21 × unreadable_value in created), so nothing was imported:"
        " deals.csv:381: created: 'soon'"
    )
    assert str(error.value).endswith("import without them by --allow-quarantine")
    assert company.ledger.tables == []


def test_the_rows_of_another_table_do_not_crowd_out_those_that_end_the_import(company: Company) -> None:
    accounts = DEALS.split("extracts:")[1].replace("deals", "accounts").replace("deal_id: id, account_id: account", "account_id: id")
    company.maps(DEALS + accounts)
    company.has(rows(1000, 30))
    company.has(rows(1, 21).replace("d0,", "a,"), "accounts.csv")
    with pytest.raises(InputError, match="accounts: 21 of 22 rows would be quarantined .* imported: accounts.csv:3: created: 'soon': "):
        company.imports(allow_quarantine=False)


@pytest.mark.parametrize(("good", "bad"), [(380, 20), (10, 19)])
def test_a_share_or_a_number_alone_is_let_pass(company: Company, good: int, bad: int) -> None:
    company.has(rows(good, bad))
    assert company.imports(allow_quarantine=False).total("quarantined") == bad


def test_every_row_of_a_table_ends_the_import(company: Company) -> None:
    company.has(rows(0, 1))
    with pytest.raises(InputError, match="deals: 1 of 1 rows would be quarantined"):
        company.imports(allow_quarantine=False)


def test_rows_are_counted_by_table_over_all_files(company: Company) -> None:
    company.maps(DEALS + DEALS.split("extracts:")[1].replace("deals.csv", "more.csv").rstrip() + "\n")
    company.has(rows(0, 3))
    company.has(rows(3, 0), "more.csv")
    assert company.imports(allow_quarantine=False).total("quarantined") == 3


def test_the_limits_are_settings(company: Company) -> None:
    company.has(rows(9, 2))
    with pytest.raises(InputError, match="deals: 2 of 11 rows"):
        company.imports(allow_quarantine=False, settings=ImportSettings(quarantine_rows=2))
    assert company.imports(allow_quarantine=False, settings=ImportSettings(quarantine_rows=2, quarantine_share=0.2)).total("accepted") == 9


def test_allowing_it_is_recorded_and_kinds_are_counted(company: Company) -> None:
    company.has(rows(1, 30) + "\n,a,2025-01-01")
    report = company.imports(allow_quarantine=True)
    assert report.quarantined_kinds == {"missing_value": 1, "unreadable_value": 30}
    manifest = json.loads(next(company.ledger.folder.glob("*/manifest.json")).read_text(encoding="utf-8"))
    assert manifest["allowed_quarantine"]
    assert company.imports().quarantined_kinds == report.quarantined_kinds


def test_a_long_cell_is_stored_short(company: Company) -> None:
    company.has("id,account,created\nd1,a,2025-01-01\nd2,a," + "x" * 50_000)
    company.imports()
    stored = pq.read_table(next(company.ledger.folder.glob("*/quarantine.parquet")))
    assert len(stored["value"][0].as_py()) == LONGEST_VALUE
