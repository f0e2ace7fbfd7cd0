"""Draw the page "Where to compete": one HTML file that opens offline."""

from __future__ import annotations

from dealml.page.choosing.content import ChoosingPage
from dealml.page.shared import filters
from dealml.page.shared.document import environment, part, policy


def render_choosing(page: ChoosingPage) -> str:
    """A whole HTML document, to be written as UTF-8; it asks nothing of any network and runs no script."""
    from markupsafe import Markup

    style = part("review.css") + part("backtest.css")
    template = environment().get_template("choosing.html.j2")
    return filters.clean(template.render(page=page, policy=policy(style), style=Markup(style)))
