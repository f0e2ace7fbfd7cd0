"""The review page: one HTML file that opens offline, ranked deals or accounts with reasons in words."""

from dealml.page.review.content import Curve, Figures, Quality, Reason, Review, Row, figures_of
from dealml.page.review.render import render

__all__ = ["Curve", "Figures", "Quality", "Reason", "Review", "Row", "figures_of", "render"]
