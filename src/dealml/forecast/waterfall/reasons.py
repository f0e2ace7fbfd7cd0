"""Why a deal's expected money moved, where the record says so: in short, plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dealml.forecast.labels import period as period_label
from dealml.forecast.waterfall.result import Movement
from dealml.formatting import cents, day, money, money_prefix

Facts = Mapping[str, Any]
"""What is on record of a deal: the columns of `Past.standing`."""


def move_reasons(category: str, then: Facts | None, now: Facts, currency: str) -> tuple[str, ...]:
    """What the record says of a move; nothing where only the score moved.

    Parameters
    ----------
    then, now
        How the deal stood at the earlier moment (None where it was not open nor won in the period then) and stands at the later.
    currency
        The project's.
    """
    if category == "won":
        return _ended("Won", now, now["won_at"], "against")
    if category == "lost":
        return _ended("Lost", now, now["ended_at"], "to")
    if category == "new":
        stage = f", at {now['stage']}" if is_on_record(now["stage"]) else ""
        return (f"Created on {day(now['created_at'])}: {_amount_text(now, currency)}{stage}",)
    if category == "record_changes":
        return (str(now["record_change"]),) if is_on_record(now.get("record_change")) else ()
    if category == "reopened":
        return (f"Reopened on {day(now['ended_at'])}",)
    return _moved(category, then, now, currency) if then is not None else ()


def _moved(category: str, then: Facts, now: Facts, currency: str) -> tuple[str, ...]:
    if category in ("pushed", "pulled_in"):
        return (f"Close date moved from {day(then['close'])} to {day(now['close'])}",)
    if category in ("amount_up", "amount_down"):
        return (f"Amount {_amount_text(now, currency)}, was {_amount_text(then, currency)}",)
    if category == "exchange_rates":
        prefix = money_prefix(currency)
        return (f"1 {now['currency']} is {prefix}{now['rate']:.4g}, was {prefix}{then['rate']:.4g}",)
    if category == "handed_over":
        return (f"From {then['team'] or 'no team'} to {now['team'] or 'no team'}",)
    return ()


def _ended(word: str, now: Facts, at: Any, by: str) -> tuple[str, ...]:
    reason = f": {now['reason']}" if is_on_record(now["reason"]) else ""
    # A competitor on record did not necessarily win: a winner is named only where the outcome names it.
    rival = (
        f", {by} {now['rival']}"
        if is_on_record(now["rival"])
        else f"; competitor on record: {now['competitor']}"
        if is_on_record(now["competitor"])
        else ""
    )
    return (f"{word} on {day(at)}{reason}{rival}",)


def _amount_text(facts: Facts, currency: str) -> str:
    """The amount in the deal's own currency."""
    if not is_on_record(facts["amount"]):
        return "no amount"
    return money(cents(float(facts["amount"])), str(facts["currency"]) if is_on_record(facts["currency"]) else currency)


def is_on_record(value: Any) -> bool:
    """Whether something is on record."""
    return value is not None and not pd.isna(value) and value != ""


def before_it_began(movement: Movement) -> str:
    """Why winning can lower what is expected, where part of the time shown lies before the period; else empty."""
    if movement.start >= movement.period.start:
        return ""
    name, first = period_label(movement.period), day(movement.period.start)
    return (
        f"Part of this time lies before {name}: a deal won before {first} counts in the period before, so “Won” can lower {name}, "
        "and a close date pushed out of that period raises it."
    )
