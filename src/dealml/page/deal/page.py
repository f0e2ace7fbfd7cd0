"""The page of one deal or account: how its probability comes about, over its life, with evidence and similar cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dealml.page.deal.contribution_waterfall import waterfall
from dealml.page.deal.timeline import life
from dealml.page.shared import filters
from dealml.page.shared.document import environment, part, policy

LEAST_STEP = 0.005
"""Subjects that add less than half a point share one step."""


@dataclass(frozen=True)
class Fact:
    """A reason with what the past says of it."""

    points: float
    money: str
    """The same as a part of the money at stake; empty where there is none."""
    sentence: str
    like: str
    evidence: str
    warning: str


@dataclass(frozen=True)
class Alike:
    """A similar case of the past."""

    name: str
    similarity: float
    ended: str
    days: int | None
    common: tuple[str, ...]
    apart: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """Everything the page shows.

    Parameters
    ----------
    kind
        What it is one of: deals, accounts.
    about
        Short facts under the name: account, stage, owner, amount.
    start, end
        The probability to begin with, and the served one.
    groups
        What each subject adds to it; they sum to `end - start`.
    moments, probability
        Its life: Mondays and what the model says of each.
    events
        What happened, when.
    """

    name: str
    kind: str
    about: tuple[str, ...]
    made: str
    """Which version, of which moment."""
    horizon_days: int
    word: str
    start: float
    end: float
    groups: tuple[tuple[str, float], ...]
    facts: tuple[Fact, ...]
    moments: Sequence[datetime]
    probability: Sequence[float]
    events: Sequence[tuple[datetime, str]]
    alike: tuple[Alike, ...]
    notes: tuple[str, ...]


def render_case(case: Case) -> str:
    """Make the page: one self-contained HTML document without a script."""
    from markupsafe import Markup

    style = part("review.css") + part("backtest.css") + part("pictures.css")
    ordered = [(label, points) for label, points in case.groups if abs(points) >= LEAST_STEP]
    rest = case.end - case.start - sum(points for _, points in ordered)
    steps = [*ordered, *([("Smaller parts", rest)] if abs(rest) >= LEAST_STEP / 10 else [])]
    exact = case.end - sum(points for _, points in steps)
    shared = _shared(case.alike)
    page = (
        environment()
        .get_template("case.html.j2")
        .render(
            case=case,
            policy=policy(style),
            style=Markup(style),
            sides=_sides(case.facts),
            shared=shared,
            besides=any(set(similar.common) - set(shared) for similar in case.alike),
            waterfall=waterfall(exact, case.end, steps, first="To begin with", last="With what is known of it"),
            life=life(list(case.moments), list(case.probability), list(case.events), case.word) if case.moments else "",
        )
    )
    return filters.clean(page)


def _sides(facts: Sequence[Fact]) -> list[tuple[str, list[Fact]]]:
    """What speaks for it and what against, each where there is any."""
    sides = (("Speaks for it", [fact for fact in facts if fact.points >= 0]), ("Speaks against it", [f for f in facts if f.points < 0]))
    return [(title, facts) for title, facts in sides if facts]


def _shared(alike: Sequence[Alike]) -> list[str]:
    """What all of the similar cases have in common with this one: said once, not ten times."""
    return [sentence for sentence in (alike[0].common if len(alike) > 1 else ()) if all(sentence in similar.common for similar in alike)]
