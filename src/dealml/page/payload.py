"""Rows as compact JSON that is safe inside a script element; `templates/review.js` reads it back."""

import json
from dataclasses import dataclass, field

from dealml.page import text
from dealml.page.anchors import anchors_of
from dealml.page.content import Reason, Review, Row, ranked
from dealml.page.moves import moves_payload
from dealml.page.words import Words

Encoded = list[object]

#: Rows drawn for paper: some 60 sheets; more would stall the browser for nobody's use.
PRINTED_ROWS = 1000


@dataclass
class Strings:
    """Each distinct text once: reasons, owners and stages repeat in nearly every row."""

    known: dict[str, int] = field(default_factory=dict)

    def number(self, value: str) -> int:
        """Place of a text in the table, adding it when it is new."""
        return self.known.setdefault(value, len(self.known))


def payload(review: Review, words: Words, page_size: int) -> str:
    """All rows and settings as JSON text without a character that HTML could take for markup."""
    strings = Strings()
    rows = [_row(row, review.currency, strings) for row in ranked(review)]
    settings = {
        "prefix": text.money_prefix(review.currency),
        "one": words.one,
        "many": words.many,
        "worth": words.outcome.worth,
        "expected": words.outcome.headline,
        "asOf": review.as_of.date().isoformat(),
        "pageSize": page_size,
        "printed": PRINTED_ROWS,
    }
    moves = {"moves": moves_payload(review.movement, anchors_of(review, words))} if review.movement else {}
    return escaped({"settings": settings, "strings": list(strings.known), "rows": rows, **moves})


def escaped(value: object) -> str:
    """JSON in which ``<``, ``>`` and ``&`` are written as escapes, so that no text can end the script element."""
    compact = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        compact = compact.replace(character, f"\\u{ord(character):04x}")
    return compact


def _row(row: Row, currency: str, strings: Strings) -> Encoded:
    """One row in the order in which the page's script unpacks it."""
    return [
        row.entity_id,
        row.name,
        strings.number(row.account),
        strings.number(row.owner),
        strings.number(row.stage),
        strings.number(row.segment),
        row.close_date.isoformat() if row.close_date else None,
        text.cents(row.amount),
        text.cents(row.expected_value),
        None if row.currency == currency else strings.number(text.money_prefix(row.currency)),
        round(row.probability, 6),
        [_reason(reason, strings) for reason in row.reasons_for],
        [_reason(reason, strings) for reason in row.reasons_against],
    ]


def _reason(reason: Reason, strings: Strings) -> Encoded:
    return [round(reason.points, 4), strings.number(reason.sentence), strings.number(source(reason))]


def source(reason: Reason) -> str:
    """Where a reason comes from, for whoever wants to check it: subject, feature and value."""
    return f"{reason.subject} · {reason.feature} = {reason.value}" if reason.value else reason.feature
