"""From scores and features to the rows of a review page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from dealml.features.definition import Feature
from dealml.learning.spec import Shown
from dealml.ledger.entities import ACCOUNT, ENTITIES, LEAD
from dealml.moments import date_after
from dealml.page.review.content import Reason, Row
from dealml.page.shared.lead_note import LeadNote

LEAST_POINTS = 0.001
"""Smaller parts are no reasons on a page."""


def rows_of(
    scores: list[dict[str, Any]], table: pd.DataFrame, entity: str, shown: Shown, features: Mapping[str, Feature], currency: str
) -> tuple[Row, ...]:
    """The page's rows.

    Parameters
    ----------
    scores
        Scores at one horizon, one for each entity; those of leads may have `chances` at all horizons, and reasons `evidence`.
    table
        The snapshots with their features.
    shown
        Which features tell a person what the entity is.
    currency
        The project's currency.
    """
    facts = {str(row[entity]): row for row in facts_of(table, entity, shown)}
    return tuple(_row(score, facts[score["entity_id"]], shown, features, currency) for score in scores)


def facts_of(table: pd.DataFrame, entity: str, shown: Shown) -> list[dict[str, Any]]:
    """Of each row of a table of snapshots what tells a person what it is."""
    wanted = [name for name in dict.fromkeys((*ENTITIES[entity].columns, "as_of", *vars(shown).values())) if name in table]
    columns = (table[name].tolist() for name in wanted)
    return [dict(zip(wanted, row, strict=True)) for row in zip(*columns, strict=True)]


def _row(score: dict[str, Any], facts: dict[str, Any], shown: Shown, features: Mapping[str, Feature], currency: str) -> Row:
    amount, unit = money_of(facts, shown, currency)
    reasons = [_reason(reason, features) for reason in score["reasons"] if abs(reason["points"]) >= LEAST_POINTS]
    return Row(
        entity_id=score["entity_id"],
        name=text_of(facts, shown.name) or score["entity_id"],
        account=text_of(facts, shown.account),
        owner=text_of(facts, shown.owner),
        team=text_of(facts, shown.team),
        stage=text_of(facts, shown.stage),
        segment=text_of(facts, shown.segment),
        close_date=_day(facts, shown.ends_in_days),
        last_touch=_day(facts, shown.touched_days_ago, -1),
        amount=amount,
        currency=unit,
        probability=score["probability"],
        expected_value=None if amount is None else (amount * Decimal(score["probability"])).quantize(Decimal("0.01")),
        reasons_for=tuple(reason for reason in reasons if reason.points > 0),
        reasons_against=tuple(reason for reason in reasons if reason.points < 0),
        lead_note=_lead_note(score, facts, shown) if LEAD.key in facts else None,
    )


def _lead_note(score: dict[str, Any], facts: dict[str, Any], shown: Shown) -> LeadNote:
    of_company = (shown.company_open_deals, shown.company_won_deals, shown.company_churned)
    has_account = text_of(facts, ACCOUNT.key) != ""
    open_deals, won_deals, churned = (_number(facts, name) if has_account else None for name in of_company)
    return LeadNote(
        touch=text_of(facts, shown.touch),
        times_recycled=_number(facts, shown.times_recycled) or 0,
        open_deals=open_deals,
        won_deals=won_deals,
        churned=None if churned is None else churned > 0,
        chances=tuple(score.get("chances", ())),
    )


def _number(facts: dict[str, Any], name: str) -> int | None:
    value = facts.get(name)
    return None if value is None or pd.isna(value) else int(value)


def _reason(reason: dict[str, Any], features: Mapping[str, Feature]) -> Reason:
    name = reason["feature"]
    subject = features[name].subject if name in features else ""
    return Reason(name, subject, reason["value"] or "not known", reason["points"], reason["sentence"], reason.get("evidence", ""))


def text_of(facts: dict[str, Any], name: str) -> str:
    """A feature's text, empty where it is not known."""
    value = facts.get(name)
    return "" if value is None or pd.isna(value) else str(value)


def money_of(facts: dict[str, Any], shown: Shown, currency: str) -> tuple[Decimal | None, str]:
    """The converted amount, or the one in its own currency."""
    for name, unit in ((shown.amount_converted, currency), (shown.amount, text_of(facts, shown.currency) or currency)):
        value = facts.get(name)
        if value is not None and not pd.isna(value):
            return Decimal(value).quantize(Decimal("0.01")), unit
    return None, currency


def _day(facts: dict[str, Any], name: str, sign: int = 1) -> date | None:
    """The date that a number of days lies ahead of the snapshot; with the sign −1 before it."""
    days = facts.get(name)
    if days is None or pd.isna(days):
        return None
    return date_after(facts["as_of"], sign * float(days))
