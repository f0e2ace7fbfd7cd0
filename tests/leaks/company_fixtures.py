"""A made company's rows with one more column, and what the searches say of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd

from benchmarks.weekly_deals import MAIN, Company
from dealml.leaks.findings import Finding
from dealml.leaks.inspection_sample import InspectionSample
from dealml.leaks.searches.searcher import Searcher

Values = Callable[[pd.DataFrame], "pd.Series | np.ndarray"]


def deals_of(company: Company) -> pd.DataFrame:
    """One row for each deal: whether it is open at the end, and whether it was won."""
    looks = pd.concat([company.rows.snapshots, company.serving], ignore_index=True)
    deals = looks.groupby("deal_id").agg(since=("since", "min"), won=("event_at", lambda moments: moments.notna().any()))
    return deals.assign(open=deals.index.isin(company.serving["deal_id"]), lot=np.random.default_rng(3).random(len(deals)))


def with_column(company: Company, name: str, values: Values) -> Company:
    """The company with a column that a function makes of its snapshots joined with `deals_of`."""
    deals = deals_of(company).drop(columns="since")
    snapshots, serving = (_assigned(table, name, values, deals) for table in (company.rows.snapshots, company.serving))
    return Company(replace(company.rows, snapshots=snapshots), serving, (*company.features, name))


def _assigned(table: pd.DataFrame, name: str, values: Values, deals: pd.DataFrame) -> pd.DataFrame:
    return table.assign(**{name: pd.Series(values(table.join(deals, on="deal_id")), index=table.index)})


def searched(company: Company, name: str) -> list[Finding]:
    """What the searches over single features say of one."""
    material = InspectionSample.of(company.rows, company.serving, [name], MAIN)
    return Searcher.of(material).findings(material.column(name))


def found(company: Company, name: str, values: Values) -> dict[str, str]:
    """The searches that come upon a planted column, with their reasons."""
    return {finding.search: finding.reason for finding in searched(with_column(company, name, values), name)}
