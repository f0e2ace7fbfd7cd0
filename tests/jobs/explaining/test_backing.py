"""The evidence for reasons, looked up in a past of plain numbers."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pandas as pd

from dealml.jobs.explaining.backing import SettledPast
from dealml.reasons.evidence import EvidenceBase
from dealml.reasons.wording import wording_of
from features import lead_behaviour


def past() -> SettledPast:
    """Of 40 new leads the 20 with a form came to the outcome, of 40 old ones nobody did; forms have ten values each."""
    rows = [
        {"stage": stage, "lead_forms": float(number // 4), "had": int(stage == "new" and number >= 20)}
        for stage in ("new", "old")
        for number in range(40)
    ]
    view: Any = SimpleNamespace(
        outcome=SimpleNamespace(reverses_expectations=False), cross_section=False, end=datetime(2026, 1, 5, tzinfo=UTC)
    )
    model: Any = SimpleNamespace(entity="lead_id", main_horizon=30, outcome_name="converted")
    return SettledPast(view, model, wording_of([lead_behaviour.lead_forms]), EvidenceBase(pd.DataFrame(rows), "stage"))


def test_evidence_is_of_the_same_stage_and_names_a_range_but_not_a_value() -> None:
    found = past().backing({"feature": "lead_forms", "log_odds": 1.0}, {"stage": "new", "lead_forms": 7.0})
    assert found.text.startswith(f"{found.like}: Only ")
    assert "other" in found.sentence
    text = past().backing({"feature": "stage", "log_odds": 1.0}, {"stage": "new", "lead_forms": 7.0}).text
    assert text.startswith("Of 40 leads like this, 50% were converted within 30 days, against 0% of 40 others")


def test_a_reason_against_what_one_would_expect_is_said() -> None:
    base, row = past(), {"stage": "new", "lead_forms": 9.0}
    against, way = (base.backing({"feature": "lead_forms", "log_odds": sign}, row) for sign in (-1.0, 1.0))
    assert against.warning == "Against what one would expect: look at what it stands for here."
    assert against.text.endswith(against.warning)
    assert way.warning == ""
