"""What scores of leads have besides, by a model and a past whose answers are plain."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

from dealml.jobs.reviewing.lead_scores import backed_scores


def test_each_lead_has_its_own_chances_and_evidence_of_shown_reasons() -> None:
    table = pd.DataFrame({"lead_id": ["a", "b"], "forms": [1, 5]})
    model = SimpleNamespace(entity="lead_id", horizons=(7, 30), probabilities=lambda table, days: np.array([[0.1, 0.2], [0.3, 0.4]]))
    population: Any = SimpleNamespace(served=SimpleNamespace(fitted=model), table=table)
    past: Any = SimpleNamespace(backing=lambda reason, row: SimpleNamespace(text=f"{reason['feature']} of {row['forms']}"))
    scores = [{"entity_id": each, "reasons": [{"feature": "forms", "points": size}]} for each, size in (("b", -0.1), ("a", 0.0001))]
    second, first = backed_scores(scores, population, past)
    assert (first["chances"], second["chances"]) == ([(7, 0.1), (30, 0.2)], [(7, 0.3), (30, 0.4)])
    assert second["reasons"][0]["evidence"] == "forms of 5"
    assert "evidence" not in first["reasons"][0]
