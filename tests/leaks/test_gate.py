"""The gate as a whole: inspect, refuse, allow."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.weekly_deals import MAIN, Company
from dealml.errors import GateRefused, UsageError
from dealml.leaks.findings import Canary, Finding, Inspection
from dealml.leaks.gate import inspect, refuse
from tests.leaks.company_fixtures import with_column

FEW = ("segment", "country", "employees", "stage", "stage_place", "champion_depth", "mails_30d", "days_since_calls", "discount")
LEAKS = Inspection(
    (Finding("score", "power", "alone 0.99"), Finding("note", "missing", "never open"), Finding("note", "order", "an id")), ()
)


def test_an_honest_company_passes_and_its_canaries_are_found(deals: Company) -> None:
    inspection = inspect(deals.rows, deals.serving, deals.features, MAIN)
    assert inspection.findings == ()
    assert {canary.name: canary.is_detected for canary in inspection.canaries if canary.strength == "strong"} == {
        "canary_label_copy": True,
        "canary_closing_field": True,
    }
    assert [canary.strength for canary in inspection.canaries] == ["strong", "strong", "weak", "weak"]
    assert refuse(inspection, {}) == ()


def test_a_leak_is_named_with_the_reason(deals: Company) -> None:
    planted = with_column(
        deals, "closing_note", lambda looks: np.where(looks["open"], "none", np.where(looks["lot"] < 0.4, "filed", "none"))
    )
    inspection = inspect(planted.rows, planted.serving, (*FEW, "closing_note"), MAIN)
    assert {finding.feature for finding in inspection.findings} == {"closing_note"}
    with pytest.raises(GateRefused, match="closing_note: 'filed' stands on 0 of") as refused:
        refuse(inspection, {})
    assert refused.value.exit_code == 6


def test_too_few_deals_are_told_as_blindness(few_deals: Company) -> None:
    inspection = inspect(few_deals.rows, few_deals.serving, FEW, MAIN)
    assert inspection.findings == ()
    assert set(inspection.blind_to) == {canary for canary in inspection.canaries if canary.detected_by is None}


def test_a_source_without_dates_is_inspected_too(deals: Company) -> None:
    inspection = inspect(deals.rows, None, FEW, MAIN)
    assert inspection.findings == ()
    assert all(canary.is_detected for canary in inspection.canaries if canary.strength == "strong")


def test_findings_from_elsewhere_count(few_deals: Company) -> None:
    found = Finding("segment", "changed", "rewritten at the close")
    assert inspect(few_deals.rows, few_deals.serving, FEW, MAIN, more=[found]).findings == (found,)


def test_every_finding_of_an_allowed_feature_is_told() -> None:
    allowed = refuse(LEAKS, {"score": "bought before", "note": "written at the start"})
    assert [(finding.search, reason) for finding, reason in allowed] == [
        ("power", "bought before"),
        ("missing", "written at the start"),
        ("order", "written at the start"),
    ]


def test_one_allowed_leak_does_not_let_the_others_pass() -> None:
    with pytest.raises(GateRefused, match="^note: never open; note: an id") as refused:
        refuse(LEAKS, {"score": "bought before"})
    assert "score" not in str(refused.value)


def test_an_allowance_that_nothing_needs_is_not_used() -> None:
    assert refuse(Inspection((), (Canary("c", "weak", "", 0.1, None),)), {"score": "bought before"}) == ()


def test_a_reason_is_needed() -> None:
    with pytest.raises(UsageError, match="needs a reason"):
        refuse(LEAKS, {"score": " ", "note": "x"})
