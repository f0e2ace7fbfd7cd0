"""The first rows as ready texts, so that the page reads without its script: in a mail preview, for instance."""

from dataclasses import dataclass
from datetime import date

from dealml.page.review.anchors import anchor
from dealml.page.review.annotation_text import close_date_sentence, expected_day, override_labels, override_sentence
from dealml.page.review.content import Reason, Review, Row, ranked
from dealml.page.review.payload import halves, source
from dealml.page.shared import filters
from dealml.page.shared.lead_note import chances_sentence, company_text, touch_text
from dealml.page.shared.outcome_words import Words


@dataclass(frozen=True)
class ReasonView:
    """One reason as shown."""

    signed: str
    points: str
    lead: str
    value: str
    """The end of the sentence, which is seen even where there is no room for all of it."""
    sentence: str
    source: str
    evidence: str


@dataclass(frozen=True)
class RowView:
    """One row as shown; the blank one is the pattern from which the script makes the others."""

    anchor: str = ""
    rank: str = ""
    name: str = ""
    account: str = ""
    segment: str = ""
    team: str = ""
    owner: str = ""
    stage: str = ""
    due: str = ""
    overdue: bool = False
    expects: str = ""
    chance: str = ""
    width: float = 0.0
    judged: str = ""
    judged_amount: str = ""
    judged_close: str = ""
    amount: str = ""
    expected: str = ""
    pros: tuple[ReasonView, ...] = ()
    cons: tuple[ReasonView, ...] = ()
    close_date_note: str = ""
    override_note: str = ""
    entity_id: str = ""
    touch: str = ""
    company: str = ""
    chances: str = ""
    scenarios: str = ""


BLANK = RowView()


def first_rows(review: Review, words: Words, limit: int) -> list[RowView]:
    """Turn the best-ranked rows into texts."""
    today = review.as_of.date()
    return [_view(row, words, rank, today) for rank, row in enumerate(ranked(review)[:limit], start=1)]


def _view(row: Row, words: Words, rank: int, today: date) -> RowView:
    judged, judged_amount, judged_close = override_labels(row.override_note, row.currency)
    return RowView(
        anchor=anchor(words, row.entity_id),
        rank=f"{rank:,}",
        name=row.name or row.entity_id,
        account=row.account,
        segment=row.segment,
        team=row.team,
        owner=row.owner or filters.MISSING,
        stage=row.stage or filters.MISSING,
        due=filters.day(row.due),
        overdue=not words.outcome.counts and row.close_date is not None and row.close_date < today,
        expects=expected_day(row.close_date_note),
        chance=filters.percent(row.probability),
        width=round(100 * row.probability, 1),
        judged=judged,
        judged_amount=judged_amount,
        judged_close=judged_close,
        amount=filters.money(row.amount, row.currency),
        expected=filters.money(row.expected_value, row.currency),
        pros=tuple(map(_reason, row.reasons_for)),
        cons=tuple(map(_reason, row.reasons_against)),
        close_date_note=close_date_sentence(row.close_date_note),
        override_note=override_sentence(row.override_note, row.currency),
        entity_id=row.entity_id,
        touch=touch_text(row.lead_note),
        company=company_text(row.lead_note),
        chances=chances_sentence(row.lead_note, words.outcome.chance),
        scenarios=paragraph(row.scenarios),
    )


def paragraph(sentences: tuple[str, ...]) -> str:
    """Sentences in one line, each with its full stop."""
    return " ".join(f"{sentence}." for sentence in sentences)


def _reason(reason: Reason) -> ReasonView:
    lead, value = halves(reason.sentence, ": ")
    return ReasonView(
        lead=lead,
        value=value,
        signed=filters.signed(reason.points),
        points=filters.points(reason.points),
        sentence=reason.sentence,
        source=source(reason),
        evidence=reason.evidence,
    )
