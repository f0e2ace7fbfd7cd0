"""A forecast in words, and as one JSON object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dealml.cli.output import say, say_table

if TYPE_CHECKING:
    from dealml.forecast.result import Forecast, Range, Track

_CUTS = {"team": "By team", "segment": "By segment", "kind": "By kind of deal"}


def say_forecast(found: Forecast) -> None:
    """The range first, then what it is made of, what others say, and how such forecasts did."""
    total, currency = found.total, found.currency
    say(f"{found.period.name}, seen from {found.as_of:%Y-%m-%d %H:%M} UTC: {total.p50:,.0f} {currency} won in the middle case")
    say(f"8 times in 10 between {total.p10:,.0f} and {total.p90:,.0f}; the mean is {total.mean:,.0f}, from {found.deals:,} open deals")
    say()
    say_table(
        ("what the mean is made of", currency), [*([name, f"{money:,.0f}"] for name, money in found.bridge), ["Mean", f"{total.mean:,.0f}"]]
    )
    say()
    say_table(("what makes the range wide", "share"), [[name, f"{share:.0%}"] for name, share in found.wide_because])
    say()
    say_table(("what others would say", currency, ""), [[rival.title, _money(rival.amount), rival.why_absent] for rival in found.rivals])
    for cut, groups in found.groups.items():
        say()
        say_table((_CUTS.get(cut, cut), "mean", "P10", "P50", "P90"), [[name, *_ranged(range_)] for name, range_ in groups.items()])
    if found.judged is not None:
        say()
        say(
            f"with people's overrides: {found.judged.p50:,.0f} {currency}, 8 times in 10 {found.judged.p10:,.0f} to {found.judged.p90:,.0f}"
        )
    if found.recurring is not None:
        _say_recurring(found)
    if found.track is not None:
        say()
        say_track(found.track)


def _say_recurring(found: Forecast) -> None:
    recurring = found.recurring
    assert recurring is not None
    say()
    rows = [
        ("At the end", recurring.at_end),
        ("Lost with customers who leave", recurring.churned),
        ("Added by those who stay, net", recurring.expanded),
    ]
    say(f"yearly recurring revenue now: {recurring.now:,.0f} {found.currency} from {recurring.accounts:,} accounts; at the period's end:")
    say_table(("", "mean", "P10", "P50", "P90"), [[name, *_ranged(range_)] for name, range_ in rows])


def say_track(track: Track) -> None:
    """How forecasts of past periods did."""
    within = sum(past.forecast.p10 <= past.actual <= past.forecast.p90 for past in track.past)
    say(f"{within} of {len(track.past)} past periods came to lie within the range ({track.coverage:.0%}; 80 % is what it promises)")
    rows = [
        [
            past.period.name,
            f"{past.as_of:%Y-%m-%d}",
            *(f"{value:,.0f}" for value in (past.forecast.p10, past.forecast.p50, past.forecast.p90, past.actual)),
        ]
        for past in track.past
    ]
    say_table(("period", "seen from", "P10", "P50", "P90", "actual"), rows)
    say()
    losses = sorted(track.pinball.items(), key=lambda item: item[1])
    say_table(("mean pinball loss (less is better)", ""), [[name.replace("_", " "), f"{loss:,.0f}"] for name, loss in losses])


def forecast_json(found: Forecast) -> dict[str, Any]:
    """All of it."""
    parts = ("total", "open_deals", "new_deals")
    return {
        "period": found.period.name,
        "as_of": found.as_of,
        "currency": found.currency,
        "won_so_far": found.won_so_far,
        "deals": found.deals,
        **{part: vars(getattr(found, part)) for part in parts},
        "bridge": dict(found.bridge),
        "wide_because": dict(found.wide_because),
        "groups": {cut: {name: vars(range_) for name, range_ in groups.items()} for cut, groups in found.groups.items()},
        "rivals": {rival.name: {"amount": rival.amount, "why_absent": rival.why_absent} for rival in found.rivals},
        "judged": vars(found.judged) if found.judged else None,
        "recurring": _recurring_json(found),
        "track": track_json(found.track) if found.track else None,
        "notes": list(found.notes),
    }


def _recurring_json(found: Forecast) -> dict[str, Any] | None:
    recurring = found.recurring
    if recurring is None:
        return None
    ranges = {name: vars(getattr(recurring, name)) for name in ("at_end", "churned", "expanded")}
    return {"now": recurring.now, "accounts": recurring.accounts, **ranges}


def track_json(track: Track) -> dict[str, Any]:
    """Past accuracy."""
    past = [
        {"period": p.period.name, "as_of": p.as_of, "forecast": vars(p.forecast), "actual": p.actual, "rivals": dict(p.rivals)}
        for p in track.past
    ]
    return {"coverage": track.coverage, "pinball": dict(track.pinball), "past": past}


def _money(amount: float | None) -> str:
    return "–" if amount is None else f"{amount:,.0f}"


def _ranged(range_: Range) -> list[str]:
    return [f"{value:,.0f}" for value in (range_.mean, range_.p10, range_.p50, range_.p90)]
