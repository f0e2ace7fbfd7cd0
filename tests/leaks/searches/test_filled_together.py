"""Features filled in together with a refused one."""

from __future__ import annotations

import pandas as pd
import pytest

from benchmarks.weekly_deals import MAIN, Company
from dealml.errors import GateRefused
from dealml.leaks.findings import Finding, Inspection
from dealml.leaks.gate import refuse
from dealml.leaks.inspection_sample import InspectionSample
from dealml.leaks.searches.filled_together import filled_together
from tests.leaks.company_fixtures import Values, with_column


def contract(looks: pd.DataFrame) -> pd.Series:
    return pd.Series("signed", index=looks.index).where(looks["won"] & (looks["lot"] < 0.5))


def few_of_these(looks: pd.DataFrame) -> pd.Series:
    return pd.Series("framework", index=looks.index).where(looks["won"] & (looks["lot"] < 0.06))


def few_of_all(looks: pd.DataFrame) -> pd.Series:
    return pd.Series("framework", index=looks.index).where(looks["lot"] < 0.06)


REFUSED = Finding("contract", "missing", "filled in at the close")


def companions(company: Company, contract: Values, other: Values) -> list[Finding]:
    """What is found with a column that was refused, and another one."""
    both = with_column(with_column(company, "contract", contract), "agreement", other)
    material = InspectionSample.of(both.rows, both.serving, ["contract", "agreement"], MAIN)
    return filled_together(material, [material.column(name) for name in ("contract", "agreement")], [REFUSED])


def test_a_rare_field_filled_in_with_a_refused_one_is_named(deals: Company) -> None:
    (finding,) = companions(deals, contract, few_of_these)
    assert (finding.feature, finding.search, finding.because) == ("agreement", "together", "contract")
    count = int(finding.evidence["entities"])
    assert count == finding.evidence["both"]
    assert f"has a value on {count} entities, and {count} of these have one of contract" in finding.reason


def test_a_rare_field_of_all_deals_is_honest(deals: Company) -> None:
    assert not companions(deals, contract, few_of_all)


def test_a_refused_field_whose_presence_tells_nothing_takes_no_other_with_it(deals: Company) -> None:
    assert not companions(deals, lambda looks: pd.Series("signed", index=looks.index).where(looks["lot"] < 0.5), few_of_all)


def test_where_the_refused_field_is_allowed_its_companion_is_too() -> None:
    companion = Finding("agreement", "together", "filled in with it", because="contract")
    inspection = Inspection((REFUSED, companion), ())
    assert refuse(inspection, {"contract": "signed before"}) == ((REFUSED, "signed before"),)
    with pytest.raises(GateRefused, match="^contract: filled in at the close\\. "):
        refuse(inspection, {"agreement": "a framework of years ago"})
