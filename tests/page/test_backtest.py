"""The report of a backtest: every figure in it, nothing else runs in it, and it can be read on a phone."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

from dealml import Shown
from dealml.evaluation.figures.figure_sets import backtest_figures
from dealml.evaluation.holdout.backtest import Origin
from dealml.evaluation.holdout.predictions import HoldoutPredictions, weekly
from dealml.evaluation.report.evaluate import Evaluation, measure
from dealml.learning.calibration import Calibrator
from dealml.learning.encoding import Field, Schema
from dealml.learning.fitted import FittedModel
from dealml.learning.rungs import BaseRate
from dealml.page.backtest import render_backtest
from tests.learning.snapshot_fixtures import SPEC, rows_of, snapshots

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HOSTILE = "<img src=x onerror=window.hacked=1>"
ORIGINS = (Origin("2023-09-01", "logistic", 60, 20, 900, 80), Origin("2024-03-01", "lightgbm", 120, 45, 700, 60))
MODEL = FittedModel(
    "made", "deal_id", "won", (14, 60), 60, "", "", Schema((Field("horizon_days"),)), BaseRate((60.0,), (0.0,)), Calibrator(), {}
)


@pytest.fixture(scope="module")
def held() -> HoldoutPredictions:
    table = snapshots(deals=160).assign(amount=1000.0)
    table["segment"] = np.where(table["colour"] == "blue", HOSTILE, "Enterprise")
    rows, random = weekly(rows_of(table, (14, 60))), np.random.default_rng(2)
    model = np.clip(0.25 + 0.4 * (rows.label - 0.3) + random.normal(0, 0.1, len(rows)), 0.01, 0.99)
    fold = np.where(rows.as_of < np.datetime64("2024-03-01"), "2023-09-01", "2024-03-01").astype(object)
    return HoldoutPredictions(
        rows, {"model": model, "base_rate": np.full(len(rows), 0.3), "naive_bayes": random.uniform(0.1, 0.5, len(rows))}, fold
    )


@pytest.fixture(scope="module")
def evaluation(held: HoldoutPredictions) -> Evaluation:
    spec = replace(SPEC, shown=Shown(segment="segment", amount_converted="amount"))
    return measure(spec, MODEL, held, "rolling origins", "2025-01-06T00:00:00+00:00", 20, "EUR")


@pytest.fixture(scope="module")
def page(evaluation: Evaluation) -> str:
    return render_backtest(evaluation, ORIGINS, backtest_figures(evaluation), "Żółw & Co", "abc123")


def test_every_slice_and_every_rival_is_in_it(page: str, evaluation: Evaluation) -> None:
    for kind in ("days ahead", "origin", "segment", "stage", "amount", "share of a deal&#39;s life that had passed"):
        assert f"<caption>By {kind}</caption>" in page
    for told in ("the base rate", "naive Bayes", "money, top 20%", "Żółw &amp; Co: backtest of made", "abc123", "2023-09-01"):
        assert told in page
    for interval in (evaluation.overall["model"]["log_loss"], evaluation.gain["naive_bayes"]):
        assert f"{interval.value:.3f}<small>{interval.low:.3f} to {interval.high:.3f}</small>" in page
    assert page.count(">withheld<") == sum(part.withheld for parts in evaluation.slices.values() for part in parts.values()) > 0


def test_the_verdict_is_the_headline(page: str, evaluation: Evaluation) -> None:
    gain = evaluation.gain["base_rate"]
    assert gain.low > 0
    assert f"made beats the base rate: log loss lower by {gain.value:.3f}" in page
    assert "It beats the base rate and naive Bayes." in page
    worse = replace(evaluation, gain={name: replace(found, low=-0.01) for name, found in evaluation.gain.items()})
    told = render_backtest(worse, ORIGINS, [], "Co", "abc123")
    assert "made does not beat the base rate" in told
    assert "It does not beat the base rate and naive Bayes." in told


def test_pictures_stand_in_the_page_and_tell_the_same_in_words(page: str) -> None:
    sources = re.findall(r'<img src="([^"]{30})[^"]*" alt="([^"]+)"', page)
    assert len(sources) == 5
    assert {source for source, _ in sources} == {"data:image/svg+xml;base64,PD94"[:30]}
    assert any("Calibration curve" in alt for _, alt in sources)
    assert all(page.count(alt) == 2 for _, alt in sources)


def test_nothing_runs_and_nothing_is_asked_for(page: str) -> None:
    assert HOSTILE not in page
    assert "&lt;img src=x" in page
    assert "<script" not in page
    assert "http" not in re.sub(r'content="[^"]*"', "", page.replace("http-equiv", ""))
    assert "default-src &#39;none&#39;" in page
    assert "script-src &#39;none&#39;" in page


def test_a_cross_section_says_that_it_has_no_dates(held: HoldoutPredictions) -> None:
    undated = replace(held, rows=replace(held.rows, cross_section=True), fold=np.full(len(held), "repeat 1", dtype=object))
    evaluation = measure(SPEC, MODEL, undated, "rolling origins", "2025-01-06T00:00:00+00:00", 10)
    page = render_backtest(evaluation, ORIGINS, backtest_figures(evaluation), "Co", "abc123")
    assert page.count("epeated stratified cross-validation: the source has no dates") == 2
    assert "looking" not in page
    assert "2025-01-06" not in page
    assert "Not by life: the source has no dates." in page


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(375, "light"), (1280, "dark")])
def test_it_reads_on_a_phone_and_on_a_desk(browser: Browser, page: str, tmp_path: Path, width: int, scheme: str) -> None:
    file = tmp_path / "b.html"
    file.write_text(page, encoding="utf-8")
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    shown = context.new_page()
    heard: list[str] = []
    shown.on("console", lambda message: heard.append(message.text))
    shown.on("request", lambda request: heard.append(request.url) if request.url[:5] not in ("file:", "data:") else None)
    shown.goto(file.as_uri())
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    assert shown.evaluate("[...document.images].every(i => i.complete && i.naturalWidth > 100)")
    assert Axe().run(shown).response["violations"] == []
    context.close()
    assert heard == []
