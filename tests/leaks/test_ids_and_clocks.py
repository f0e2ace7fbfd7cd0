"""Ids and clocks."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.weekly_deals import Company
from tests.leaks.company_fixtures import deals_of, found


def test_a_number_given_in_order_is_found(deals: Company) -> None:
    number = deals_of(deals)["since"].rank()
    assert "in the order in which they came" in found(deals, "number", lambda looks: looks["deal_id"].map(number))["order"]


def test_a_name_for_each_deal_is_found(deals: Company) -> None:
    assert "it names entities" in found(deals, "name", lambda looks: looks["deal_id"] + " at Acme")["order"]


def test_a_count_that_grows_for_the_whole_company_is_a_clock(deals: Company) -> None:
    def so_far(looks: pd.DataFrame) -> np.ndarray:
        return (looks["as_of"] - looks["as_of"].min()).dt.days * 7.0 if len(looks) > 1000 else np.full(len(looks), 6000.0)

    assert "tells the date" in found(deals, "closed_so_far", so_far)["order"]


def test_an_age_is_no_clock(deals: Company) -> None:
    assert "order" not in found(deals, "how_old", lambda looks: (looks["as_of"] - looks["since"]).dt.days)


def test_an_account_that_has_some_deals_is_no_name(deals: Company) -> None:
    assert "order" not in found(deals, "account", lambda looks: looks["account_id"])


def test_a_random_number_is_no_order(deals: Company) -> None:
    assert not found(deals, "lot_number", lambda looks: looks["lot"])
