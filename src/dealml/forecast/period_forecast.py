"""The forecast of one period from what is on record, open deals' probabilities and a shock: what a forecast and its backtest share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.errors import ModelError
from dealml.forecast.accuracy import range_of
from dealml.forecast.actuals import total, won_in
from dealml.forecast.benchmarks import BenchmarkInputs, benchmark_forecasts
from dealml.forecast.record import CUTS, UNKNOWN, Record
from dealml.forecast.result import BenchmarkForecast, Range
from dealml.forecast.simulation.amount_growth import growth_of
from dealml.forecast.simulation.common_shock import Shock
from dealml.forecast.simulation.draws import SimulatedMoney, SimulationInputs, simulate_money
from dealml.forecast.simulation.new_deals import arrivals_of
from dealml.forecast.simulation.past_windows import past_deals, past_windows
from dealml.period import Period

Floats = npt.NDArray[np.float64]

WIDE = {
    "luck": "luck of single deals",
    "shock": "all deals together doing better or worse than usual",
    "new": "deals not yet created",
    "amounts": "amounts that change before the win",
}


@dataclass(frozen=True)
class OverriddenInputs:
    """A person's numbers for a deal, in place of the served ones; at least one of probability and amount."""

    probability: float | None
    """Of being won within the period."""
    amount: float | None
    currency: str
    """Of the amount; empty is the project's."""


@dataclass(frozen=True)
class PeriodSimulation:
    """A period as it is seen from a moment."""

    period: Period
    as_of: datetime
    inputs: SimulationInputs
    simulated: SimulatedMoney
    won_so_far: float
    benchmarks: tuple[BenchmarkForecast, ...]
    left_out: pd.DataFrame
    """Open deals without money in the project's currency."""
    rates: Mapping[str, float]
    """What one unit of a currency is in the project's, as known at the moment."""

    @property
    def draws(self) -> Floats:
        """The whole money of the period."""
        return np.asarray(self.won_so_far + self.simulated.open + self.simulated.new)

    @property
    def expected(self) -> float:
        """Open deals at their served probabilities times their amounts."""
        return float((self.inputs.open["probability"] * self.inputs.open["money"]).sum())

    @property
    def bridge(self) -> tuple[tuple[str, float], ...]:
        """The parts that add up to the mean."""
        return (
            ("Won so far", self.won_so_far),
            ("Open deals at their chances", self.expected),
            ("Correction learned from past periods", float(self.simulated.open.mean()) - self.expected),
            ("Deals not yet created", float(self.simulated.new.mean())),
        )

    @property
    def wide_because(self) -> tuple[tuple[str, float], ...]:
        """Shares of the variance, the largest first."""
        variance = sum(self.simulated.variance.values())
        shares = [(WIDE[name], part / variance) for name, part in self.simulated.variance.items()] if variance else []
        return tuple(sorted(shares, key=lambda share: -share[1]))

    @property
    def groups(self) -> dict[str, dict[str, Range]]:
        """By cut, where any deal has one on record."""
        return {
            cut: {name: range_of(draws) for name, draws in groups.items()}
            for cut, groups in self.simulated.groups.items()
            if set(groups) - {UNKNOWN}
        }

    def judged(self, instead: Mapping[str, OverriddenInputs]) -> Range:
        """The same money with people's probabilities and amounts in place of the served ones, drawn with the same luck.

        An amount in a currency without a rate replaces nothing.
        """
        table = self.inputs.open
        overrides = [instead.get(deal, _NOTHING) for deal in table["deal_id"]]
        chance = [
            served if override.probability is None else override.probability
            for override, served in zip(overrides, table["probability"], strict=True)
        ]
        money = [
            crm_amount if (amount := self._money(override)) is None else amount
            for override, crm_amount in zip(overrides, table["money"], strict=True)
        ]
        simulated = simulate_money(replace(self.inputs, open=table.assign(probability=chance, money=money)))
        return range_of(self.won_so_far + simulated.open + simulated.new)

    def _money(self, override: OverriddenInputs) -> float | None:
        rate = self.rates.get(override.currency) if override.currency else 1.0
        return None if override.amount is None or rate is None else override.amount * rate


_NOTHING = OverriddenInputs(None, None, "")


def simulate_period(record: Record, period: Period, as_of: datetime, chances: pd.Series, shock: Shock) -> PeriodSimulation:
    """Forecast a period.

    Parameters
    ----------
    chances
        By deal, the probability of being won within what is left of the period.

    Raises
    ------
    ModelError
        When no past period of the kind is on record, to learn new deals from.
    """
    past = past_windows(period, as_of, record.first)
    if not past:
        raise ModelError(
            f"{period.name}: no whole {period.kind} before {as_of:%Y-%m-%d} is on record that could be seen from as far ahead; "
            "import more history or choose a shorter period"
        )
    before = past_deals(record, past, as_of)
    table = record.open_at([as_of])
    table = table.assign(probability=table["deal_id"].map(chances).fillna(0.0).astype("float64"))
    counted = table["money"].notna()
    won = won_in(record.wins, period, as_of)
    open_ = table[counted].reset_index(drop=True)
    outlook = SimulationInputs(won[["deal_id", "money", *CUTS]], open_, growth_of(before), arrivals_of(before), shock)
    so_far = total(won)
    rivals = benchmark_forecasts(BenchmarkInputs(record, period, as_of, so_far, open_, before))
    return PeriodSimulation(period, as_of, outlook, simulate_money(outlook), so_far, rivals, table[~counted], record.rates(as_of))
