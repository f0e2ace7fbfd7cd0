"""Values that tell when an entity is settled."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.weekly_deals import Company
from tests.leaks.company_fixtures import found

NIGHT = pd.Timestamp("2024-06-10", tz="UTC")


def last_look(company: Company) -> pd.Series:
    return company.rows.snapshots.groupby("deal_id")["as_of"].max()


def test_days_until_the_last_modification_are_found(deals: Company) -> None:
    last = last_look(deals)
    reasons = found(deals, "last_modified", lambda looks: (looks["deal_id"].map(last) - looks["as_of"]).dt.days + 7 * looks["lot"])
    assert "how long entities lived" in reasons["moment"]


def test_an_expected_date_that_never_moves_is_honest(deals: Company) -> None:
    def expected(looks: pd.DataFrame) -> pd.Series:
        return (looks["since"] - looks["as_of"]).dt.total_seconds() / 86_400 + 30 + 90 * looks["lot"]

    assert not found(deals, "days_to_close_expected", expected)


def test_who_tidied_up_is_found(deals: Company) -> None:
    """As friofrio's last modifier: one person closed hundreds of deals in a night, and stands on them from their first day."""
    last = last_look(deals)
    tidied = last.index[(last >= NIGHT) & (last < NIGHT + pd.Timedelta(days=70))]
    table = deals.rows.snapshots
    kept = table[~(table["deal_id"].isin(tidied) & (table["as_of"] > NIGHT))].index
    place = np.isin(deals.rows.snapshot_index, kept)
    rows = deals.rows.keep(place)
    renumbered = pd.Series(np.arange(len(kept)), index=kept)
    company = Company(
        type(rows)(
            table.loc[kept].reset_index(drop=True), renumbered[rows.snapshot_index].to_numpy(), rows.horizon, rows.label, rows.entity
        ),
        deals.serving,
        deals.features,
    )
    reasons = found(
        company, "modified_by", lambda looks: np.where(looks["deal_id"].isin(tidied), "admin", np.where(looks["lot"] < 0.5, "Ann", "Bob"))
    )
    assert "'admin' tells when entities are settled" in reasons["moment"]
    team = found(company, "team", lambda looks: np.where(looks["lot"] < np.where(looks["deal_id"].isin(tidied), 0.7, 0.3), "East", "West"))
    assert "moment" not in team
