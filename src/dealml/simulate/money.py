"""Currencies: who is billed in which, the published monthly rates, and how money is written."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dealml.simulate.clock import Array, days

CURRENCY = {"PL": "PLN", "IL": "USD", "US": "USD"}
"""Billing currency of a country; EUR elsewhere."""

TYPICAL_RATE = {"EUR": 1.0, "PLN": 0.23, "USD": 0.92}
"""EUR for one unit, the rate that list prices were made with."""


def currency_of(country: Array) -> Array:
    """The currency in which companies of these countries are billed."""
    return np.array([CURRENCY.get(code, "EUR") for code in country], dtype=object)


def from_eur(amount: Array, currency: Array) -> Array:
    """Amounts in EUR at the list's rate, rounded to tens of the currency."""
    rate = np.array([TYPICAL_RATE[code] for code in currency], dtype=float)
    return np.asarray(np.round(amount / rate, -1))


def written(amount: Array) -> Array:
    """Money as an export writes it: two decimals, nothing for NaN."""
    return np.array(["" if np.isnan(value) else f"{value:.2f}" for value in amount.tolist()], dtype=object)


def published_rates(rng: np.random.Generator) -> pd.DataFrame:
    """Rates on the first of each month at 06:00 UTC, recorded as published."""
    months = np.arange(np.datetime64("2022-12"), np.datetime64("2026-02")).astype("datetime64[s]")
    tables = []
    for code, rate in TYPICAL_RATE.items():
        drift = np.zeros(len(months)) if code == "EUR" else np.cumsum(rng.normal(0, 0.012, len(months)))
        tables.append(pd.DataFrame({"Currency": code, "RateToEur": np.round(rate * np.exp(drift), 6), "occurred": months}))
    rates = pd.concat(tables, ignore_index=True)
    rates["occurred"] += days(np.array(0.25))
    rates["recorded"] = rates["occurred"]
    return rates
