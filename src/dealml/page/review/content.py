"""What a review page says: plain values, checked when they are made, with no idea of how they are drawn."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from dealml.forecast.result import Forecast
from dealml.forecast.waterfall.result import Movement
from dealml.ledger.entities import EntityWord, OutcomeWord
from dealml.page.review.annotations import CloseDateNote, OverrideNote
from dealml.page.review.metrics import MetricLine, RenewalLine
from dealml.page.shared.lead_note import LeadNote

#: A quality figure: name, value, lower and upper end of its interval, meaning in plain words.
Quality = tuple[str, float, float | None, float | None, str]


@dataclass(frozen=True)
class Reason:
    """One fact's part in a probability.

    Parameters
    ----------
    feature : str
        Name of the feature, for the analyst.
    subject : str
        What the fact is about, such as ``champion`` or ``timing``.
    value : str
        The feature's value, as text.
    points : float
        Part of the probability as a fraction: +0.12 is shown as "+12 points".
    sentence : str
        The reason in words.
    evidence : str
        How past entities that were like this fared; empty where it was not looked for.
    """

    feature: str
    subject: str
    value: str
    points: float
    sentence: str
    evidence: str = ""

    def __post_init__(self) -> None:
        """Refuse points that could not be shown."""
        if not math.isfinite(self.points):
            raise ValueError(f"reason {self.feature!r}: points must be a finite number, not {self.points}")


@dataclass(frozen=True)
class Row:
    """One open deal (or subscribed account) with its probability, its money and the reasons in words.

    Parameters
    ----------
    entity_id : str
        Unique within the page; part of the row's link.
    close_date : date or None
        Planned close of a deal, renewal of an account.
    amount : Decimal or None
        The deal's amount or the account's ARR, in `currency`.
    probability : float
        Probability of the outcome within the review's horizon.
    expected_value : Decimal or None
        Probability times amount: what is expected to be won, or ARR at risk.
    reasons_for, reasons_against : tuple of Reason
        What speaks for and against the outcome, strongest first.
    team : str
        The team that works on it.
    outlook : CloseDateNote or None
        When it is expected to close.
    judgement : OverrideNote or None
        A person's numbers, shown next to the model's and never added to them.
    """

    entity_id: str
    name: str
    account: str
    owner: str
    stage: str
    segment: str
    close_date: date | None
    amount: Decimal | None
    currency: str
    probability: float
    expected_value: Decimal | None
    reasons_for: tuple[Reason, ...] = ()
    reasons_against: tuple[Reason, ...] = ()
    team: str = ""
    close_date_note: CloseDateNote | None = None
    last_touch: date | None = None
    """Of a lead: when it was last touched."""
    override_note: OverrideNote | None = None
    lead_note: LeadNote | None = None
    """Of a lead only."""
    scenarios: tuple[str, ...] = ()
    """The win scenarios that it is in, or may be in, each as a sentence."""

    @property
    def due(self) -> date | None:
        """The date that a list shows: what is expected, or of a lead the last touch."""
        return self.close_date or self.last_touch

    def __post_init__(self) -> None:
        """Refuse a probability or a sum that could not be shown or added up."""
        if not 0 <= self.probability <= 1:
            raise ValueError(f"{self.entity_id!r}: probability must lie between 0 and 1, not {self.probability}")
        for money in (self.amount, self.expected_value):
            if money is not None and not money.is_finite():
                raise ValueError(f"{self.entity_id!r}: an amount must be a finite number, not {money}")


@dataclass(frozen=True)
class ReliabilityCurve:
    """Reliability curve: per group of held-out scores the mean score, what happened, its interval, its weight."""

    predicted: tuple[float, ...]
    observed: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    weight: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse columns of unequal length, which would pair a score with another group's outcome."""
        if len({len(column) for column in (self.predicted, self.observed, self.low, self.high, self.weight)}) > 1:
            raise ValueError("a curve's five columns must have the same length")


