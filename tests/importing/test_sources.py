"""Only files in the source folder are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from dealml.errors import InputError
from tests.importing.company_fixtures import DEALS, Company


@pytest.mark.parametrize("name", ["../outside.csv", "ABSOLUTE", "link.csv"])
def test_a_file_outside_of_the_source_is_refused(company: Company, tmp_path: Path, name: str) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_text("id,account,created\nd1,a,2025-01-01\n", encoding="utf-8")
    (company.source / "link.csv").symlink_to(outside)
    file = name.replace("ABSOLUTE", str(outside))
    company.maps(DEALS.replace("deals.csv", file))
    with pytest.raises(InputError, match=r"lies outside of the source folder .*; only files in it are read$"):
        company.imports()
    assert company.ledger.tables == []


def test_a_link_within_the_source_is_followed(company: Company) -> None:
    company.has("id,account,created\nd1,a,2025-01-01\n", "real.csv")
    (company.source / "deals.csv").symlink_to(company.source / "real.csv")
    assert company.imports().total("accepted") == 1
