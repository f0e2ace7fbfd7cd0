"""Times that are numbers counted from 1970, and formats that cannot be read."""

from __future__ import annotations

import pytest

from dealml import DealmlError
from tests.importing.cases.conftest import Office

MAPPING = """
    extracts:
      - file: deals.csv
        into: deals
        columns:
          deal_id: id
          occurred_at: {{column: created, format: {0}}}
          recorded_at: {{column: created, format: {0}}}
    """


@pytest.mark.parametrize(("form", "cell"), [("milliseconds", "1749463200000"), ("seconds", "1749463200")])
def test_numbers_since_1970_are_instants(office: Office, form: str, cell: str) -> None:
    """2025-06-09 10:00 UTC."""
    report = office.takes("2025-07-01", MAPPING.format(form), deals=f"id,created\nV1,{cell}\n")
    assert report.quarantined_kinds == {}
    assert office.open_deals("2025-06-10T22:00:00") == {"V1": (1.5,)}


@pytest.mark.parametrize("form", ["%s", "%-d/%-m/%Y", "%R", "%Y-%m-%d %", "%d %b", "%Y-%m-%d %H:%M %p"])
def test_a_format_that_reads_nothing_or_the_wrong_time_is_refused_at_its_line(office: Office, form: str) -> None:
    with pytest.raises(DealmlError, match=r"mapping.yaml:9: extracts.0.columns.occurred_at.format: ") as refused:
        office.takes("2025-07-01", MAPPING.format(f'"{form}"'), deals="id,created\nV1,1749463200000\n")
    assert refused.value.exit_code == 3
    assert "\n" not in str(refused.value)


def test_without_a_format_the_reason_names_it(office: Office) -> None:
    plain = MAPPING.replace("{{column: created, format: {0}}}", "created")
    report = office.takes("2025-07-01", plain, allow_quarantine=True, deals="id,created\nV1,1749463200000\n")
    assert "format: seconds or milliseconds reads numbers counted from 1970" in report.quarantine["reason"].iloc[0]
