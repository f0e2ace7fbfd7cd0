"""Largest amounts: what a deal may be worth at most in its currency; more is a slip of the keyboard, or no amount at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

import pandas as pd

from dealml.importing.parsing.currencies import CODES

BASE = Decimal(1_000_000_000)
"""The largest amount in a currency of which a unit is worth about as much as a euro."""
_UNITS = {
    100: "AMD BDT CRC DZD HUF INR ISK JMD JPY KES KZT LKR NPR PKR RSD RUB",
    1_000: "ARS CLP COP IQD ITL KRW MMK MNT MWK NGN RWF TZS UGX",
    10_000: "GNF IDR KHR LAK PYG UZS VND",
    100_000: "IRR LBP",
}
UNITS = {code: units for units, codes in _UNITS.items() for code in codes.split()}
"""Currencies of small units, and how many of them, as a power of ten, are worth about a euro."""


@dataclass(frozen=True)
class AmountLimits:
    """The largest amounts of deals: those of the project, and `BASE` times the currency's units for others."""

    company_currency: str = "EUR"
    """The currency of deals without any."""
    declared: Mapping[str, float] = field(default_factory=dict)
    """The project's limits by currency."""

    def of(self, currency: str) -> Decimal:
        """The largest amount in a currency."""
        return Decimal(str(self.declared[currency])) if currency in self.declared else BASE * UNITS.get(currency, 1)

    @cached_property
    def lowest(self) -> Decimal:
        """The limit that no amount below it can pass in any currency."""
        return min(map(self.of, CODES))

    @cached_property
    def highest(self) -> Decimal:
        """The limit of an amount whose currency is unknown."""
        return max(map(self.of, CODES))


def too_large(amounts: pd.Series, limit: Decimal) -> pd.Series:
    """Which amounts, of either sign, pass a limit; false where there is none."""
    return ((amounts > limit) | (amounts < -limit)).fillna(False).astype(bool)
