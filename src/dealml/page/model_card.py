"""The model card: data, quality, intended use and limits of a version; as Markdown and as HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dealml.evaluation.figures.figure import DrawnFigure
from dealml.page.shared import filters
from dealml.page.shared.document import environment, part, policy
from dealml.page.shared.inline_figure import drawing


@dataclass(frozen=True)
class CardSection:
    """A heading, sentences, and a table where there is one."""

    title: str
    sentences: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    words: tuple[str, ...] = ()
    """The columns that hold words, not numbers."""


@dataclass(frozen=True)
class Card:
    """All of a model card."""

    title: str
    verdict: str
    sections: tuple[CardSection, ...]


def card_markdown(card: Card) -> str:
    """The card as Markdown."""
    lines = [f"# {card.title}", "", f"**{card.verdict}**", ""]
    for section in card.sections:
        lines += [f"## {section.title}", "", *(line for sentence in section.sentences for line in (sentence, ""))]
        if section.rows:
            table = [section.columns, tuple("---" for _ in section.columns), *section.rows]
            lines += [f"| {' | '.join(_cell(cell) for cell in row)} |" for row in table] + [""]
    return filters.clean("\n".join(lines))


def card_html(card: Card, pictures: Sequence[DrawnFigure] = ()) -> str:
    """The card as one self-contained HTML page without a script.

    Parameters
    ----------
    pictures
        Of what moves the model; they stand at the page's end, each with its words.
    """
    from markupsafe import Markup

    style = part("review.css") + part("backtest.css")
    drawings = [drawing(picture, *picture.size) for picture in pictures]
    page = (
        environment()
        .get_template("card.html.j2")
        .render(card=card, drawings=drawings, policy=policy(style, pictures=True), style=Markup(style))
    )
    return filters.clean(page)


def _cell(value: str) -> str:
    return value.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
