"""The review page: one HTML file that opens offline, ranked deals or accounts with reasons in words."""

from dealml.page.review.content import HeadlineFigures, Quality, Reason, ReliabilityCurve, Review, Row, figures_of
from dealml.page.review.render import render

__all__ = ["ReliabilityCurve", "HeadlineFigures", "Quality", "Reason", "Review", "Row", "figures_of", "render"]
