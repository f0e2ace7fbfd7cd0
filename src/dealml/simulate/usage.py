"""The records that customers leave: weekly use per product metric, surveys and tickets."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dealml.simulate.clock import WEEKS, Array, days, delay, week_start
from dealml.simulate.customers import Customers
from dealml.simulate.health import METRICS, Health


def usage_rows(rng: np.random.Generator, customers: Customers, fare: Health, seats: Array) -> pd.DataFrame:
    """One row per customer, week and metric, at the week's end, recorded that night or days later."""
    week = np.arange(WEEKS)[None, :]
    account, week = np.nonzero((customers.since[:, None] <= week) & (week < customers.until[:, None]))
    use = fare.use[account, week] * seats[account]
    tables = []
    for metric, typical in METRICS.items():
        noise = np.exp(rng.normal(0, 0.15, len(account)))
        users = np.minimum(seats[account], np.rint(use * noise**0.5 * 0.8))
        tables.append(
            pd.DataFrame({"account": account, "Metric": metric, "Quantity": np.rint(use * typical * noise).astype(int)}).assign(
                Users=np.maximum(users, 0).astype(int), week=week
            )
        )
    rows = pd.concat(tables, ignore_index=True).sort_values(["week", "account", "Metric"], ignore_index=True)
    rows["occurred"] = week_start(rows["week"].to_numpy() + 1) - days(np.array(0.25))
    rows["recorded"] = rows["occurred"] + delay(rng, len(rows), late=0.02)
    return rows


def survey_rows(rng: np.random.Generator, customers: Customers, fare: Health) -> pd.DataFrame:
    """Answers given while a customer, recorded within hours, some days later."""
    rows = _while_customer(fare.surveys, customers, "occurred")
    return rows.assign(recorded=rows["occurred"] + delay(rng, len(rows)))


def ticket_rows(rng: np.random.Generator, customers: Customers, fare: Health) -> pd.DataFrame:
    """Opened, escalated and resolved: one row each, recorded by the help desk at once."""
    tickets = _while_customer(fare.tickets, customers, "opened")
    tickets["TicketNumber"] = [f"T{number:06d}" for number in range(1, len(tickets) + 1)]
    escalated = tickets[(tickets["severity"] >= 3) & (rng.random(len(tickets)) < 0.3)]
    parts = []
    for status, part, share in (("Opened", tickets, 0.0), ("Escalated", escalated, 0.4), ("Resolved", tickets, 1.0)):
        hours = np.round(part["hours"].to_numpy() * share, 1)
        parts.append(part.assign(Status=status, Hours=hours, occurred=part["opened"] + days(hours / 24)))
    rows = pd.concat(parts, ignore_index=True).rename(columns={"severity": "Severity"})
    return rows.assign(recorded=rows["occurred"] + days(np.full(len(rows), 0.001)))


def _while_customer(rows: pd.DataFrame, customers: Customers, clock: str) -> pd.DataFrame:
    account, moment = rows["account"].to_numpy(), rows[clock].to_numpy()
    active = (customers.from_[account] <= moment) & (moment < customers.to[account])
    return pd.DataFrame(rows[active]).sort_values([clock, "account"], ignore_index=True)
