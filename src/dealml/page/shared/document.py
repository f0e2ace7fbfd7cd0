"""What every page has in common: its templates, and a policy under which nothing but its own style and script may load."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources
from typing import TYPE_CHECKING

from dealml.page.shared import filters

if TYPE_CHECKING:
    from jinja2 import Environment

FILTERS = (
    filters.thousands,
    filters.percent,
    filters.day,
    filters.moment,
    filters.money,
    filters.money_of_cents,
    filters.change,
    filters.short_money,
    filters.period,
    filters.month,
    filters.figure,
    filters.interval,
    filters.measure,
    filters.points,
    filters.capitalize_first,
)
"""What templates write numbers and words with."""


def environment() -> Environment:
    """Templates with autoescape on and a complaint about every name that is missing."""
    # Heavy for a command line that may not draw a page at all, so only here.
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("dealml.page"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update({function.__name__: function for function in FILTERS})
    return made


def policy(style: str, script: str = "", pictures: bool = False, forms: bool = False) -> str:
    """Content security policy: only this very style and script, no request, and no markup made from text.

    Parameters
    ----------
    pictures
        Whether pictures that stand in the page itself are shown.
    forms
        Whether forms may be sent to where the page came from.
    """
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_digest(style)}'",
            f"script-src '{_digest(script)}'" if script else "script-src 'none'",
            "img-src data:" if pictures else "img-src 'none'",
            "base-uri 'none'",
            "form-action 'self'" if forms else "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def part(name: str) -> str:
    """The text of a file in the templates' folder."""
    return resources.files("dealml.page").joinpath("templates", name).read_text(encoding="utf-8")


def _digest(part: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(part.encode()).digest()).decode()
