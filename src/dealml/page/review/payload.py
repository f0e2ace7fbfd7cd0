"""Rows as compact JSON that is safe inside a script element; `templates/review.js` reads it back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from dealml.page.review.anchors import anchors_of
from dealml.page.review.annotation_text import override_labels, override_sentence
from dealml.page.review.annotations import CloseDateNote
from dealml.page.review.content import Reason, Review, Row, ranked
from dealml.page.review.waterfall_payload import moves_payload
from dealml.page.shared import filters
from dealml.page.shared.lead_note import LeadNote
from dealml.page.shared.outcome_words import Words

Encoded = list[object]
Halves = tuple[int | str, ...]
T = TypeVar("T")

POINTS = 10_000
"""Points are whole numbers of this part of one."""

#: Rows drawn for paper: some 60 sheets; more would stall the browser for nobody's use.
PRINTED_ROWS = 1000

#: Rows that may be drawn to reach a linked one; past it the list starts anew at its page.
NEAR_ROWS = 500


class Numbered(dict[T, int]):
    """Each distinct value once, with its place: reasons, owners and stages repeat in nearly every row."""

    def number(self, value: T) -> int:
        """Place of a value, adding it when it is new."""
        return self.setdefault(value, len(self))


@dataclass
class InternedValues:
    """What rows refer to by number."""

    today: date
    strings: Numbered[str] = field(default_factory=Numbered)
    reasons: Numbered[Halves] = field(default_factory=Numbered)
    """Sentence and source: what many reasons begin with by its place among the strings, and the rest, which is mostly a number.

    The evidence comes last, by its place, where there is some.
    """

    def days(self, day: date | None) -> int | None:
        """Days from today, shorter than a date."""
        return None if day is None else (day - self.today).days


def payload(review: Review, words: Words, page_size: int, more: Mapping[str, object] | None = None) -> str:
    """All rows and settings as JSON text without a character that HTML could take for markup."""
    tables = InternedValues(review.as_of.date())
    rows = [_row(row, review.currency, tables) for row in ranked(review)]
    settings = {
        "prefix": filters.money_prefix(review.currency),
        "singular": words.singular,
        "plural": words.plural,
        "worth": words.outcome.worth,
        "expected": f"{words.outcome.headline} within {review.horizon_days} days",
        **(_lead_settings(review, words) if words.outcome.counts else {}),
        "asOf": review.as_of.date().isoformat(),
        "pageSize": page_size,
        "printed": PRINTED_ROWS,
        "near": NEAR_ROWS,
        **(more or {}),
    }
    moves = {"moves": moves_payload(review.movement, anchors_of(review, words))} if review.movement else {}
    return escaped({"settings": settings, "strings": list(tables.strings), "reasons": list(tables.reasons), "rows": rows, **moves})


def _lead_settings(review: Review, words: Words) -> dict[str, object]:
    """What a page that counts leads says besides."""
    horizons = next((tuple(days for days, _ in row.lead_note.chances) for row in review.rows if row.lead_note), ())
    return {"counts": True, "chance": words.outcome.chance, "horizons": horizons}


def escaped(value: object) -> str:
    """JSON in which ``<``, ``>`` and ``&`` are written as escapes, so that no text can end the script element."""
    compact = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        compact = compact.replace(character, f"\\u{ord(character):04x}")
    return compact


def _row(row: Row, currency: str, tables: InternedValues) -> Encoded:
    """One row in the order in which the page's script unpacks it; what few rows have comes last and may be left out."""
    number = tables.strings.number
    made: Encoded = [
        row.entity_id,
        row.name,
        *map(number, (row.account, row.owner, row.stage, row.segment, row.team)),
        tables.days(row.due),
        filters.cents(row.amount),
        filters.cents(row.expected_value),
        None if row.currency == currency else number(filters.money_prefix(row.currency)),
        round(row.probability, 6),
        [part for reason in row.reasons_for for part in _reason(reason, tables)],
        [part for reason in row.reasons_against for part in _reason(reason, tables)],
    ]
    scenarios: Encoded | None = list(map(number, row.scenarios)) or None
    notes = [_close_date(row.close_date_note, tables), _override(row), _lead(row.lead_note, tables), scenarios]
    while notes and notes[-1] is None:
        notes.pop()
    return made + notes


def _close_date(note: CloseDateNote | None, tables: InternedValues) -> Encoded | None:
    if note is None:
        return None
    return [*map(tables.days, (note.expected, note.earliest, note.latest)), note.slip if note.slip is None else round(note.slip, 4)]


def _override(row: Row) -> Encoded | None:
    note = row.override_note
    return [*override_labels(note, row.currency), override_sentence(note, row.currency)] if note else None


def _lead(note: LeadNote | None, tables: InternedValues) -> Encoded | None:
    """The marks of touch and company as places among the strings, and the chance at each horizon of the page's settings."""
    if note is None:
        return None
    marks = (list(map(tables.strings.number, each)) for each in (note.touch_marks, note.company_marks))
    return [*marks, [round(chance, 6) for _, chance in note.chances]]


def _reason(reason: Reason, tables: InternedValues) -> tuple[int, int]:
    """Its points in ten thousandths of one, and its place among the reasons."""
    (lead, value), (origin, raw) = halves(reason.sentence, ": "), halves(source(reason), " = ")
    number = tables.strings.number
    backed: tuple[int, ...] = (number(reason.evidence),) if reason.evidence else ()
    return round(reason.points * POINTS), tables.reasons.number((number(lead), value, number(origin), raw, *backed))


def halves(sentence: str, mark: str) -> tuple[str, str]:
    """A text in two, the first ending in the last mark; without one the second is empty."""
    head, separator, value = sentence.rpartition(mark)
    return (head + separator, value) if separator else (sentence, "")


def source(reason: Reason) -> str:
    """Where a reason comes from, for whoever wants to check it: subject, feature and value."""
    return f"{reason.subject} · {reason.feature} = {reason.value}" if reason.value else reason.feature
