"""Prices and costs: what the offer says, what was booked, and what look-alikes say where neither does."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dealml.economics.price_and_costs import cost, list_price, price, strategic_value
from dealml.economics.settings import EconomicsSettings, LookAlikeRule

SETTINGS = EconomicsSettings(look_alikes=LookAlikeRule(least_cases=1))
COLUMNS = (
    "price",
    "discount",
    "amount",
    "customised",
    "services_sold",
    "strategic_value",
    "goods",
    "services",
    "customisation",
    "third_party",
)


def deals(**values: float) -> pd.DataFrame:
    row = dict.fromkeys(COLUMNS, np.nan) | {"segment": "SMB", "industry": "Retail", "unrated": False} | values
    return pd.DataFrame([row]).astype(dict.fromkeys(COLUMNS, float))


def won() -> pd.DataFrame:
    terms = {"price": 8_000, "discount": 0.2, "customised": 0.25, "services_sold": 1_000}
    offered = deals(**terms, goods=1_000, services=900, customisation=3_000, third_party=0)
    plain = deals(amount=6_000, goods=600, services=0, customisation=0, third_party=300)
    return pd.concat([offered.assign(list=10_000.0, revenue=8_000.0), plain.assign(list=6_000.0, revenue=6_000.0)], ignore_index=True)


def test_the_price_is_that_of_the_offer_else_the_amount_less_the_usual_discount() -> None:
    assert price(deals(price=700, discount=0.3, amount=5_000), won(), SETTINGS).value[0] == 700
    term = price(deals(amount=5_000), won(), SETTINGS)
    assert term.value[0] == pytest.approx(4_000)
    assert term.source[0] == "amount less the usual discount (look-alikes: same segment and industry, n=1)"
    assert price(deals(), won(), SETTINGS).value[0] == pytest.approx(7_000)


def test_without_offers_on_record_nothing_is_known_of_discounts_and_the_source_says_so() -> None:
    term = price(deals(amount=5_000), won().iloc[1:], SETTINGS)
    assert (term.value[0], term.source[0]) == (5_000, "amount on record; no offers on record tell of discounts")


def test_the_list_price_undoes_the_discount() -> None:
    assert list_price(deals(price=700, discount=0.3, amount=5_000))[0] == pytest.approx(1_000)
    assert list_price(deals(amount=5_000))[0] == 5_000
    # Everything given away has no list price; the amount stands for it.
    assert list_price(deals(price=0, discount=1.0, amount=5_000))[0] == 5_000


@pytest.mark.parametrize(
    ("kind", "offer", "expected"),
    [
        ("goods", {}, 1_600 / 16_000 * 2_000),
        ("services", {"services_sold": 500.0}, 0.9 * 500),
        ("services", {"services_sold": 0.0}, 0),
        ("services", {}, 900 / 16_000 * 2_000),
        ("customisation", {"customised": 0.5}, 3_000 / 2_500 * 0.5 * 2_000),
        ("customisation", {"customised": 0.0}, 0),
        ("customisation", {}, 3_000 / 16_000 * 2_000),
        ("customisation", {"customised": 0.5, "customisation": 77.0}, 77),
    ],
)
def test_costs_go_by_what_the_offer_has_of_them(kind: str, offer: dict[str, float], expected: float) -> None:
    assert cost(kind, deals(**offer), won(), np.array([2_000.0]), SETTINGS).value[0] == pytest.approx(expected)


def test_a_cost_without_any_on_record_is_unknown_unless_declared() -> None:
    nothing = won().assign(goods=np.nan)
    term = cost("goods", deals(), nothing, np.array([2_000.0]), SETTINGS)
    assert np.isnan(term.value[0])
    assert (
        term.source[0]
        == "missing: goods: no settled costs of won deals on record; declare goods in models/economics.toml where you know it"
    )
    with_share = SETTINGS.model_copy(update={"declared": SETTINGS.declared.model_copy(update={"goods": 0.1})})
    assert cost("goods", deals(), nothing, np.array([2_000.0]), with_share).value[0] == 200


def test_a_strategic_value_that_is_not_declared_is_unknown() -> None:
    assert strategic_value(deals(strategic_value=5.0)).value[0] == 5
    assert strategic_value(deals()).source[0] == "missing: no strategic value is declared"
