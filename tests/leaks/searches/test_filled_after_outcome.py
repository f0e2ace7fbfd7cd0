"""Values that only settled entities have, and honest values that look a little like it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.weekly_deals import MAIN, Company
from dealml.leaks.inspection_sample import InspectionSample
from dealml.leaks.searches.filled_after_outcome import region_gap
from dealml.leaks.weekly_panel import Ends, weekly_panel_of
from tests.leaks.company_fixtures import found, searched


def test_a_text_written_at_the_close_is_found(deals: Company) -> None:
    reasons = found(deals, "note", lambda looks: np.where(looks["open"], "none", np.where(looks["lot"] < 0.3, "archived", "none")))
    assert "'archived' stands on 0 of" in reasons["settled"]


def test_a_number_rewritten_at_the_close_is_found(deals: Company) -> None:
    reasons = found(deals, "fee", lambda looks: np.where(~looks["open"] & (looks["lot"] < 0.3), 0.0, 10 + 100 * looks["lot"]))
    assert set(reasons) == {"settled"}


def test_a_text_that_only_open_deals_have_is_found(deals: Company) -> None:
    reasons = found(deals, "next", lambda looks: np.where(looks["open"] & (looks["lot"] < 0.4), "call back", "none"))
    assert "settled" in reasons


def test_a_few_rewritten_values_are_found_where_they_decide_the_outcome(deals: Company) -> None:
    reasons = found(deals, "note", lambda looks: np.where(looks["won"] & (looks["lot"] < 0.1), "thanks", "none"))
    assert "settled entities had the outcome" in reasons.get("settled", "") + reasons.get("purity", "")


def test_a_date_written_at_the_close_is_found_as_days_until_it(deals: Company) -> None:
    def days_until(looks: pd.DataFrame) -> pd.Series:
        age = (looks["as_of"] - looks["since"]).dt.total_seconds() / 86_400
        return (20 + 300 * looks["lot"] - age).where(~looks["open"])

    assert "missing" in found(deals, "days_until_handover", days_until)


def test_kinds_of_deals_that_live_longer_are_honest(deals: Company) -> None:
    """Every third long-lived deal has the text, hardly any other: among open deals it is far more frequent."""
    looks = deals.rows.snapshots.groupby("deal_id").size()

    def text(table: pd.DataFrame) -> np.ndarray:
        long = table["deal_id"].map(looks).fillna(0) > 20
        return np.where(table["lot"] < np.where(long, 0.35, 0.1), "large", "small")

    shares = [np.mean(text(table.assign(lot=0.2)) == "large") for table in (deals.rows.snapshots, deals.serving)]
    assert max(shares) > 0.3
    assert not found(deals, "kind", text)


def test_what_earlier_ends_tell_of_quick_deals_is_taken_into_account(deals: Company) -> None:
    """Express deals are settled four times as quickly, so hardly any is open: at every end alike."""
    material = InspectionSample.of(deals.rows, deals.serving, ["lane"], MAIN)
    looks, column = weekly_panel_of(material), material.column("lane")
    express = column.labels.index("'express'")
    assert looks.coarse is not None
    codes = column.codes[looks.row]
    known, unknown = (region_gap(Ends(looks.coarse.now, earlier), column, codes, of_open=True) for earlier in (looks.coarse.earlier, ()))
    assert known.honest[express] < 0.7 * unknown.honest[express]
    assert known.chance[express] > 0.05
    assert found(deals, "fast_lane", lambda looks: looks["lane"]) == {}


def test_a_product_that_was_retired_is_honest(deals: Company) -> None:
    retired = deals.rows.snapshots["since"].max() - pd.Timedelta(days=60)
    reasons = found(deals, "item", lambda looks: np.where((looks["since"] < retired) & (looks["lot"] < 0.3), "old", "new"))
    assert not reasons


def test_no_feature_of_the_company_itself_is_suspicious(deals: Company) -> None:
    assert [finding for name in deals.features for finding in searched(deals, name)] == []