@dataclass(frozen=True)
class HeadlineFigures:
    """The headline, over rows in one currency; rows left out of the sums are counted separately."""

    count: int
    amount: Decimal
    expected_value: Decimal
    horizon_days: int
    without_amount: int
    other_currency: int
    expected_count: float
    """The sum of the chances: how many are expected to come to the outcome."""


@dataclass(frozen=True)
class Review:
    """Everything a review page shows.

    Parameters
    ----------
    title : str
        The page's title.
    model, model_version, rung : str
        Which model scored, and which rung of the small-data ladder it stands on.
    as_of : datetime
        The moment the rows were scored at.
    horizon_days : int
        Days ahead within which the outcome may happen.
    trained_through : datetime or None
        Last moment whose outcomes the model has learned from.
    ledger_digest : str
        Digest of the ledger that was scored.
    rows : tuple of Row
        In any order; the page ranks them.
    curve : Curve or None
        Reliability on held-out later time, if it was measured.
    quality : tuple of Quality
        Figures such as log loss with their intervals.
    notes : tuple of str
        What a reader must know before using the numbers.
    currency : str
        The currency of the sums; rows in another one are shown and not added.
    subject_word, outcome_word : str
        ``deal`` and ``win``, or ``account`` and ``leave``.
    forecast, movement : Forecast, Movement or None
        The money of a period, and what changed in it since the last review.
    metrics : tuple of MetricLine
        The sales metrics.
    metrics_of : str
        The period that they are of, and what their trends go back to.
    renewals : tuple of RenewalMonth
        Churn risk of the base, by the month of renewal.
    gaps : mapping of str to str
        For a section that cannot be shown, a key of `sections.SECTIONS`: why not.
    files : tuple of str
        Names of the files, in the page's folder, that hold its tables.
    """

    title: str
    model: str
    model_version: str
    rung: str
    as_of: datetime
    horizon_days: int
    trained_through: datetime | None
    ledger_digest: str
    rows: tuple[Row, ...]
    curve: ReliabilityCurve | None
    quality: tuple[Quality, ...]
    notes: tuple[str, ...]
    currency: str
    subject_word: EntityWord = "deal"
    outcome_word: OutcomeWord = "win"
    forecast: Forecast | None = None
    movement: Movement | None = None
    metrics: tuple[MetricLine, ...] = ()
    metrics_of: str = ""
    renewals: tuple[RenewalLine, ...] = ()
    gaps: Mapping[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse two rows with one id: their links could not be told apart."""
        seen: set[str] = set()
        for row in self.rows:
            if row.entity_id in seen:
                raise ValueError(f"two rows have the id {row.entity_id!r}")
            seen.add(row.entity_id)


def ranked(review: Review) -> list[Row]:
    """Rows by expected value, highest first; what cannot be compared (no amount, other currency) comes last."""

    def sort_key(row: Row) -> tuple[bool, Decimal, float, str, str]:
        comparable = row.expected_value is not None and row.currency == review.currency
        value = row.expected_value if comparable else None
        return (not comparable, -(value or Decimal(0)), -row.probability, row.name, row.entity_id)

    return sorted(review.rows, key=sort_key)


def figures_of(review: Review) -> HeadlineFigures:
    """Headline figures, added up from the rows so that they cannot disagree with them."""
    in_currency = [row for row in review.rows if row.currency == review.currency]
    return HeadlineFigures(
        count=len(review.rows),
        amount=_total(row.amount for row in in_currency),
        expected_value=_total(row.expected_value for row in in_currency),
        horizon_days=review.horizon_days,
        without_amount=sum(row.amount is None for row in in_currency),
        other_currency=len(review.rows) - len(in_currency),
        expected_count=sum(row.probability for row in review.rows),
    )


def _total(values: Iterable[Decimal | None]) -> Decimal:
    return sum((value for value in values if value is not None), Decimal(0))
