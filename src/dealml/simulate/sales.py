"""The sales side of the export: opportunities and all that hangs on them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dealml.simulate.accounts import Accounts
from dealml.simulate.activities import activity_rows
from dealml.simulate.clock import END, Array
from dealml.simulate.company import Deals
from dealml.simulate.history import history_rows
from dealml.simulate.lives import DealLifecycles
from dealml.simulate.money import from_eur, written
from dealml.simulate.names import OWNERS, deal_names, person_names
from dealml.simulate.offers import offer_rows
from dealml.simulate.paths import Paths
from dealml.simulate.progress import PEOPLE, milestone_rows, stakeholder_rows

TEAMS = ("North", "South", "Partners", "Key accounts")

_TITLES = ("Head of Analytics", "Finance Director", "Chief Operating Officer", "Planner", "IT Architect")
_LEVELS = (2, 3, 4, 1, 2)
_LOSSES = {"Price": 0.25, "No decision": 0.35, "Competitor": 0.25, "Timing": 0.15}
_WINS = {"Fit": 0.45, "Relationship": 0.25, "Price": 0.15, "Speed": 0.15}
_NEXT_STEPS = ("Call back", "Send proposal", "Workshop", "Wait for budget", "")


def sales_tables(
    rng: np.random.Generator, deals: Deals, paths: Paths, lives: DealLifecycles, accounts: Accounts, account: Array
) -> dict[str, pd.DataFrame]:
    """The tables of the sales side by file name; `account` is the number of each deal's account."""
    behind = accounts.table.iloc[account]
    currency = behind["BillingCurrency"].to_numpy()
    names = deal_names(rng, behind["CountryCode"].to_numpy(), behind["AccountName"].to_numpy())
    owner = rng.integers(0, len(OWNERS), len(deals))
    tables = {
        "Opportunity": _opportunities(rng, deals, lives, currency, behind),
        "OpportunityHistory": history_rows(rng, deals, paths, lives, currency, names, owner),
        "OpportunityClosing": _closings(rng, deals, lives),
        "DecisionMilestone": milestone_rows(rng, deals, paths, lives),
        "OpportunityContactRole": stakeholder_rows(rng, deals, paths, lives),
        "Activity": activity_rows(rng, paths, lives, owner),
        "Offer": offer_rows(rng, deals, paths, lives, currency),
    }
    tables["Offer"]["OfferNumber"] = [f"Q{deal + 1:06d}" for deal in tables["Offer"]["deal"]]
    return {name: _with_numbers(table, account) for name, table in tables.items()}


def contact_rows(rng: np.random.Generator, accounts: Accounts) -> pd.DataFrame:
    """Five people of each account, one a role, entered soon after it."""
    account = np.repeat(np.arange(len(accounts.table)), len(PEOPLE))
    person = np.tile(np.arange(len(PEOPLE)), len(accounts.table))
    entered = accounts.table["occurred"].to_numpy()[account]
    return pd.DataFrame(
        {
            "account": account,
            "ContactNumber": _contact_numbers(account, person),
            "FullName": person_names(rng, accounts.table["CountryCode"].to_numpy()[account]),
            "JobTitle": np.array(_TITLES, dtype=object)[person],
            "Seniority": np.array(_LEVELS)[person],
            "occurred": entered,
            "recorded": entered,
        }
    )


def _opportunities(rng: np.random.Generator, deals: Deals, lives: DealLifecycles, currency: Array, behind: pd.DataFrame) -> pd.DataFrame:
    """One row a deal: what was known from the start, and columns that only hindsight fills."""
    count = len(deals)
    closed = lives.end < END
    lost, won = _choice(rng, _LOSSES, count), _choice(rng, _WINS, count)
    final = from_eur(deals.amount_eur, currency) * np.where(lives.won, rng.uniform(0.8, 1.0, count), np.nan)
    return pd.DataFrame(
        {
            "deal": np.arange(count),
            "DealKind": deals.deal_type,
            "SizeClass": deals.segment,
            "Industry": deals.industry,
            "CountryCode": behind["CountryCode"].to_numpy(),
            "BusinessProblem": deals.problem,
            "TriggerEvent": deals.trigger,
            "LeadSource": deals.source,
            "Team": np.array(TEAMS, dtype=object)[rng.integers(0, len(TEAMS), count)],
            "NextStep": np.array(_NEXT_STEPS, dtype=object)[rng.integers(0, len(_NEXT_STEPS), count)],
            "CloseReason": np.where(closed, np.where(lives.won, won, lost), ""),
            "FinalAmount": written(np.round(final, -1)),
            "occurred": lives.created,
            "recorded": lives.entered,
        }
    )


def _closings(rng: np.random.Generator, deals: Deals, lives: DealLifecycles) -> pd.DataFrame:
    rows = lives.closings.rename(columns={"status": "Status"})
    reason = np.where(rows["Status"] == "Won", _choice(rng, _WINS, len(rows)), _choice(rng, _LOSSES, len(rows)))
    rival = deals.competitor[rows["deal"]]
    beaten = (reason == "Competitor") & (rows["Status"] == "Lost") & (rival != "No competitor")
    return rows.assign(Reason=np.where(rows["Status"] == "Reopened", "", reason), WinningVendor=np.where(beaten, rival, ""))


def _with_numbers(table: pd.DataFrame, account: Array) -> pd.DataFrame:
    """The same rows in order of recording, with the CRM's own numbers."""
    table = table.sort_values(["recorded", "occurred", "deal"], kind="stable", ignore_index=True)
    deal = table["deal"].to_numpy(int)
    table["OpportunityNumber"] = [f"D{number + 1:06d}" for number in deal.tolist()]
    table["account"] = account[deal]
    table["number"] = np.arange(1, len(table) + 1)
    if "person" in table:
        table["ContactNumber"] = _contact_numbers(table["account"].to_numpy(), table["person"].to_numpy(int))
    return table


def _contact_numbers(account: Array, person: Array) -> Array:
    pairs = zip(account.tolist(), person.tolist(), strict=True)
    return np.array([f"C{number + 1:05d}-{role + 1}" for number, role in pairs], dtype=object)


def _choice(rng: np.random.Generator, shares: dict[str, float], count: int) -> Array:
    return np.array(list(shares), dtype=object)[rng.choice(len(shares), count, p=list(shares.values()))]
