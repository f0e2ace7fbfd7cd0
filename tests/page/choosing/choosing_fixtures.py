"""A page of choosing with every section, and hostile texts in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pandas as pd

from dealml.commitments.aftermath import ANY, Aftermath, ObservedShare
from dealml.page.choosing.commitments_section import commitments_section
from dealml.page.choosing.content import ChoosingPage, ChoosingSection
from dealml.page.choosing.economics_section import economics_section
from dealml.page.choosing.qualification_section import qualification_section
from dealml.page.choosing.scenarios_section import headline, scenarios_section
from dealml.qualification.questions import ValuedQuestion
from dealml.qualification.verdicts import QualifiedEntity, TestVerdict
from dealml.scenarios.conditions import ScenarioCondition
from dealml.scenarios.consequences import Consequences
from dealml.scenarios.matching import MatchedScenario
from dealml.scenarios.mined import MinedScenarios
from tests.page.row_fixtures import HOSTILE
from tests.scenarios.test_matching import PAIR, SINGLE

AS_OF = datetime(2026, 1, 5, tzinfo=UTC)
WINNING = replace(PAIR, conditions=(ScenarioCondition("segment", HOSTILE),), consequences=Consequences(1000.0, 5000.0, 90.0, 4, 1))
MINED = MinedScenarios(AS_OF, 200, 60, ("segment",), 12, (WINNING,), (SINGLE,), ("a note",))


def economics_table(*values: float) -> pd.DataFrame:
    """A row for each expected value."""
    terms = {"becomes_a_deal": 1.0, "win": 0.4, "price": 1000.0, "gross_margin": 600.0, "payback_months": 8.0, "stays": 0.9}
    rows = [
        terms | {"kind": "deal", "id": f"d{n}", "name": HOSTILE, "segment": "SMB", "cost_to_pursue": 50.0, "expected_value": value,
                 "expected_value_low": value - 10, "expected_value_high": value + 10, "unknown": "price, goods" if np.isnan(value) else ""}
        for n, value in enumerate(values)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def promises() -> pd.DataFrame:
    """One promise that is overdue, and one that is free."""
    due = pd.Series([pd.Timestamp("2025-12-24", tz="UTC"), pd.NaT]).astype("datetime64[us, UTC]")
    columns = {"deal_id": ["d1", "d2"], "name": [HOSTILE, None], "subject": "price", "measure": "discount", "value": [0.28, 0.05]}
    rules = {"free": 0.2, "most": 0.4, "state": ["not requested", "free"], "approver": "finance"}
    return pd.DataFrame(columns | rules).assign(decide_by=due)


def qualified(kind: str, name: str, advice: str, probability: float | None) -> QualifiedEntity:
    """A deal or lead whose one test is unknown."""
    verdict = TestVerdict("pain", "Pain", "unknown", (), (), ("What does it cost?",))
    question = ValuedQuestion("problem", "What does the problem cost?", 100.0, True, 0.2, 0.1)
    ratio = None if probability is None else 1.5
    about = (kind, name, None, HOSTILE, "Proposal", 1000.0)
    return QualifiedEntity(*about, advice, probability, ratio, (verdict,), (question,), (), "")  # type: ignore[arg-type]


def choosing_page() -> ChoosingPage:
    """Every section, and one that is missing."""
    share = ObservedShare(10, 4, 0.4, 0.2, 0.6)
    aftermath = [Aftermath(ANY, True, 10, share, ObservedShare.of(pd.Series([], dtype=object)))]
    entities = [qualified("deal", "d1", "pursue", 0.5), qualified("lead", "l1", "decline", None)]
    sections = (
        scenarios_section(MINED, [(MatchedScenario(WINNING),), ()], "EUR"),
        qualification_section(entities, {"deal": 90, "lead": None}, "EUR"),
        economics_section(economics_table(900.0, -20.0, np.nan), 36, "EUR"),
        commitments_section(promises(), aftermath, AS_OF),
        ChoosingSection("plan", "What fits into the hours", missing="no hours are on record"),
    )
    return ChoosingPage(f"{HOSTILE}: where to compete", AS_OF, headline(MINED), sections, (("Ledger digest", "abc"),))
