"""An override: a person's numbers for a deal, deadline and reason, and the model's prediction at the same moment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from dealml.company_calendar import UTC_CALENDAR, CompanyCalendar
from dealml.errors import UsageError
from dealml.ledger.batches import digest_of
from dealml.period import Period

FIELDS = ("deal", "probability", "amount", "currency", "close", "period", "until", "at", "why", "by")
"""What is said of an override, as options and as columns of a file call it."""
LONGEST_NAME = 200
LATEST = datetime(9000, 1, 1, tzinfo=UTC)

# Digits are spelled out: \d also matches Arabic and other digits, which Python would go on to read.
_SHARE = re.compile(r"[0-9]*\.?[0-9]+|[0-9]+\.")
_AMOUNT = re.compile(r"[0-9]{1,14}(\.[0-9]{1,4}0*)?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


class Refused(ValueError):  # noqa: N818  (what is said is refused, nothing failed)
    """An override with a value that is not valid."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field, self.message = field, message


@dataclass(frozen=True)
class Override:
    """A person's numbers for a deal; at least one of probability, amount and close date."""

    deal_id: str
    made_at: datetime
    """When it was said; it rests on what was known just before."""
    until: datetime
    """The probability is that of being on record as won before this moment."""
    probability: float | None
    amount: Decimal | None
    """What the deal will be won for, if it is."""
    currency: str
    """Of the amount, ISO 4217; empty without one."""
    close_date: date | None
    why: str
    who: str

    @property
    def override_id(self) -> str:
        """A short id, computed from the content and the moment."""
        return digest_of(self.deal_id, self.made_at.astimezone(UTC).isoformat(), *self._statement)[:16]

    def says_the_same_as(self, other: Override) -> bool:
        """Whether another one of the same deal says the same, whenever it was said."""
        return self.deal_id == other.deal_id and self._statement == other._statement

    @property
    def _statement(self) -> tuple[str, ...]:
        amount = "" if self.amount is None else f"{self.amount.normalize():f}"
        close = "" if self.close_date is None else self.close_date.isoformat()
        return (self.until.astimezone(UTC).isoformat(), repr(self.probability), amount, self.currency, close, self.why, self.who)


@dataclass(frozen=True)
class ModelPrediction:
    """The model's prediction for the same deal, moment and `until`, with the values in the CRM."""

    model: str
    version: int
    digest: str
    trained_through: datetime
    """Everything that it learned from was on record before."""
    probability: float
    amount: Decimal | None
    """Of the CRM, in its own currency: the money that the model's probability is multiplied by."""
    currency: str
    close_date: date | None
    category: str
    """The forecast category in the CRM; empty where it gave none."""


@dataclass(frozen=True)
class StoredOverride:
    """An override with the model's prediction at the same moment."""

    override: Override
    model_prediction: ModelPrediction
    stored_at: datetime
    """When it was entered here; later than it was made where it had been written down elsewhere."""

    @property
    def with_hindsight(self) -> bool:
        """Whether the model's version had learned from facts recorded after the override was made."""
        return self.model_prediction.trained_through > self.override.made_at


def override_of(texts: Mapping[str, str | None], now: datetime, currency: str, calendar: CompanyCalendar = UTC_CALENDAR) -> Override:
    """An override from what a person wrote.

    Parameters
    ----------
    texts
        By `FIELDS`; what is missing or blank was not said.
    now
        When it is made, unless `at` says so.
    currency
        The project's, in which amounts are meant that name none.
    calendar
        The company's, in which dates, times without a zone and periods are meant.

    Raises
    ------
    Refused
        With the field that cannot be meant.
    """
    fields = {name: text.strip() for name, text in texts.items() if text and text.strip()}
    for name, text in fields.items():
        if _UNPRINTABLE.search(text):
            raise Refused(name, "holds control characters, or is not in UTF-8")
    for name, meaning in (("deal", "the deal"), ("why", "the reason, in a few words"), ("by", "who says so")):
        if name not in fields:
            raise Refused(name, f"is missing; give {meaning}")
    if not fields.keys() & {"probability", "amount", "close"}:
        raise Refused("probability", "nothing is said of the deal; give a probability, an amount or a close date")
    made_at = _made_at(fields.get("at"), calendar.local(now), calendar)
    return Override(
        deal_id=fields["deal"],
        made_at=made_at,
        until=_until(fields, made_at, calendar),
        probability=_share(fields.get("probability")),
        amount=_amount(fields.get("amount")),
        currency=_currency(fields, currency),
        close_date=_close_date(fields.get("close"), made_at),
        why=fields["why"],
        who=_name(fields["by"]),
    )


