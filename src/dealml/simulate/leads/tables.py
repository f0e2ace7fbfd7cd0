"""The files of leads, and the truth of each: its events, the history of its fields, and its touches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from dealml.simulate.clock import Array, Times, same_day_delay
from dealml.simulate.leads.candidates import Leads, deals_ahead, leads_of
from dealml.simulate.leads.chain import lead_chain
from dealml.simulate.leads.clocks import created_moments, event_moments, noted_by_machine
from dealml.simulate.leads.points import point_rows
from dealml.simulate.leads.touches import touch_rows
from dealml.simulate.leads.truth import truth_table
from dealml.simulate.names import OWNERS

STREAM = 2
"""Leads are drawn from a stream of their own, so that the rest of a company stays what it was without them."""

STATUS = {"qualified": "Qualified", "disqualified": "Disqualified", "recycled": "Recycled"}
UNKNOWN = 0.25
"""Share of leads whose headcount is looked up only when they are qualified."""


@dataclass(frozen=True)
class LeadTables:
    """The files by name, and the truth."""

    tables: dict[str, pd.DataFrame]
    truth: pa.Table

    @property
    def calls(self) -> pd.DataFrame:
        """Our calls to leads."""
        touches = self.tables["LeadActivity"]
        return touches[touches["Kind"] == "Call"]


def lead_tables(rng: np.random.Generator, deals: pd.DataFrame) -> LeadTables:
    """The leads of a company.

    Parameters
    ----------
    deals
        One row a deal, in order of the deals' numbers: `deal`, `is_new`, `created_day`, `created` and `entered` (moments), `LeadSource`,
        `SizeClass`, `Industry`, `CountryCode`, `Team`, `AccountNumber`.
    """
    wanted = deals_ahead(rng, deals)
    chain = lead_chain()
    leads = _in_order(rng, leads_of(rng, wanted, chain))
    deal_columns = ["deal", "CountryCode", "Team", "AccountNumber", "created", "entered"]
    who = leads.who.join(wanted[deal_columns].rename(columns={"created": "created_deal"}), on="wanted")
    moments = event_moments(rng, leads.walks.events, who["created_day"].to_numpy(), _clock(who["created"]))
    touches = touch_rows(rng, leads, moments)
    noted = noted_by_machine(rng, _clock(who["created"]))
    events = _status_rows(rng, who, leads, moments, noted)
    owner = np.array(OWNERS, dtype=object)[rng.integers(0, len(OWNERS), len(who))]
    history = _history_rows(rng, who.assign(Owner=owner), events, point_rows(who, touches, who["created"]), noted)
    tables = {"LeadEvent": events, "LeadHistory": history, "LeadActivity": touches.assign(DoneBy=_doers(touches, owner))}
    return LeadTables({name: _written(table, noted) for name, table in tables.items()}, truth_table(leads, chain))


def _in_order(rng: np.random.Generator, leads: Leads) -> Leads:
    """The leads in order of their creation, with its moment."""
    created = created_moments(rng, leads.who["created_day"].to_numpy())
    return leads.taken(np.argsort(created, kind="stable"), created)


def _status_rows(rng: np.random.Generator, who: pd.DataFrame, leads: Leads, moments: Times, noted: Times) -> pd.DataFrame:
    events = leads.walks.events.assign(occurred=moments)
    events = events[events["what"].isin(list(STATUS))]
    moved = events[["lead", "occurred"]].assign(Status=events["what"].map(STATUS))
    moved["recorded"] = moved["occurred"] + same_day_delay(rng, len(moved))
    created = pd.DataFrame({"lead": np.arange(len(who)), "Status": "Created", "occurred": who["created"], "recorded": noted})
    became = np.flatnonzero((leads.walks.converted >= 0) & (who["deal"] >= 0).to_numpy())
    deal = who.iloc[became]
    converted = pd.DataFrame({
        "lead": became, "Status": "Converted", "occurred": deal["created_deal"].to_numpy(), "recorded": deal["entered"].to_numpy(),
        "OpportunityNumber": [f"D{number + 1:06d}" for number in deal["deal"]], "AccountNumber": deal["AccountNumber"].to_numpy(),
    })  # fmt: skip
    rows = pd.concat([created, moved, converted], ignore_index=True)
    return rows.join(who[["LeadSource", "SizeClass", "Team"]], on="lead")


def _history_rows(rng: np.random.Generator, who: pd.DataFrame, events: pd.DataFrame, points: pd.DataFrame, noted: Times) -> pd.DataFrame:
    """The fields as they came with the lead, a headcount that was looked up, and the points."""
    number = who["Headcount"].map("{:.0f}".format)
    unknown = rng.random(len(who)) < UNKNOWN
    first = who[["Industry", "CountryCode", "Seniority", "JobFunction", "LeadSource", "Campaign", "Owner"]].assign(
        lead=np.arange(len(who)), Employees=number.where(~unknown), EmailDomain=_domains(who), occurred=who["created"], recorded=noted
    )
    first["JobTitle"] = who["Seniority"] + ", " + who["JobFunction"]
    looked_up = events[(events["Status"] == "Qualified") & unknown[events["lead"]]].drop_duplicates("lead")
    looked_up = looked_up[["lead", "occurred", "recorded"]].assign(Employees=number.to_numpy()[looked_up["lead"]])
    return pd.concat([first, looked_up, points.assign(Points=points["Points"].map("{:.0f}".format))], ignore_index=True)


def _domains(who: pd.DataFrame) -> Array:
    own = np.array([f"company{number:06d}.example" for number in range(1, len(who) + 1)], dtype=object)
    return np.where(who["FreeMail"] != "", who["FreeMail"], own)


def _doers(touches: pd.DataFrame, owner: Array) -> Array:
    """The owner of the lead for what we did."""
    return np.where(touches["Direction"] == "Outbound", owner[touches["lead"]], "")


def _written(rows: pd.DataFrame, noted: Times) -> pd.DataFrame:
    """Rows with the lead's number, in order of recording; nothing is recorded before its lead is."""
    rows = rows.assign(recorded=np.maximum(_clock(rows["recorded"]), noted[rows["lead"]]))
    rows = rows.sort_values(["recorded", "lead", "occurred"], kind="stable", ignore_index=True)
    return rows.assign(LeadNumber=rows["lead"].map(lambda place: f"L{place + 1:06d}"), number=np.arange(1, len(rows) + 1))


def _clock(times: pd.Series) -> Times:
    return times.to_numpy("datetime64[s]")
