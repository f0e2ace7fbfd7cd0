"""What leads turned out to be worth: the customers and the money that came of them, to compare two ways to rank them by."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.evaluation.head_to_head.compare import HeadToHead
from dealml.evaluation.metrics.bootstrap import Interval
from dealml.evaluation.report.amounts import Amounts
from dealml.forecast.record import Record
from dealml.jobs.scoring.requirements import first_deal_model
from dealml.learning.training_rows import TrainingRows
from dealml.learning.view import View
from dealml.load_definitions import load_model
from dealml.project import Project


@dataclass(frozen=True, eq=False)
class Worth:
    """What the rows of a comparison are worth."""

    money: Amounts | None
    """None where there is none; of a lead the amount of its deal, if that was won by the end of the data."""
    customers: Amounts | None = None
    """Of leads: 1 where the deal was won by the end of the data, else 0."""


@dataclass(frozen=True)
class LeadCustomers:
    """Of the customers that leads became by the end of the data, the shares on either list, and how many there were."""

    model: Interval
    baseline: Interval
    ahead: Interval
    count: int

    @classmethod
    def of(cls, compared: HeadToHead) -> LeadCustomers:
        """Those of a comparison whose money is 1 for each customer."""
        return cls(compared.model.money, compared.baseline.money, compared.money, round(compared.money_won))


def lead_worth(project: Project, view: View, rows: TrainingRows) -> Worth | None:
    """The worth of leads as it is known at the view's end; None where the ledger has no deals.

    Parameters
    ----------
    view
        Of leads.
    rows
        Rows of the view.
    """
    if not {"deals", "outcomes"} <= set(view.tables):
        return None
    currency = project.settings.company.currency
    deals = View.of(project.ledger, load_model(project.folder, first_deal_model(project)), view.end, project.query_settings)
    wins = Record.of(deals, currency).wins
    standing = wins[wins["undone_at"].isna()].groupby("deal_id")["money"].max()
    leads = view.tables["leads"]
    converted = view.con.to_pyarrow(leads.filter(leads.deal_id.notnull()).select("lead_id", "deal_id").distinct()).to_pandas()
    won = converted[converted["deal_id"].isin(standing.index)]
    money = won.assign(money=won["deal_id"].map(standing)).groupby("lead_id")["money"].sum(min_count=1)
    customer = np.isin(rows.entities, won["lead_id"]).astype(np.float64)
    amounts = _of_rows(money, rows)
    return Worth(None if np.isnan(amounts).all() else Amounts(amounts, currency), Amounts(customer, ""))


def _of_rows(of_leads: pd.Series[float], rows: TrainingRows) -> npt.NDArray[np.float64]:
    return np.asarray(of_leads.reindex(pd.Index(rows.entities)), dtype=np.float64)
