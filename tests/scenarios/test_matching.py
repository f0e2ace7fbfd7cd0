"""Open deals and leads against scenarios."""

from __future__ import annotations

import pandas as pd

from dealml.scenarios.conditions import ScenarioCondition
from dealml.scenarios.estimates import ShrunkenRate
from dealml.scenarios.matching import MatchedScenario, matched_scenarios
from dealml.scenarios.scenario import Scenario


def scenario(*conditions, rate=0.5):
    return Scenario(tuple(ScenarioCondition(*c) for c in conditions), 100, 50, ShrunkenRate(rate, 0.4, 0.6, 0.3), 0.01)


PAIR = scenario(("segment", "SMB"), ("trigger", "Audit"))
SINGLE = scenario(("trigger", "Audit"), rate=0.1)


def test_a_row_is_in_a_scenario_may_be_in_it_or_is_not():
    texts = pd.DataFrame({"segment": ["SMB", "SMB", None, "Enterprise", None], "trigger": ["Audit", None, "Audit", "Audit", None]})
    matches = matched_scenarios(texts, [PAIR, SINGLE])
    assert matches == [
        (MatchedScenario(PAIR), MatchedScenario(SINGLE)),
        (MatchedScenario(PAIR, ("trigger",)),),
        (MatchedScenario(SINGLE), MatchedScenario(PAIR, ("segment",))),
        (MatchedScenario(SINGLE),),
        (),
    ]


def test_a_feature_without_a_column_is_unknown():
    (match,) = matched_scenarios(pd.DataFrame({"segment": ["SMB"]}), [PAIR, SINGLE])
    assert match == (MatchedScenario(PAIR, ("trigger",)),)
    assert matched_scenarios(pd.DataFrame({"segment": []}), [PAIR]) == []
