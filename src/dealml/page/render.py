"""From a review to its HTML file: one template, its style and script inlined under a policy that forbids the rest."""

from __future__ import annotations

from dataclasses import dataclass

from dealml.page import text
from dealml.page.charts import nearest, plot_of
from dealml.page.content import Review, figures_of
from dealml.page.document import environment, part, policy
from dealml.page.payload import payload
from dealml.page.view import BLANK, first_rows
from dealml.page.words import Words, words_of

PAGE_SIZE = 50


def render(review: Review) -> str:
    """Make the page.

    Parameters
    ----------
    review : Review
        What to show.

    Returns
    -------
    str
        A whole HTML document, to be written as UTF-8; it asks nothing of any network.
    """
    # Heavy for a command line that may not draw a page at all, so only here.
    from markupsafe import Markup

    words = words_of(review.subject_word, review.outcome_word)
    style, script = part("review.css"), part("review.js")
    plot = plot_of(review.curve)
    template = environment().get_template("review.html.j2")
    page = template.render(
        review=review,
        figures=figures_of(review),
        words=words,
        plot=plot,
        example=nearest(plot, 0.3) if plot else None,
        rows=first_rows(review, words, PAGE_SIZE),
        blank=BLANK,
        facts=_facts(review, words),
        policy=policy(style, script),
        # The three texts below are ours or escaped already; nothing else skips the autoescape.
        style=Markup(style),
        script=Markup(script),
        data=Markup(payload(review, words, PAGE_SIZE)),
    )
    return text.clean(page)


@dataclass(frozen=True)
class _Fact:
    name: str
    value: str


def _facts(review: Review, words: Words) -> list[_Fact]:
    """Where the numbers come from, for whoever wants to make them again."""
    trained = text.moment(review.trained_through) if review.trained_through else "not stated"
    pairs = (
        ("Model", f"{review.model}, version {review.model_version}"),
        ("Method", review.rung),
        ("Scored as of", text.moment(review.as_of)),
        ("Looks ahead", f"{review.horizon_days} days"),
        ("Learned from outcomes up to", trained),
        (f"{words.many.capitalize()} on this page", f"{len(review.rows):,}"),
        ("Ledger digest", review.ledger_digest),
    )
    return [_Fact(name, value) for name, value in pairs]
