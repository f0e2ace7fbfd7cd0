"""Explanations add up to the served probability, and shap's own plots draw them."""

from __future__ import annotations

import warnings

import matplotlib as mpl
import pandas as pd
import pytest

import dealml
from dealml import ExplanationResult
from tests.conftest import CUT, Company, ScoredFiles

mpl.use("Agg")
import matplotlib.pyplot as plt  # noqa: E402

with warnings.catch_warnings():  # shap's own calls of matplotlib
    warnings.simplefilter("ignore")
    import shap


@pytest.fixture(scope="module")
def served(scored: ScoredFiles) -> pd.DataFrame:
    """Scores at the main horizon."""
    return pd.read_parquet(scored.scores).query("horizon_days == 90").set_index("entity_id")


@pytest.fixture(scope="module")
def explanation(company: Company, served: pd.DataFrame) -> ExplanationResult:
    return dealml.open(company.project.folder).explain(served.index[0], as_of=CUT)


def test_contributions_add_up_to_the_served_score(explanation: ExplanationResult, served: pd.DataFrame) -> None:
    score = served.loc[explanation.entity_id]
    log_odds, points = explanation.shap(), explanation.shap("points")
    assert log_odds.base_values + log_odds.values.sum() == pytest.approx(score["margin"], abs=1e-9)
    assert points.base_values + points.values.sum() == pytest.approx(score["probability"], abs=1e-9)
    assert (explanation.model, explanation.outcome, explanation.horizon_days) == ("deal_win", "won", 90)
    assert explanation.probabilities[90] == explanation.probability == score["probability"]
    assert log_odds.feature_names == explanation.contributions["feature"].tolist()
    assert list(log_odds.data) == explanation.contributions["value"].tolist()
    assert len(explanation.reasons) == len(explanation.reasons["evidence"])


@pytest.mark.parametrize("plot", [shap.plots.waterfall, shap.plots.bar])
@pytest.mark.parametrize("units", ["log_odds", "points"])
@pytest.mark.filterwarnings("ignore")
def test_plots_of_shap_draw_it(explanation: ExplanationResult, plot, units) -> None:  # type: ignore[no-untyped-def]
    plot(explanation.shap(units), show=False)
    labels = " ".join(text.get_text() for axes in plt.gcf().axes for text in axes.get_yticklabels())
    plt.close("all")
    strongest = explanation.contributions.set_index("feature")["log_odds"].abs().idxmax()
    assert str(strongest).replace("_", " ") in labels.replace("_", " ")


def test_unknown_units_are_refused(explanation: ExplanationResult) -> None:
    with pytest.raises(dealml.UsageError, match="units: 'percent': choose log_odds or points"):
        explanation.shap("percent")  # type: ignore[arg-type]


def test_an_entity_that_is_not_open_is_refused(company: Company) -> None:
    with pytest.raises(dealml.InputError, match="nobody: no deal, account or lead of this name is on record"):
        dealml.open(company.project.folder).explain("nobody", as_of=CUT)
