"""Exchange rates: the rate of a currency at any moment, as it was on record."""

from __future__ import annotations

_RATES = """
    SELECT currency, recorded_at, arg_max(rate, _order) OVER (
        PARTITION BY currency ORDER BY recorded_at RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS rate
    FROM {rates} WHERE rate IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY currency, recorded_at ORDER BY _order) = 1"""


def running_rates(rates: str = "rates") -> str:
    """The query of each currency's rate from each record on: the latest by occurrence among what was recorded by then.

    Join it with ASOF, strictly: the rate at a moment is that of the last `recorded_at` before it.

    Parameters
    ----------
    rates
        The name of the table, or a query in brackets, with `_order`.

    Returns
    -------
    str
        SQL that gives `currency`, `recorded_at` and `rate` (units of the project's currency for one of it).
    """
    return _RATES.format(rates=rates)
