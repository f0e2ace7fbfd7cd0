"""From a review to its HTML file: one template, its style and script inlined under a policy that forbids the rest."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from dealml.page import text
from dealml.page.charts import nearest, plot_of
from dealml.page.content import Review, figures_of
from dealml.page.payload import payload
from dealml.page.view import BLANK, first_rows
from dealml.page.words import Words, words_of

if TYPE_CHECKING:
    from jinja2 import Environment

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
    style, script = _part("review.css"), _part("review.js")
    plot = plot_of(review.curve)
    template = _environment().get_template("review.html.j2")
    page = template.render(
        review=review,
        figures=figures_of(review),
        words=words,
        plot=plot,
        example=nearest(plot, 0.3) if plot else None,
        rows=first_rows(review, words, PAGE_SIZE),
        blank=BLANK,
        facts=_facts(review, words),
        policy=_policy(style, script),
        # The three texts below are ours or escaped already; nothing else skips the autoescape.
        style=Markup(style),
        script=Markup(script),
        data=Markup(payload(review, words, PAGE_SIZE)),
    )
    return text.clean(page)


def _environment() -> Environment:
    """Templates with autoescape on and a complaint about every name that is missing."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("dealml.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    filters = (text.thousands, text.percent, text.day, text.moment, text.money, text.figure, text.interval)
    environment.filters.update({function.__name__: function for function in filters})
    return environment


def _policy(style: str, script: str) -> str:
    """Content security policy: only this very style and script, no request, and no markup made from text."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_digest(style)}'",
            f"script-src '{_digest(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def _digest(part: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()


def _part(name: str) -> str:
    return resources.files("dealml.page").joinpath("templates", name).read_text(encoding="utf-8")


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
