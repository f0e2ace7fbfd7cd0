"""Currencies of the simulated company: list prices, written amounts and published rates."""

import numpy as np

from dealml.simulate.money import TYPICAL_RATE, currency_of, from_eur, published_rates, written


def test_a_country_is_billed_in_its_currency() -> None:
    assert currency_of(np.array(["PL", "IL", "DE"], dtype=object)).tolist() == ["PLN", "USD", "EUR"]


def test_list_prices_are_round_in_their_currency() -> None:
    amounts = from_eur(np.array([1000.0, 1000.0]), np.array(["EUR", "PLN"], dtype=object))
    assert amounts.tolist() == [1000.0, round(1000 / TYPICAL_RATE["PLN"], -1)]


def test_an_unknown_amount_is_written_as_nothing() -> None:
    assert written(np.array([1.5, np.nan])).tolist() == ["1.50", ""]


def test_every_currency_has_one_rate_a_month_and_the_euro_is_one() -> None:
    rates = published_rates(np.random.default_rng(1))
    assert rates.groupby("Currency").size().nunique() == 1
    assert (rates.loc[rates["Currency"] == "EUR", "RateToEur"] == 1.0).all()
