"""What was entered in a form, as `dealml override add` takes it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

from dealml.errors import UsageError

FIELDS = ("deal", "probability", "amount", "close", "why", "by")

# Digits are spelled out: \d also matches Arabic and other digits.
_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,6})?)\s*%?")


def entry_of(form: Mapping[str, str]) -> dict[str, str]:
    """The fields that were filled in, the chance as a part of one.

    Raises
    ------
    UsageError
        When the chance is no percentage.
    """
    texts = {name: form.get(name, "").strip() for name in FIELDS}
    if texts["probability"]:
        texts["probability"] = _share(texts["probability"])
    return {name: value for name, value in texts.items() if value}


def _share(text: str) -> str:
    percent = _PERCENT.fullmatch(text)
    if not percent or Decimal(percent[1]) > 100:
        raise UsageError(f"chance: {text!r} is no percentage; give a number from 0 to 100")
    return f"{Decimal(percent[1]) / 100:f}"
