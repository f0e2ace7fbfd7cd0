"""Explaining at size: contributions and reasons in words, beside what a user would write with shap.

    python -m benchmarks.explaining [--rows N] [--trees N]

One booster of 500 trees with 31 leaves, no deeper than `learning.spec.Trees` allows, on 100 features, eight of them texts. Contributions
of 100,000 rows by the tables of `dealml.learning.rungs.tree_shap`; `shap.TreeExplainer` and LightGBM's own on fewer, as they take long.
Then the reasons of all rows in words: dealml's, and a pandas `apply` over shap's values.
"""

from __future__ import annotations

import argparse
import time
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.common import Floats, say, show
from dealml.learning.calibration import Calibrator
from dealml.learning.encoding import Field, Schema
from dealml.learning.fitted import Explained, FittedModel
from dealml.learning.rungs import BaseRate, Blend, BoostedTrees, Logistic
from dealml.learning.rungs.boosted_trees import lightgbm
from dealml.learning.spec import Trees
from dealml.reasons.top_reasons import MAX_REASONS, reasons_of
from dealml.reasons.wording import Meaning, Wording, wording_of

FEATURES, TEXTS, LEAVES, OF_SHAP = 100, 8, 31, 4_000


def rows_of(count: int, seed: int) -> Floats:
    """Numbers, texts as codes, and one value in ten missing."""
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(count, FEATURES))
    matrix[:, :TEXTS] = rng.integers(0, 12, (count, TEXTS))
    matrix[rng.random(matrix.shape) < 0.1] = np.nan
    return matrix


def boosted(trees: int) -> BoostedTrees:
    """Trees on an outcome that depends on numbers and texts."""
    matrix, rng = rows_of(30_000, 1), np.random.default_rng(2)
    known = np.nan_to_num(matrix)
    won = known[:, TEXTS:30].sum(axis=1) + np.isin(matrix[:, 0], [1, 5, 7]) * 2 + rng.normal(0, 3, len(matrix)) > 1
    options = {"objective": "binary", "num_leaves": LEAVES, "max_depth": Trees().max_depth, "verbosity": -1, "num_threads": 2, "seed": 3}
    data = lightgbm().Dataset(matrix, won.astype(float), categorical_feature=list(range(TEXTS)))
    return BoostedTrees(BaseRate((0.0,), (0.0,)), lightgbm().train(options, data, trees).model_to_string())


def timed(work: Any, turns: int = 2) -> tuple[float, Any]:
    """The best of some turns, in seconds, and what came out."""
    best, found = np.inf, None
    for _ in range(turns):
        began = time.perf_counter()
        found = work()
        best = min(best, time.perf_counter() - began)
    return best, found


def by_hand(values: Floats, matrix: Floats, names: list[str]) -> pd.Series:
    """What one would write: the strongest values of each row, as texts."""

    def told(row: pd.Series) -> list[str]:
        strongest = row.abs().nlargest(MAX_REASONS).index
        return [f"{name}: {table.at[row.name, name]} ({row[name]:+.3f})" for name in strongest]

    table = pd.DataFrame(matrix, columns=names)
    return pd.DataFrame(values, columns=names).apply(told, axis=1)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--trees", type=int, default=500)
    asked = parser.parse_args()
    import shap

    rung, matrix = boosted(asked.trees), rows_of(asked.rows, 4)
    few, names = matrix[:OF_SHAP], [f"f{place}" for place in range(FEATURES)]
    rung.contributions(few)  # compiles
    explainer = shap.TreeExplainer(rung.booster)
    tables, found = timed(lambda: rung.contributions(matrix))
    own, exact = timed(lambda: np.asarray(rung.booster.predict(few, pred_contrib=True)))
    of_shap, values = timed(lambda: explainer.shap_values(few), 1)
    values = values[1] if isinstance(values, list) else values
    words, _ = timed(lambda: by_hand(values, few, names), 1)
    model, wording = model_of(rung, names), wording_with(names)
    frame = pd.DataFrame(matrix, columns=names).assign(horizon_days=30.0)
    texts, _ = timed(lambda: sentences(model, frame, wording), 1)
    results = {
        "contributions, dealml": asked.rows / tables,
        "contributions, LightGBM": OF_SHAP / own,
        "contributions, shap.TreeExplainer": OF_SHAP / of_shap,
        "with words, dealml": asked.rows / texts,
        "with words, shap.TreeExplainer and pandas apply": OF_SHAP / (of_shap + words),
    }
    largest = float(np.abs(found[:OF_SHAP] - exact).max())
    ratios = {
        "to LightGBM's own": results["contributions, dealml"] / results["contributions, LightGBM"],
        "to shap with apply": results["with words, dealml"] / results["with words, shap.TreeExplainer and pandas apply"],
    }
    show(
        f"rows a second, {asked.trees} trees of {LEAVES} leaves", {name: {"rows a second": round(value)} for name, value in results.items()}
    )
    say({"benchmark": "explaining", "rows": asked.rows, "rates": results, "ratios": ratios, "largest_difference": largest})


def model_of(trees: BoostedTrees, names: list[str]) -> FittedModel:
    """A model of these trees alone, texts told by their codes."""
    fields = [Field(name) for name in names]
    line = Logistic(0.0, BaseRate((30.0,), (0.0,)), 0.0, ())
    schema = Schema((*fields, Field("horizon_days")))
    return FittedModel(
        "bench",
        "deal_id",
        "won",
        (30,),
        30,
        "",
        "",
        schema,
        Blend(line, Wider(trees), 1.0),
        Calibrator(),
        {},  # type: ignore[arg-type]
    )


class Wider:
    """Trees that have not seen the horizon, in a matrix that ends with it."""

    def __init__(self, trees: BoostedTrees) -> None:
        self.trees = trees

    def margin(self, matrix: Floats) -> Floats:
        return self.trees.margin(np.ascontiguousarray(matrix[:, :-1]))

    def contributions(self, matrix: Floats) -> Floats:
        found = self.trees.contributions(np.ascontiguousarray(matrix[:, :-1]))
        return np.insert(found, -1, 0.0, axis=1)


def wording_with(names: list[str]) -> Wording:
    """Texts for features without a file, in fifteen subjects."""
    return Wording(
        "en", wording_of([]).texts, {name: Meaning(f"Feature {name}", "days", f"Subject {place % 15}") for place, name in enumerate(names)}
    )


def sentences(model: FittedModel, frame: pd.DataFrame, wording: Wording) -> int:
    """All reasons, batch by batch as scoring makes them."""
    told = 0
    for start in range(0, len(frame), 6_000):
        part = frame.iloc[start : start + 6_000].reset_index(drop=True)
        explained: Explained = model.explain(part)
        told += sum(len(reasons) for reasons in reasons_of(model, part, explained, wording))
    return told


if __name__ == "__main__":
    main()
