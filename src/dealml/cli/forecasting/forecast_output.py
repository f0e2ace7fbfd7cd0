"""A forecast in words, and as one JSON object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dealml.cli.output import say, say_table
from dealml.formatting import cents, counted_percent, money, percent

if TYPE_CHECKING:
    from dealml.forecast.result import Forecast, ForecastAccuracy, Range


def say_forecast(forecast: Forecast) -> None:
    """The range first, then what it is made of, what others say, and how such forecasts did."""
    from dealml.forecast.labels import CUTS

    total, currency = forecast.total, forecast.currency
    say(f"{forecast.period.name}, seen from {forecast.as_of:%Y-%m-%d %H:%M %Z}: {_in(currency, total.p50)} won in the middle case")
    say(
        f"4 times in 5 {_between(currency, total)}; {_in(currency, total.mean)} on average, from {forecast.deals:,} open deals and new ones"
    )
    say()
    say_table(
        ("what the average is made of", currency), [[name, _number(part)] for name, part in (*forecast.bridge, ("Average", total.mean))]
    )
    say()
    say_table(("what makes the range wide", "share"), [[name, percent(share)] for name, share in forecast.wide_because])
    say()
    say_table(
        ("what others would say", currency, ""), [[rival.title, _number(rival.amount), rival.why_absent] for rival in forecast.benchmarks]
    )
    for cut, groups in forecast.groups.items():
        say()
        say_table((CUTS.get(cut, cut), "average", "P10", "P50", "P90"), [[name, *_ranged(range_)] for name, range_ in groups.items()])
    if forecast.judged is not None:
        say()
        say(f"with people's overrides: {_in(currency, forecast.judged.p50)}, 4 times in 5 {_between(currency, forecast.judged)}")
    if forecast.recurring is not None:
        _say_recurring(forecast)
    if forecast.accuracy is not None:
        say()
        say_track(forecast.accuracy)


def _say_recurring(forecast: Forecast) -> None:
    recurring = forecast.recurring
    assert recurring is not None
    say()
    rows = [
        ("At the end", recurring.at_end),
        ("Lost with customers who leave", recurring.churned),
        ("Added by those who stay, net", recurring.expanded),
    ]
    say(f"yearly recurring revenue now: {_in(forecast.currency, recurring.now)} from {recurring.accounts:,} accounts; at the period's end:")
    say_table(("", "average", "P10", "P50", "P90"), [[name, *_ranged(range_)] for name, range_ in rows])


def say_track(track: ForecastAccuracy) -> None:
    """How forecasts of past periods did."""
    within = sum(past.forecast.p10 <= past.actual <= past.forecast.p90 for past in track.past)
    say(f"{within} of {len(track.past)} past periods came out inside the range ({counted_percent(track.coverage)}); it promises 80%")
    rows = [
        [
            past.period.name,
            f"{past.as_of:%Y-%m-%d}",
            *(_number(value) for value in (past.forecast.p10, past.forecast.p50, past.forecast.p90, past.actual)),
        ]
        for past in track.past
    ]
    say_table(("period", "seen from", "P10", "P50", "P90", "actual"), rows)
    say()
    losses = sorted(track.pinball.items(), key=lambda item: item[1])
    say_table(("average miss (pinball loss; less is better)", ""), [[_called(name), _number(loss)] for name, loss in losses])


def forecast_json(forecast: Forecast) -> dict[str, Any]:
    """All of it."""
    parts = ("total", "open_deals", "new_deals")
    return {
        "period": forecast.period.name,
        "as_of": forecast.as_of,
        "currency": forecast.currency,
        "won_so_far": forecast.won_so_far,
        "deals": forecast.deals,
        **{part: vars(getattr(forecast, part)) for part in parts},
        "bridge": dict(forecast.bridge),
        "wide_because": dict(forecast.wide_because),
        "groups": {cut: {name: vars(range_) for name, range_ in groups.items()} for cut, groups in forecast.groups.items()},
        "rivals": {rival.name: {"amount": rival.amount, "why_absent": rival.why_absent} for rival in forecast.benchmarks},
        "judged": vars(forecast.judged) if forecast.judged else None,
        "recurring": _recurring_json(forecast),
        "track": track_json(forecast.accuracy) if forecast.accuracy else None,
        "notes": list(forecast.notes),
    }


def _recurring_json(forecast: Forecast) -> dict[str, Any] | None:
    recurring = forecast.recurring
    if recurring is None:
        return None
    ranges = {name: vars(getattr(recurring, name)) for name in ("at_end", "churned", "expanded")}
    return {"now": recurring.now, "accounts": recurring.accounts, **ranges}


def track_json(track: ForecastAccuracy) -> dict[str, Any]:
    """Past accuracy."""
    past = [
        {"period": p.period.name, "as_of": p.as_of, "forecast": vars(p.forecast), "actual": p.actual, "rivals": dict(p.benchmarks)}
        for p in track.past
    ]
    return {"coverage": track.coverage, "pinball": dict(track.pinball), "past": past}


def _called(name: str) -> str:
    from dealml.forecast.benchmarks import TITLES

    return "This forecast" if name == "model" else TITLES.get(name, name.replace("_", " "))


def _in(currency: str, amount: float) -> str:
    return money(cents(amount), currency)


def _between(currency: str, range_: Range) -> str:
    return f"between {_in(currency, range_.p10)} and {_in(currency, range_.p90)}"


def _number(amount: float | None) -> str:
    """Of a column whose head, or whose title, names the currency."""
    return "–" if amount is None else f"{amount:,.0f}"


def _ranged(range_: Range) -> list[str]:
    return [_number(value) for value in (range_.mean, range_.p10, range_.p50, range_.p90)]
