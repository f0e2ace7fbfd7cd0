"""How deals may stand at two moments: random ones, and the obvious way of telling where their money went."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from dealml.forecast.waterfall.decompose import DealStates

TEAMS = ("", "North", "South")
MONEY = st.one_of(st.none(), st.sampled_from([0.0, 0.01, 100.0, 123456.78]), st.floats(-1e4, 1e7))
RATE = st.one_of(st.none(), st.sampled_from([1.0, 0.2377]), st.floats(1e-4, 50))


@st.composite
def deals(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """One deal then and now; the one now was never absent."""
    then = _state(draw, ["absent", "open", "won", "lost"])
    now = _state(draw, ["open", "won", "lost"])
    if then["status"] == "absent":
        then["team"] = now["team"]
    if draw(st.booleans()):  # much stays as it was
        kept = draw(st.sets(st.sampled_from(["amount", "rate", "team", "close", "chance"])))
        kept = kept - {"chance"} if then["status"] != now["status"] else kept
        now |= {name: then[name] for name in kept}
    return then, now


def sides(pairs: list[tuple[dict[str, Any], dict[str, Any]]]) -> tuple[DealStates, DealStates]:
    """The same as arrays."""
    return _side([then for then, _ in pairs]), _side([now for _, now in pairs])


def worth(state: dict[str, Any]) -> int:
    """Expected money in cents, half to even as Python and IEEE 754 round."""
    if state["amount"] is None or state["rate"] is None:
        return 0
    return round(state["chance"] * state["amount"] * state["rate"] * 100)


def told(then: dict[str, Any], now: dict[str, Any]) -> dict[tuple[str, str], int]:
    """Where one deal's money went, by team and head, the obvious way."""
    found: dict[tuple[str, str], int] = {}

    def add(team: str, bar: str, cents: int) -> None:
        found[team, bar] = found.get((team, bar), 0) + cents

    if then["status"] != "absent" and then["team"] != now["team"]:
        add(then["team"], "handed_over", -worth(then))
        add(now["team"], "handed_over", worth(then))
    change = worth(now) - worth(then)
    if now["status"] == "won" and then["status"] != "won":
        add(now["team"], "won", change)
    elif now["status"] == "lost":
        add(now["team"], "lost", change)
    elif then["status"] == "absent":
        add(now["team"], "new", change)
    elif then["status"] != now["status"]:
        add(now["team"], "reopened", change)
    else:
        for bar, cents in _three_steps(then, now):
            add(now["team"], bar, cents)
    return {key: cents for key, cents in found.items() if cents}


def _three_steps(then: dict[str, Any], now: dict[str, Any]) -> list[tuple[str, int]]:
    """Of a deal that was open at both, or won at both."""
    one = dict(then)
    if one["amount"] is None or one["rate"] is None:
        one |= {"amount": 0.0, "rate": now["rate"] if now["amount"] is not None and now["rate"] is not None else 0.0}
    other = dict(now)
    if other["amount"] is None or other["rate"] is None:
        other |= {"amount": 0.0, "rate": one["rate"]}
    steps = [worth(one), worth(one | {"rate": other["rate"]}), worth(other | {"chance": one["chance"]}), worth(other)]
    by_rate, by_amount, by_chance = (after - before for before, after in zip(steps[:-1], steps[1:], strict=True))
    if now["status"] == "won":
        last = "won"
    elif then["close"] is not None and now["close"] is not None and then["close"] != now["close"]:
        last = "pushed" if now["close"] > then["close"] else "pulled_in"
    else:
        last = "score_up" if by_chance > 0 else "score_down"
    return [("exchange_rates", by_rate), ("amount_up" if by_amount > 0 else "amount_down", by_amount), (last, by_chance)]


def _state(draw: st.DrawFn, statuses: list[str]) -> dict[str, Any]:
    status = draw(st.sampled_from(statuses))
    chance = {"open": draw(st.floats(0, 1)), "won": draw(st.sampled_from([0.0, 1.0]))}.get(status, 0.0)
    return {
        "status": status,
        "chance": chance,
        "amount": draw(MONEY),
        "rate": draw(RATE),
        "team": draw(st.sampled_from(TEAMS)),
        "close": draw(st.one_of(st.none(), st.sampled_from([pd.Timestamp("2026-01-10"), pd.Timestamp("2026-02-10")]))),
    }


def _side(states: list[dict[str, Any]]) -> DealStates:
    table = pd.DataFrame(states, columns=["status", "chance", "amount", "rate", "team", "close"])
    table = table.assign(**{name: table[name].astype(float) for name in ("amount", "rate", "chance")})
    return DealStates.of(
        table.assign(close=pd.to_datetime(table["close"]).astype("datetime64[us]"), chance=table["chance"].astype(np.float64))
    )
