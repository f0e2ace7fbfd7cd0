"""Names and labels of a family's values, which may be any text."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence

Value = tuple[str | None, ...]
"""One value of a family: a text for each of its columns, None where a column has none."""

MOST_NAME, MOST_LABEL = 40, 60
"""Characters of a value that its name and its label show."""
_DIGEST = 10
_PLAIN = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def safe_name(value: Value) -> str:
    """A name of small letters, digits and single underscores that no other value has.

    A value that is no such name itself gets a part of its digest behind it: so values that differ in case, spaces or accents alone
    stay apart, and a value's name does not depend on which others there are.
    """
    text = value[0] or ""
    if len(value) == 1 and len(text) <= MOST_NAME and _PLAIN.fullmatch(text) and not _ends_like_a_digest(text) and text != "other":
        return text
    return f"{_slug(value)}_{_digest(value)}"


def other_name(values: Sequence[Value]) -> str:
    """The name of what is in no list of values, one for each list."""
    return f"other_{_digest([*values])}"


def label(value: Value) -> str:
    """A value as people read it: on one line, and not longer than a line."""
    text = " / ".join(" ".join(_printable(part).split()) for part in value if part) or "–"
    return text if len(text) <= MOST_LABEL else f"{text[: MOST_LABEL - 1]}…"


def _printable(text: str) -> str:
    return "".join(" " if unicodedata.category(letter)[0] in "CZ" else letter for letter in text)


def _slug(value: Value) -> str:
    plain = unicodedata.normalize("NFKD", " ".join(part for part in value if part)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "_", plain.lower()).strip("_")[:MOST_NAME].strip("_") or "value"


def _digest(content: object) -> str:
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()[:_DIGEST]


def _ends_like_a_digest(text: str) -> bool:
    return re.search(rf"_[0-9a-f]{{{_DIGEST}}}$", text) is not None