def each_once(overrides: Iterable[StoredOverride]) -> list[StoredOverride]:
    """Each override once, with one prediction: one without hindsight where there is any, and of these the one stored last."""
    best: dict[str, StoredOverride] = {}
    for stored in sorted(overrides, key=lambda stored: (not stored.with_hindsight, stored.stored_at)):
        best[stored.override.override_id] = stored
    return list(best.values())


def in_force(overrides: Iterable[StoredOverride], moment: datetime) -> list[StoredOverride]:
    """The latest override of each deal and `until` that was made by a moment and still speaks of what is to come."""
    latest: dict[tuple[str, datetime], StoredOverride] = {}
    for stored in sorted(each_once(overrides), key=lambda stored: (stored.override.made_at, stored.stored_at, stored.override.override_id)):
        if stored.override.made_at <= moment < stored.override.until:
            latest[stored.override.deal_id, stored.override.until] = stored
    return [latest[key] for key in sorted(latest)]


def not_yet_stored(overrides: Iterable[Override], stored: Iterable[StoredOverride]) -> list[Override]:
    """Those that are not there yet: neither the same one, nor one that says the same and still stood when it was said again."""
    before: dict[tuple[str, datetime], list[Override]] = {}
    for other in (entry.override for entry in stored):
        before.setdefault((other.deal_id, other.until), []).append(other)
    new = []
    for override in sorted(overrides, key=lambda override: override.made_at):
        earlier = before.setdefault((override.deal_id, override.until), [])
        last = max((other for other in earlier if other.made_at <= override.made_at), key=lambda other: other.made_at, default=None)
        if not (last and last.says_the_same_as(override)) and override.override_id not in {other.override_id for other in earlier}:
            earlier.append(override)
            new.append(override)
    return new


def _moment(field: str, text: str, calendar: CompanyCalendar) -> datetime:
    try:
        at = datetime.fromisoformat(text)
        return calendar.moment(at)
    except (ValueError, OverflowError):
        raise Refused(field, f"{text!r} is no date; write it as 2026-01-31 or 2026-01-31T09:30:00Z") from None


def _made_at(text: str | None, now: datetime, calendar: CompanyCalendar) -> datetime:
    if text is None:
        return now
    at = _moment("at", text, calendar)
    if at > now:
        raise Refused("at", f"{text!r} is in the future; an override is made now, or was made earlier")
    return at


def _until(fields: Mapping[str, str], made_at: datetime, calendar: CompanyCalendar) -> datetime:
    if "period" in fields and "until" in fields:
        raise Refused("until", "does not go with a period; give one of the two")
    if "period" in fields:
        try:
            until = calendar.read_period(fields["period"], "period").end
        except UsageError as error:
            raise Refused("period", str(error).removeprefix("period: ")) from None
    else:
        until = _moment("until", fields["until"], calendar) if "until" in fields else Period.around(made_at).end
    if until <= made_at:
        field = "period" if "period" in fields else "until"
        raise Refused(field, f"{fields[field]!r} is over before the override is made ({made_at:%Y-%m-%d %H:%M %Z})")
    if until > LATEST:
        raise Refused("until", f"{fields.get('until')!r} is too far ahead")
    return until


def _share(text: str | None) -> float | None:
    if text is None:
        return None
    if not _SHARE.fullmatch(text) or float(text) > 1:
        raise Refused("probability", f"{text!r} is no share from 0 to 1; write 80% as 0.8")
    return float(text)


def _amount(text: str | None) -> Decimal | None:
    if text is None:
        return None
    if not _AMOUNT.fullmatch(text):
        raise Refused("amount", f"{text!r} is no amount; write it as 12500 or 12500.50")
    return Decimal(text)


def _currency(fields: Mapping[str, str], default: str) -> str:
    if "amount" not in fields:
        if "currency" in fields:
            raise Refused("currency", "is given without an amount")
        return ""
    currency = fields.get("currency", default)
    if not _CURRENCY.fullmatch(currency):
        raise Refused("currency", f"{currency!r} is no currency; write it as EUR (ISO 4217)")
    return currency


def _close_date(text: str | None, made_at: datetime) -> date | None:
    if text is None:
        return None
    try:
        if not _DAY.fullmatch(text):
            raise ValueError
        close = date.fromisoformat(text)
    except ValueError:
        raise Refused("close", f"{text!r} is no date; write it as 2026-01-31") from None
    if close < made_at.date():
        raise Refused("close", f"{text!r} is before the override is made ({made_at:%Y-%m-%d})")
    return close


def _name(text: str) -> str:
    if len(text) > LONGEST_NAME:
        raise Refused("by", f"is longer than {LONGEST_NAME} characters")
    return text
