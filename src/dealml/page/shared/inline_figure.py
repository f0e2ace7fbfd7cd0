"""A picture as a page shows it: drawn into the page itself, with the words that tell the same."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from dealml.evaluation.figures.figure import DrawnFigure


@dataclass(frozen=True)
class Drawing:
    """A picture as a data URI, and what it shows in words."""

    source: str
    alt: str


def drawing(picture: DrawnFigure, width: float, height: float) -> Drawing:
    """A picture, drawn anew at a size in inches."""
    svg = picture.svg(width, height)
    return Drawing("data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode(), picture.alt)
