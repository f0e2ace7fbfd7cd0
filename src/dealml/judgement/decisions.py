"""Decisions: overrides whose date is over, each with its outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import pyarrow as pa

from dealml.judgement.crm_values import crm_values, rates
from dealml.judgement.override import StoredOverride, each_once
from dealml.judgement.value_added import Decision
from dealml.learning.snapshots import at_moments
from dealml.learning.view import View

_MOMENT = pa.timestamp("us", tz="UTC")


@dataclass(frozen=True)
class Settled:
    """The decisions, and the number of overrides left out."""

    decisions: tuple[Decision, ...]
    still_open: int
    """Overrides whose `until` is not over at the view's end."""
    hindsight: int
    """Overrides whose model version had learned from later facts: no fair comparison."""
    gone: int
    """Those of deals that the ledger no longer knows as open at that moment."""
    late: int
    """Decisions that were entered only when their time was over: they may rest on the outcome."""


def settled(overrides: Sequence[StoredOverride], view: View, currency: str) -> Settled:
    """Look up the outcome of each override by its `until`, by recorded time, as training does.

    Parameters
    ----------
    view
        The ledger up to a moment, for the model whose predictions are stored with the overrides.
    currency
        The project's; amounts are converted at the rate known when the override was made, the final one too.
    """
    overrides = each_once(overrides)
    over = [stored for stored in overrides if stored.override.until <= view.end]
    fair = [stored for stored in over if not stored.with_hindsight]
    accounts, won_at = _outcomes(fair, view)
    open_then = [stored for stored in fair if _key(stored) in accounts]
    money = _Money(open_then, won_at, view, currency)
    decisions = tuple(_decision(stored, accounts[_key(stored)], won_at.get(_key(stored)), money) for stored in open_then)
    late = sum(stored.stored_at >= stored.override.until for stored in open_then)
    return Settled(decisions, len(overrides) - len(over), len(over) - len(fair), len(fair) - len(open_then), late)


def _key(stored: StoredOverride) -> tuple[str, datetime]:
    return stored.override.deal_id, stored.override.made_at


def _outcomes(
    overrides: Sequence[StoredOverride], view: View
) -> tuple[dict[tuple[str, datetime], str], dict[tuple[str, datetime], datetime]]:
    """The account of each deal and moment, and when the deal next went on record as won, where it did."""
    deals, moments = [stored.override.deal_id for stored in overrides], [stored.override.made_at for stored in overrides]
    requests = pa.table({"deal_id": pa.array(deals, pa.string()), "as_of": pa.array(moments, _MOMENT)})
    at_moments(view.con, view.tables, "deal_id", view.outcome, requests)
    query = """
        SELECT m.deal_id AS deal_id, m.account_id AS account_id, m.as_of AS as_of, min(e.recorded_at) AS won_at
        FROM at_moments m LEFT JOIN events e ON e.deal_id = m.deal_id AND e.recorded_at >= m.as_of GROUP BY 1, 2, 3"""
    rows = view.con.con.sql(query).to_arrow_table().to_pylist()
    accounts = {(row["deal_id"], row["as_of"]): row["account_id"] or row["deal_id"] for row in rows}
    return accounts, {(row["deal_id"], row["as_of"]): row["won_at"] for row in rows if row["won_at"] is not None}


class _Money:
    """Amounts in the project's currency, at the rates known when an override was made."""

    def __init__(
        self, overrides: Sequence[StoredOverride], won_at: dict[tuple[str, datetime], datetime], view: View, currency: str
    ) -> None:
        # What was entered together with the win counts: often the amount is put right in that moment.
        keys = {_key(stored) for stored in overrides} & won_at.keys()
        self._ends = {key: (key[0], won_at[key] + timedelta(microseconds=1)) for key in keys}
        self._final = crm_values(view.con, view.tables, self._ends.values())
        self._currency = currency
        units = {(unit, stored.override.made_at) for stored in overrides for unit in self._units(stored)}
        self._rates = rates(view.con, view.tables, units, currency)

    def of(self, stored: StoredOverride) -> tuple[float | None, float | None, float | None]:
        """What the person said, what the CRM said then, and what the deal was won at; None where that is not known."""
        final = self._final[self._ends[_key(stored)]]
        at = stored.override.made_at
        return (
            self._converted(stored.override.amount, stored.override.currency, at),
            self._converted(stored.model_prediction.amount, stored.model_prediction.currency, at),
            self._converted(final.amount, final.currency, at),
        )

    def _units(self, stored: StoredOverride) -> tuple[str, ...]:
        end = self._ends.get(_key(stored))
        final = self._final[end].currency if end else ""
        return (stored.override.currency, stored.model_prediction.currency, final)

    def _converted(self, amount: Decimal | None, unit: str, at: datetime) -> float | None:
        rate = self._rates.get((unit or self._currency, at), 1.0 if not unit else None)
        return None if amount is None or rate is None else float(amount) * rate


def _decision(stored: StoredOverride, account: str, won_at: datetime | None, money: _Money) -> Decision:
    override = stored.override
    won = won_at is not None and won_at < override.until
    amount, model_amount, final = money.of(stored) if won else (None, None, None)
    return Decision(
        deal_id=override.deal_id,
        account=account,
        days=(override.until - override.made_at) / timedelta(days=1),
        category=stored.model_prediction.category,
        won=won,
        probability=override.probability,
        model_probability=stored.model_prediction.probability,
        amount=amount,
        model_amount=model_amount,
        final_amount=final,
    )
