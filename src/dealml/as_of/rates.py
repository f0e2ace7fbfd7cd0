"""Exchange rates: the rate of a currency at any moment, as it was on record."""

from __future__ import annotations

_RATES = """
    SELECT currency, recorded_at, arg_max(rate, _order) OVER (
        PARTITION BY currency ORDER BY recorded_at RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS rate
    FROM {rates} WHERE rate IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY currency, recorded_at ORDER BY _order) = 1"""

_WITH_RATES = """
    SELECT priced.*, running.rate FROM {facts} priced
    ASOF LEFT JOIN {running} running ON priced.currency = running.currency AND priced.{moment} > running.recorded_at"""

_RATES_AT = "SELECT currency, arg_max(rate, recorded_at) AS rate FROM {running} WHERE {known} GROUP BY currency"


def running_rates(rates: str = "rates") -> str:
    """The query of each currency's rate from each record on: the latest by occurrence among what was recorded by then.

    `with_rates` and `rates_at` read from it what the rate is at a moment.

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


def with_rates(facts: str, moment: str, running: str) -> str:
    """The query of facts with `rate`, that of their currency at a moment: what was on record before it, never what was recorded in it.

    Parameters
    ----------
    facts
        The name of a table with `currency`, or a query in brackets; every row stays.
    moment
        Its column that holds the moment of each row.
    running
        The name of a table of `running_rates`, or that query in brackets.
    """
    return _WITH_RATES.format(facts=facts, moment=moment, running=running)


def rates_at(running: str, moment: str = "") -> str:
    """The query of `currency` and `rate` at one moment, given in SQL; without it, of the last on record."""
    return _RATES_AT.format(running=running, known=f"recorded_at < {moment}" if moment else "true")
