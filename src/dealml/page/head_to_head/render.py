"""From a contest to its HTML file: no script, one template and its style inlined."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dealml.page.head_to_head.content import Entrant, Estimate, HeadToHeadPage
from dealml.page.head_to_head.verdict import ahead, share, verdict_of
from dealml.page.review.reliability_plot import across, plot_of, up
from dealml.page.shared import filters
from dealml.page.shared.document import environment, part, policy
from dealml.page.shared.outcome_words import Words, words_of

STEPS = 10
"""Of the table that tells the curve of gains in numbers."""


@dataclass(frozen=True)
class ShareBar:
    """One side's share, drawn from 0 to 100."""

    width: float
    low: float | None
    high: float | None
    text: str


@dataclass(frozen=True)
class Measure:
    """A measure of both sides, and by how much the model is ahead."""

    name: str
    bars: tuple[ShareBar, ShareBar]
    ahead: str


@dataclass(frozen=True)
class Gains:
    """The curves of gains in drawing units, and the same in numbers."""

    us: str
    them: str
    capacity: float
    ticks: tuple[tuple[float, float, str], ...]
    rows: tuple[tuple[float, float, float], ...]


def render_head_to_head(page: HeadToHeadPage) -> str:
    """Make the page.

    Returns
    -------
    str
        A whole HTML document, to be written as UTF-8; it asks nothing of any network and needs no script.
    """
    from markupsafe import Markup

    words = words_of(page.subject_word, page.outcome_word)
    style = part("review.css") + part("contest.css")
    made = environment().get_template("contest.html.j2")
    drawn = made.render(
        page=page,
        words=words,
        verdict=verdict_of(page, words),
        measures=tuple(_measures(page, words)),
        gains=_gains(page),
        plots=tuple((entrant, plot) for entrant in (page.us, page.them) if (plot := plot_of(entrant.curve))),
        share=share,
        ahead=ahead,
        policy=policy(style),
        style=Markup(style),  # ours: nothing else skips the autoescape
    )
    return filters.clean(drawn)


def _measures(page: HeadToHeadPage, words: Words) -> Iterator[Measure]:
    happened = f"{words.plural} that {words.outcome.happened}"
    yield Measure(f"{happened.capitalize()}: share on the lists", (_bar(page.us.wins), _bar(page.them.wins)), ahead(page.wins_ahead))
    if page.us.customers is not None and page.them.customers is not None:
        bars = (_bar(page.us.customers), _bar(page.them.customers))
        yield Measure("Those of them that are customers now: share on the lists", bars, ahead(page.customers_ahead))
    if page.us.money is not None and page.them.money is not None:
        owner = "The money of these customers" if page.customers_ahead else "Their money"
        yield Measure(f"{owner}: share on the lists", (_bar(page.us.money), _bar(page.them.money)), ahead(page.money_ahead))
    yield Measure(f"Places on the lists: share that {words.outcome.happened}", (_bar(page.us.places), _bar(page.them.places)), "")


def _bar(estimate: Estimate) -> ShareBar:
    low, high = (None if bound is None else round(100 * bound, 1) for bound in (estimate.low, estimate.high))
    return ShareBar(round(100 * estimate.value, 1), low, high, share(estimate))


def _gains(page: HeadToHeadPage) -> Gains:
    steps = len(page.us.gains) - 1
    every = max(1, steps // STEPS)
    rows = tuple((step / steps, page.us.gains[step], page.them.gains[step]) for step in range(every, steps, every))
    ticks = tuple((across(t / 4), up(t / 4), f"{t * 25}%") for t in range(5))
    return Gains(_line(page.us), _line(page.them), across(page.worked_a_week / page.open_a_week), ticks, rows)


def _line(entrant: Entrant) -> str:
    steps = len(entrant.gains) - 1
    return " ".join(f"{across(step / steps):.1f},{up(gain):.1f}" for step, gain in enumerate(entrant.gains))
