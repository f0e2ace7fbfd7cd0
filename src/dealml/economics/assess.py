"""The economics of open deals and leads: their terms from past cases, and what follows from them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dealml.economics import price_and_costs as deal
from dealml.economics.acquisition import acquisition_cost
from dealml.economics.effort import cost_to_pursue, hours_to_come
from dealml.economics.expected_value import ADDED, ESSENTIAL, MOVED, Inputs, Results, evaluate, spread
from dealml.economics.look_alikes import Z, ratio
from dealml.economics.past_cases import PastCases
from dealml.economics.settings import KINDS, EconomicsSettings
from dealml.economics.survival import survival_curves
from dealml.economics.terms import Term, certain, declared, learned, sourced

NO_CHURN = "no customer has left on record"


def deal_inputs(deals: pd.DataFrame, win: Term, past_cases: PastCases, settings: EconomicsSettings) -> Inputs:
    """The terms of open deals.

    Parameters
    ----------
    deals
        As of `cases.open_deals`.
    win
        The probability of winning each.
    """
    count = len(deals)
    hours = hours_to_come(deals, past_cases.stages, past_cases.roles, settings)
    given = {
        "becomes_a_deal": certain(np.ones(count), "it is a deal"),
        "win": win,
        "cost_to_pursue": cost_to_pursue(hours, settings, count),
    }
    return _inputs(deals, given, past_cases, settings)


def lead_inputs(leads: pd.DataFrame, converts: Term, past_cases: PastCases, past: pd.DataFrame, settings: EconomicsSettings) -> Inputs:
    """The terms of open leads: of a deal like those of their segment and industry.

    Parameters
    ----------
    leads
        As of `cases.leads`.
    converts
        The probability that each becomes a deal.
    past
        Leads that ended, with the hours that they took.
    """
    rows = leads.assign(**dict.fromkeys(_OF_DEALS_ALONE, np.nan), unrated=False, stage=None)
    own_hours = {role: learned(ratio(past, leads, ("segment",), settings.look_alikes, role), 0.0) for role in past_cases.roles}
    own = cost_to_pursue(own_hours, settings, len(leads))
    of_deals = cost_to_pursue(hours_to_come(rows, past_cases.stages, past_cases.roles, settings), settings, len(leads))
    win = learned(ratio(past_cases.closed, leads, deal.KEYS, settings.look_alikes, "won"), 0.0, 1.0)
    terms = {"becomes_a_deal": converts, "win": win, "cost_to_pursue": own + of_deals.times(converts.value)}
    return _inputs(rows, terms, past_cases, settings)


_OF_DEALS_ALONE = (
    "price", "discount", "amount", "customised", "services_sold", "strategic_value", "goods", "services", "customisation", "third_party",
)  # fmt: skip


def _inputs(rows: pd.DataFrame, given: dict[str, Term], past_cases: PastCases, settings: EconomicsSettings) -> Inputs:
    price = deal.price(rows, past_cases.won, settings)
    listed = deal.list_price(rows)
    base = np.where(np.isnan(listed), price.value, listed)
    costs: dict[str, Term] = {kind: deal.cost(kind, rows, past_cases.won, base, settings) for kind in KINDS}
    growth = learned(ratio(past_cases.growth, rows, deal.KEYS, settings.look_alikes, "added", "before"))
    no_growth = declared(len(rows), settings.declared.yearly_expansion, "yearly_expansion", "no customer of a year or more on record")
    terms = {
        **given,
        "price": price,
        **costs,
        "acquisition_cost": acquisition_cost(rows, past_cases.acquisition, settings),
        "growth": growth.or_else(no_growth),
        "strategic_value": deal.strategic_value(rows),
    }
    curves = survival_curves(past_cases.customers, rows, deal.KEYS, settings.look_alikes)
    tenure = rows["tenure"].fillna(0.0).to_numpy(dtype=np.float64)
    return Inputs({name: terms[name] for name in MOVED}, curves, settings.declared.yearly_churn, tenure)


def stays_term(inputs: Inputs, results: Results, settings: EconomicsSettings) -> Term:
    """The chance to be a customer still at payback, as a term."""
    count = len(results.stays)
    if inputs.curves is None and inputs.yearly_churn is not None:
        return certain(results.stays, "declared: yearly_churn")
    if inputs.curves is None:
        return declared(count, None, "yearly_churn", NO_CHURN)
    months = np.minimum(results.payback_months, settings.horizon_months)
    low, high = (inputs.curves.stays(months, inputs.tenure, z) for z in (-Z, Z))
    return Term(results.stays, low, high, sourced(inputs.curves.level, inputs.curves.cases))


def economics_table(cases: pd.DataFrame, inputs: Inputs, settings: EconomicsSettings) -> pd.DataFrame:
    """A row for each case, the best first: every term with its interval and source, what follows, and what is unknown.

    Columns: those of `cases`; for each term its name, and with ``_low``, ``_high`` and ``_source``; those of `Results`, the parts of the
    expected value led by ``part_``; `expected_value` with ``_low`` and ``_high``; `unknown` and `without`, names of terms.
    """
    results = evaluate(inputs, settings)
    half, moves = spread(inputs, settings, results)
    terms = dict(inputs.terms) | {"stays": stays_term(inputs, results, settings)}
    columns = {f"{name}{end}": getattr(term, part) for name, term in terms.items() for end, part in _ENDS.items()}
    follows = ("gross_margin", "monthly_margin", "payback_months", "margin_to_payback", "margin_after", "expansion")
    columns |= {name: getattr(results, name) for name in follows}
    columns |= {f"part_{name}": part for name, part in results.parts.items()}
    columns |= {f"moves_{name}": half for name, half in moves.items()}
    value = results.expected_value
    columns |= {"expected_value": value, "expected_value_low": value - half, "expected_value_high": value + half}
    columns |= {"unknown": _names(terms, ESSENTIAL), "without": _names(terms, ADDED)}
    table = pd.concat([cases.reset_index(drop=True), pd.DataFrame(columns)], axis=1)
    return table.sort_values("expected_value", ascending=False, na_position="last", kind="stable", ignore_index=True)


_ENDS = {"": "value", "_low": "low", "_high": "high", "_source": "source"}


def _names(terms: dict[str, Term], among: tuple[str, ...]) -> np.ndarray:
    """Of each case, the names of the terms that are unknown."""
    unknown = {name: np.isnan(terms[name].value) for name in among}
    rows = zip(*unknown.values(), strict=True)
    return np.array([", ".join(name for name, is_so in zip(unknown, row, strict=True) if is_so) for row in rows], dtype=object)
