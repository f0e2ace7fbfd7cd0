"""Every model, setting, metric and feature is documented, and the generated pages are current."""

from pathlib import Path

import pytest

from dealml.evaluation.baselines.baselines import BASELINES
from dealml.evaluation.decisions.promotion import MUST_BEAT
from dealml.evaluation.metrics.metrics import METRICS
from dealml.learning.promotion_gate import Gate
from dealml.learning.spec import Model, Shown, Trees
from dealml.load_definitions import model_names
from dealml.sales_metrics import METRICS as SALES_METRICS
from dealml.sales_metrics import SalesMetric
from scripts.docs import ROOT, pages


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_generated_page_is_current(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8") == pages()[name], "run: make docs"


@pytest.mark.parametrize("name", model_names(ROOT))
def test_every_model_is_documented(name: str) -> None:
    assert f"## {name}" in page("models.md")


@pytest.mark.parametrize("name", Gate.__dataclass_fields__)
def test_every_limit_of_the_gate_is_documented_with_its_default(name: str) -> None:
    assert f"| `{name}` | {getattr(Gate(), name):g} |" in page("promotion.md")


CONDITIONS = ["same_source", "gain_over_champion", "gain_over_base_rate", "calibration_error", "calibration_loss", "segment_auc"]


@pytest.mark.parametrize("name", [*CONDITIONS, *(f"skill_over_{rival}" for rival in MUST_BEAT)])
def test_every_condition_is_documented(name: str) -> None:
    assert f"`{name}`" in page("promotion.md")


@pytest.mark.parametrize("name", [*Model.__dataclass_fields__, *Trees.__dataclass_fields__])
def test_every_key_of_a_model_is_documented(name: str) -> None:
    assert f"`{name}`" in page("models.md")


@pytest.mark.parametrize("name", [*METRICS, *(f"`{name}`" for name in BASELINES)])
def test_every_metric_and_rival_is_documented(name: str) -> None:
    assert name in page("metrics.md")


@pytest.mark.parametrize("metric", SALES_METRICS.values(), ids=lambda metric: metric.name)
def test_every_sales_metric_is_documented(metric: SalesMetric) -> None:
    text = page("metrics.md").split(f"\n## {metric.title}\n")[1].split("\n## ")[0]
    assert f"`{metric.name}` = {metric.formula}." in text
    assert f"| missing or zero | {metric.missing} |" in text
    assert "| unit | " in text


def test_what_a_page_shows_is_declared_with_meaning() -> None:
    assert all(isinstance(field.default, str) for field in Shown.__dataclass_fields__.values())


def test_links_between_pages_lead_somewhere() -> None:
    import re

    for source in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)\)", source.read_text(encoding="utf-8")):
            assert (source.parent / Path(target)).exists(), f"{source.name}: {target}"
