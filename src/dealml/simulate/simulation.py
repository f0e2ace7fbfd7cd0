"""The whole simulation: draw the company, follow its deals and customers, write the export and the truth."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from dealml.simulate.accounts import accounts as meet_accounts
from dealml.simulate.accounts import deal_accounts
from dealml.simulate.assessments import STREAM, assessment_rows
from dealml.simulate.clock import WEEKS, Array, delay
from dealml.simulate.company import Deals, meet_deals
from dealml.simulate.customers import Customers, first_seats, subscribe, with_won_deals
from dealml.simulate.delivery import truth as deal_truths
from dealml.simulate.delivery.effort import effort_truth
from dealml.simulate.delivery.tables import delivery_tables
from dealml.simulate.export import as_exported
from dealml.simulate.faults import spoil
from dealml.simulate.health import health
from dealml.simulate.lives import DealLifecycles
from dealml.simulate.lives import lives as put_on_clock
from dealml.simulate.money import published_rates, written
from dealml.simulate.office import leads_of_company, office_tables
from dealml.simulate.paths import Paths, walk
from dealml.simulate.process import Chain, chain
from dealml.simulate.sales import contact_rows, sales_tables
from dealml.simulate.truth import truth_table
from dealml.simulate.usage import survey_rows, ticket_rows, usage_rows


@dataclass(frozen=True)
class Summary:
    """What a simulation wrote.

    `open_deals` are those open when the extract was taken; `win_rate` is the share
    of won among closed deals; `rows` counts the rows of each file, by its name.
    """

    deals: int
    open_deals: int
    win_rate: float
    customers: int
    churned: int
    truth_rows: int
    rows: dict[str, int] = field(default_factory=dict)


def simulate(folder: Path, deals: int = 6000, customers: int = 800, seed: int = 7) -> Summary:
    """Write three years of a B2B SaaS company's CRM, as an export, and the truth behind it.

    Parameters
    ----------
    folder
        Gets `export/*.csv`, and `truth/truth.parquet` with the true probability
        of each open deal (`deal_id`, `as_of`, `horizon_days`, `probability`);
        `leads.parquet` has those of open leads (`lead_id`), `deals.parquet` each
        deal's planted scenarios, margin and chance to stay, `effort.parquet` the
        hours still to come on each Monday.
    deals
        Deals created over the three years before 2026-01-05.
    customers
        Accounts that were customers at some time; more if the deals win more.
    seed
        The same seed writes the same bytes.

    Returns
    -------
    Summary
        Counts of what was written.
    """
    rng = np.random.default_rng(seed)
    company, rules = meet_deals(rng, deals), chain()
    paths = walk(rng, company, rules)
    lives = put_on_clock(rng, company, paths)
    accounts = meet_accounts(rng, company, lives, customers)
    seats = first_seats(rng, accounts)
    fare = health(rng, seats)
    subscribed = subscribe(rng, accounts, seats, fare)
    account = deal_accounts(rng, company, lives, accounts, subscribed.from_, subscribed.to)
    tables = sales_tables(rng, company, paths, lives, accounts, account)
    won = np.flatnonzero(lives.won)
    events = with_won_deals(rng, accounts, subscribed, account[won], lives.end[won])
    tables |= {
        "Account": accounts.table,
        "Contact": contact_rows(rng, accounts),
        "SubscriptionEvent": _subscription_rows(rng, events),
        "usage_weekly": usage_rows(rng, subscribed, fare, seats),
        "survey_response": survey_rows(rng, subscribed, fare),
        "ticket_event": ticket_rows(rng, subscribed, fare),
        "ExchangeRate": published_rates(rng),
    }
    numbers = accounts.table["AccountNumber"].to_numpy()
    exported = {name: as_exported(name, table, numbers) for name, table in tables.items()}
    spoil(rng, exported)
    leads = leads_of_company(seed, company, lives, tables)
    office = {
        "OpportunityAssessment": assessment_rows(
            np.random.default_rng([seed, STREAM]), company, paths, lives, rules, tables["OpportunityHistory"]
        ),
        **leads.tables,
        **office_tables(seed, company, lives, tables, accounts.table["BillingCurrency"].to_numpy()),
        **delivery_tables(seed, company, paths, lives, account, tables, leads.calls),
    }
    exported |= {name: as_exported(name, table, numbers) for name, table in office.items()}
    truths = _truths(seed, company, paths, lives, rules, tables, account)
    _write(folder, exported, truths | {"leads": leads.truth})
    return _summary(paths, lives, subscribed, truths["truth"].num_rows, exported)


def _truths(
    seed: int, deals: Deals, paths: Paths, lives: DealLifecycles, rules: Chain, tables: dict[str, pd.DataFrame], account: Array
) -> dict[str, pa.Table]:
    """The truths of deals by file name."""
    deal_ids = np.array([f"D{number:06d}" for number in range(1, len(deals) + 1)], dtype=object)
    currency = tables["Account"]["BillingCurrency"].to_numpy()[account]
    rng = np.random.default_rng([seed, deal_truths.STREAM])
    return {
        "truth": truth_table(deals, paths, deal_ids, lives.entered, rules),
        "deals": deal_truths.deal_truth(rng, deals, deal_ids, tables["Offer"], currency),
        "effort": effort_truth(deals, paths, deal_ids, rules),
    }


def _summary(paths: Paths, lives: DealLifecycles, subscribed: Customers, truth_rows: int, exported: dict[str, pd.DataFrame]) -> Summary:
    ended = lives.closings["status"].isin(["Won", "Lost"]).sum() - (lives.closings["status"] == "Reopened").sum()
    return Summary(
        deals=len(lives.won),
        open_deals=int((paths.seen_week == WEEKS).sum()),
        win_rate=float(lives.won.sum() / max(ended, 1)),
        customers=int((subscribed.since < WEEKS).sum()),
        churned=int((subscribed.until < WEEKS).sum()),
        truth_rows=truth_rows,
        rows={name: len(table) for name, table in sorted(exported.items())},
    )


def _subscription_rows(rng: np.random.Generator, events: pd.DataFrame) -> pd.DataFrame:
    rows = events.assign(
        SubscriptionNumber=[f"S{number + 1:05d}" for number in events["account"]],
        Arr=written(events["Arr"].to_numpy()),
        recorded=events["occurred"] + delay(rng, len(events), late=0.02),
    )
    return rows.sort_values(["recorded", "account"], kind="stable")


def _write(folder: Path, exported: dict[str, pd.DataFrame], truths: dict[str, pa.Table]) -> None:
    for part in ("export", "truth"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    for name, table in exported.items():
        table.to_csv(folder / "export" / f"{name}.csv", index=False, lineterminator="\n", encoding="utf-8")
    for name, truth in truths.items():
        pq.write_table(truth, folder / "truth" / f"{name}.parquet")
