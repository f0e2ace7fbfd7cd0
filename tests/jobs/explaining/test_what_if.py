"""What if: bounded by the past, consistent in what follows, refused otherwise; and the page of one deal."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from dealml.errors import InputError, UsageError
from dealml.features.recompute import recomputed
from dealml.jobs.explaining.deal_page import write_deal_page
from dealml.jobs.explaining.explain import resolve_entity
from dealml.jobs.explaining.what_if import try_values
from dealml.reasons.value_text import shown_values
from tests.conftest import CUT, Company, ScoredFiles


@pytest.fixture(scope="module")
def deal(company: Company, scored: ScoredFiles) -> str:
    """A deal whose champion stands below the deepest point, so that both ways are open."""
    ids = sorted(set(pq.read_table(scored.scores)["entity_id"].to_pylist()))
    return next(e for e in ids if 1 <= resolve_entity(company.project, e, CUT, "tiny", None).row["champion_depth"].iloc[0] <= 3)


def test_a_deeper_champion_goes_with_a_higher_probability(company: Company, deal: str) -> None:
    found = try_values(company.project, deal, CUT, {"champion_depth": "4"}, "tiny")
    assert found.after > found.before
    assert found.low < found.after - found.before < found.high
    assert set(found.values) == {"champion_depth"}
    assert found.values["champion_depth"][1] == "4"
    assert try_values(company.project, deal, CUT, {"champion_depth": "4"}, "tiny") == found


def test_formulas_follow(company: Company, deal: str) -> None:
    seen = resolve_entity(company.project, deal, CUT, "deal_win", None)
    deeper = {"champion_depth": 4.0, "champion_depth_now": 1.0}
    changed = recomputed(seen.view.con, seen.view.plan.features, seen.row.assign(**deeper), deeper)
    assert changed["champion_cooled"].iloc[0] == 3
    same = [name for name in seen.row.columns if name not in (*deeper, "champion_cooled")]
    assert [shown_values(changed[name]) for name in same] == [shown_values(seen.row[name]) for name in same]


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ({"no_such": "1"}, "no such feature of this model"),
        ({"stage_place": "1"}, "nobody can act on it"),
        ({"champion_depth": "9"}, "outside what comparable cases had, . to 4"),
        ({"champion_depth": "deep"}, "'deep' is no number"),
    ],
)
def test_what_cannot_be_tried_is_refused(company: Company, deal: str, wanted: dict[str, str], told: str) -> None:
    with pytest.raises(InputError, match=told):
        try_values(company.project, deal, CUT, wanted, "tiny")


def test_nothing_to_try_is_refused(company: Company, deal: str) -> None:
    with pytest.raises(UsageError, match="FEATURE=VALUE"):
        try_values(company.project, deal, CUT, {}, "tiny")


def test_the_page_of_a_deal(company: Company, deal: str, tmp_path: Path) -> None:
    size = write_deal_page(company.project, deal, CUT, tmp_path / "deal.html", "tiny")
    page = (tmp_path / "deal.html").read_text(encoding="utf-8")
    assert size == len(page.encode())
    for said in (
        "likely to be won within 90 days",
        "How it adds up",
        "deals like this at the same stage",
        "Over its life",
        "Stage: ",
        "Most like it",
    ):
        assert said in page
    with pytest.raises(UsageError, match="end the file's name in .html"):
        write_deal_page(company.project, deal, CUT, tmp_path / "deal.txt", "tiny")
