"""What a contest page says: a model and a rival side by side, as plain values with no idea of how they are drawn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from dealml.ledger.entities import EntityWord, OutcomeWord
from dealml.page.review.content import ReliabilityCurve


@dataclass(frozen=True)
class Estimate:
    """A value and its 95 % interval; the bounds are None where none could be given."""

    value: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Entrant:
    """One side of the contest.

    Parameters
    ----------
    name : str
        Such as ``dealml`` or ``the scorecard``.
    wins, money, places : Estimate
        Share of the wins and of the won money that its lists held, and of its places that went to deals then won.
    own_places : float or None
        The last of the places that the other side gave to other deals.
    log_loss, calibration_error : Estimate
        Of its probabilities.
    gains : tuple of float
        Share of the wins on its lists, at equal steps of capacity from none to all.
    curve : Curve
        Reliability of its probabilities.
    """

    name: str
    wins: Estimate
    money: Estimate | None
    places: Estimate
    own_places: float | None
    log_loss: Estimate
    calibration_error: Estimate
    gains: tuple[float, ...]
    curve: ReliabilityCurve
    customers: Estimate | None = None
    """Of leads: share of those that are customers by the end of the data."""


@dataclass(frozen=True)
class Because:
    """One reason for a place: points, as text, and a sentence."""

    points: str
    sentence: str


@dataclass(frozen=True)
class Mover:
    """A deal that stands on one side's list and not on the other's."""

    name: str
    account: str
    owner: str
    stage: str
    amount: Decimal | None
    currency: str
    model_rank: int
    rival_rank: int
    model_score: str
    rival_score: str
    happened: bool
    model_reasons: tuple[Because, ...] = ()
    rival_reasons: tuple[Because, ...] = ()
    is_customer: bool | None = None
    """Of a lead: whether its deal is won by the end of the data; then `amount` is that deal's."""


@dataclass(frozen=True)
class PointsBand:
    """Deals of about as many points: their mean, how many of them were won, and their share of all."""

    points: float
    won: Estimate
    share: float


@dataclass(frozen=True)
class Standing:
    """How another rival did on the same weeks."""

    name: str
    wins: float
    log_loss: float
    saved: Estimate
    """Its log loss minus the model's."""


@dataclass(frozen=True)
class HeadToHeadPage:
    """Everything a contest page shows.

    Parameters
    ----------
    company, model, model_version, rung : str
        Whose deals, and which model.
    method : str
        How the weeks were held out, in words.
    first, last : datetime
        The first and the last week.
    list_at : datetime
        The week whose movers are shown.
    list_size, list_worked : float
        How many deals stood on its list, and how many of them a team works.
    onto, off : tuple of Mover
        The first of those that enter the model's list and of those that leave the rival's.
    onto_all, off_all : int
        How many there are in all.
    differing : float
        Share of the places that the two sides gave to different deals, in all weeks.
    notes : tuple of str
        How it was measured.
    """

    company: str
    model: str
    model_version: str
    rung: str
    method: str
    horizon_days: int
    first: datetime
    last: datetime
    weeks: int
    open_a_week: float
    worked_a_week: float
    wins_all: int
    money_all: Decimal | None
    currency: str
    us: Entrant
    them: Entrant
    wins_ahead: Estimate
    money_ahead: Estimate | None
    log_loss_saved: Estimate
    list_at: datetime
    list_size: int
    list_worked: float
    onto: tuple[Mover, ...]
    off: tuple[Mover, ...]
    onto_all: int
    off_all: int
    differing: float
    bands: tuple[PointsBand, ...]
    standings: tuple[Standing, ...]
    ledger_digest: str
    notes: tuple[str, ...]
    is_scorecard: bool
    subject_word: EntityWord = "deal"
    outcome_word: OutcomeWord = "win"
    customers_all: int = 0
    """Of leads: how many are customers by the end of the data."""
    customers_ahead: Estimate | None = None
