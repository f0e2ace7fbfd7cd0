"""From a review to its HTML file: one template, its style and script inlined under a policy that forbids the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from dealml.page.review.accuracy_view import track_view
from dealml.page.review.anchors import anchors_of
from dealml.page.review.content import Review, figures_of
from dealml.page.review.forecast_view import forecast_view, recurring_lines
from dealml.page.review.metrics_view import metric_views, renewal_views
from dealml.page.review.payload import payload
from dealml.page.review.reliability_plot import nearest, plot_of
from dealml.page.review.row_view import BLANK, first_rows
from dealml.page.review.sections import sections_of
from dealml.page.review.waterfall_view import BLANK_MOVE, movement_view
from dealml.page.shared import filters
from dealml.page.shared.document import environment, part, policy
from dealml.page.shared.lead_note import mark_counts
from dealml.page.shared.outcome_words import Words, words_of

PAGE_SIZE = 50


@dataclass(frozen=True)
class OverrideForm:
    """Where judgements are sent from a page that is served; a page that is a file has none."""

    action: str
    """Path that the forms are sent to."""
    problem: str = ""
    """Why the last one was not recorded, in one line."""
    deal: str = ""
    """The deal that it was about."""
    values: Mapping[str, str] = field(default_factory=dict)
    """What was entered, so that it need not be entered again."""
    anchor: str = "list"


def render(review: Review, form: OverrideForm | None = None) -> str:
    """Make the page.

    Parameters
    ----------
    review : Review
        What to show.
    form : OverrideForm or None
        With it, each row has a form for a judgement.

    Returns
    -------
    str
        A whole HTML document, to be written as UTF-8; it asks nothing of any network.
    """
    # Heavy for a command line that may not draw a page at all, so only here.
    from markupsafe import Markup

    words = words_of(review.subject_word, review.outcome_word)
    style, script = part("review.css") + part("sections.css"), part("review.js") + part("moves.js")
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
        blank_move=BLANK_MOVE,
        owned=any(row.owner for row in review.rows),
        slips=any(row.close_date_note and row.close_date_note.slip is not None for row in review.rows),
        lead_marks=_lead_marks(review),
        sections=sections_of(review),
        **_parts(review, words),
        facts=_facts(review, words),
        policy=policy(style, script, forms=form is not None),
        form=form,
        # The three texts below are ours or escaped already; nothing else skips the autoescape.
        style=Markup(style),
        script=Markup(script),
        data=Markup(payload(review, words, PAGE_SIZE, {"form": vars(form)} if form else None)),
    )
    return filters.clean(page)


def _parts(review: Review, words: Words) -> Mapping[str, object]:
    """Content of the sections other than the list; None for a section without data."""
    forecast, movement = review.forecast, review.movement
    return {
        "forecast": forecast_view(forecast) if forecast else None,
        "movement": movement_view(movement, anchors_of(review, words)) if movement else None,
        "track": track_view(forecast, forecast.accuracy) if forecast and forecast.accuracy else None,
        "metrics": metric_views(review),
        "renewals": renewal_views(review),
        "recurring": recurring_lines(forecast.recurring, forecast.currency) if forecast and forecast.recurring else None,
    }


def _lead_marks(review: Review) -> Mapping[str, tuple[tuple[str, int], ...]]:
    """What a list of leads can be filtered by besides, with the number of leads; nothing in a list without leads."""
    notes = [row.lead_note for row in review.rows if row.lead_note]
    return {"touch": mark_counts(note.touch_marks for note in notes), "company": mark_counts(note.company_marks for note in notes)}


@dataclass(frozen=True)
class _Fact:
    name: str
    value: str


def _facts(review: Review, words: Words) -> list[_Fact]:
    """Where the numbers come from, for whoever wants to make them again."""
    trained = filters.moment(review.trained_through) if review.trained_through else "not stated"
    pairs = (
        ("Model", f"{review.model}, version {review.model_version}"),
        ("Method", review.rung),
        ("Scored as of", filters.moment(review.as_of)),
        ("Looks ahead", f"{review.horizon_days} days"),
        ("Learned from outcomes up to", trained),
        (f"{words.plural.capitalize()} on this page", f"{len(review.rows):,}"),
        ("Ledger digest", review.ledger_digest),
    )
    return [_Fact(name, value) for name, value in pairs]
