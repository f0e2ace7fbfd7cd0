"""The simulated company as a whole: repeatable, of the promised size, and with the promised nuisances."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dealml.simulate import simulate
from tests.simulate.conftest import Simulated, times


def _bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.rglob("*.*"))}


def test_same_seed_same_bytes(small: Simulated, tmp_path: Path):
    again = simulate(tmp_path, deals=600, customers=80)
    assert again == small.summary
    assert _bytes(tmp_path) == _bytes(small.folder)


def test_another_seed_another_company(small: Simulated, tmp_path: Path):
    simulate(tmp_path, deals=600, customers=80, seed=8)
    assert (tmp_path / "export" / "Opportunity.csv").read_bytes() != _bytes(small.folder)["Opportunity.csv"]


@pytest.mark.parametrize(("deals", "customers"), [(1, 1), (40, 10), (150, 400)])
def test_odd_sizes_work(tmp_path: Path, deals: int, customers: int):
    summary = simulate(tmp_path, deals=deals, customers=customers, seed=1)
    assert summary.rows["Opportunity"] == deals
    assert summary.customers >= customers


def test_size_of_the_default_company(full: Simulated):
    summary = full.summary
    assert (summary.deals, summary.customers) == (6000, 800)
    assert 400 <= summary.open_deals <= 600
    assert 0.25 <= summary.win_rate <= 0.30
    assert summary.rows["usage_weekly"] < 250_000
    assert sum(path.stat().st_size for path in full.folder.rglob("*.*")) < 60e6


def test_cycle_takes_two_to_three_months(full: Simulated):
    deals, closings = full.table("Opportunity"), full.table("OpportunityClosing")
    last = closings.assign(at=times(closings["ClosedOn"])).groupby("OpportunityNumber")["at"].max()
    cycle = last - times(deals["CreatedOn"]).set_axis(deals["OpportunityNumber"])
    assert 60 <= cycle.median() / pd.Timedelta(days=1) <= 90


def test_a_sixth_of_customers_leaves_each_year(full: Simulated):
    weeks = full.table("usage_weekly")
    customer_years = (weeks["metric"] == "api_calls").sum() / 52
    assert 0.13 <= full.summary.churned / customer_years <= 0.22


def test_most_leave_at_the_end_of_a_term(full: Simulated):
    events = full.table("SubscriptionEvent")
    events = events.assign(at=times(events["HappenedOn"]))
    start = events[events["Event"] == "Start"].set_index("AccountNumber")["at"]
    left = events[events["Event"] == "Cancellation"].set_index("AccountNumber")["at"]
    weeks = ((left - start.reindex(left.index)) / pd.Timedelta(weeks=1)).round()
    assert (weeks % 52 == 0).mean() > 0.6


def test_facts_are_recorded_late(small: Simulated):
    for name, occurred, recorded in (
        ("DecisionMilestone", "ReachedOn", "EnteredOn"),
        ("OpportunityContactRole", "ChangedOn", "EnteredOn"),
        ("Activity", "HappenedOn", "LoggedOn"),
    ):
        table = small.table(name)
        lag = (times(table[recorded]) - times(table[occurred])).dropna()
        assert (lag >= pd.Timedelta(0)).all()
        assert lag.median() < pd.Timedelta(hours=6)
        assert 0.02 < (lag > pd.Timedelta(days=1)).mean() < 0.12


def test_outcomes_are_recorded_the_same_day(small: Simulated):
    deals, closings = small.table("Opportunity"), small.table("OpportunityClosing")
    entered = closings["OpportunityNumber"].map(times(deals["EnteredOn"]).set_axis(deals["OpportunityNumber"]))
    recorded = times(closings["EnteredOn"])
    same_day = recorded.dt.date == times(closings["ClosedOn"]).dt.date
    assert (same_day | (recorded == entered)).all()


def test_nothing_is_recorded_after_the_extract(small: Simulated):
    for path in (small.folder / "export").glob("*.csv"):
        table = small.table(path.stem)
        for column in set(table) & {"EnteredOn", "LoggedOn", "loaded_at", "entered_at", "PublishedOn"}:
            assert times(table[column]).max() < pd.Timestamp("2026-01-05"), path.name


def test_children_are_recorded_after_their_deal(small: Simulated):
    deals = small.table("Opportunity")
    entered = times(deals["EnteredOn"]).set_axis(deals["OpportunityNumber"])
    for name in ("OpportunityHistory", "OpportunityClosing", "DecisionMilestone", "OpportunityContactRole", "Offer"):
        table = small.table(name)
        assert (times(table["EnteredOn"]) >= table["OpportunityNumber"].map(entered)).all(), name


def test_amounts_are_corrected(small: Simulated):
    history = small.table("OpportunityHistory")
    amounts = history[(history["Amount"] != "") & ~history["Amount"].str.contains("[^0-9.]")]
    amounts = amounts.drop_duplicates("HistoryId")
    twice = amounts[amounts.duplicated(["OpportunityNumber", "ChangedOn"], keep=False)]
    pairs = twice.groupby("OpportunityNumber")["Amount"]
    ratio = pairs.last().astype(float) / pairs.first().astype(float)
    assert len(ratio) > 5
    assert np.isin(ratio.round(2), [0.1, 10]).mean() > 0.9


def test_close_dates_are_pushed(small: Simulated):
    history = small.table("OpportunityHistory")
    dates = history[(history["CloseDate"] != "") & ~history["StageName"].str.startswith("Closed")]
    later = dates.groupby("OpportunityNumber")["CloseDate"].agg(["first", "last", "nunique"])
    assert (later["nunique"] > 1).mean() > 0.25
    assert (later["last"] >= later["first"]).all()


def test_lost_deals_are_reopened(full: Simulated):
    closings = full.table("OpportunityClosing")
    reopened = (closings["Status"] == "Reopened").sum() / (closings["Status"] == "Lost").sum()
    assert 0.02 < reopened < 0.06
    for _, group in closings.groupby("OpportunityNumber"):
        status = list(group["Status"])
        assert all(before == "Lost" for before, after in pairwise(status) if after == "Reopened")
        assert "Won" not in status[:-1]


def test_stages_also_move_back(full: Simulated):
    history = full.table("OpportunityHistory")
    place = history["StageName"].map({"Discovery": 1, "Evaluation": 2, "Proposal": 3, "Negotiation": 4}).dropna()
    step = place.groupby(history["OpportunityNumber"]).diff()
    assert 0.01 < (step < 0).sum() / step.notna().sum() < 0.2


def test_owners_are_renamed_on_all_their_deals(small: Simulated):
    history = small.table("OpportunityHistory")
    renamed = history[(history["OwnerName"] == "Anna Nowak-Lis") & (history["StageName"] == "")]
    assert renamed["ChangedOn"].nunique() == 1
    assert renamed["OpportunityNumber"].nunique() > 3
    after = history[history["ChangedOn"] > renamed["ChangedOn"].iloc[0]]
    assert "Anna Nowak" not in set(after["OwnerName"])


def test_names_come_in_four_languages(small: Simulated):
    for name, column in (("Account", "AccountName"), ("OpportunityHistory", "OpportunityName")):
        text = " ".join(small.table(name)[column])
        for letters in ("łżęą", "čćđ", "אבגש", "AHRB"):
            assert any(letter in text for letter in letters), (name, letters)


def test_one_name_is_hostile(small: Simulated):
    names = small.table("OpportunityHistory")["OpportunityName"]
    assert names[names.str.contains("<script>alert(1)</script>", regex=False)].nunique() == 1


def test_money_is_in_three_currencies(small: Simulated):
    share = small.table("Account")["BillingCurrency"].value_counts(normalize=True)
    assert set(share.index) == {"EUR", "PLN", "USD"}
    assert share["EUR"] > 0.5
    rates = small.table("ExchangeRate")
    assert (rates[rates["Currency"] == "EUR"]["RateToEur"].astype(float) == 1).all()


def test_progress_says_more_than_activity(full: Simulated):
    deals, closings = full.table("Opportunity"), full.table("OpportunityClosing")
    moment = (times(deals["EnteredOn"]) + pd.Timedelta(days=28)).set_axis(deals["OpportunityNumber"])
    status = closings.drop_duplicates("OpportunityNumber", keep="last").set_index("OpportunityNumber")
    closed = status[times(status["EnteredOn"]) > moment.reindex(status.index)]
    won = (closed["Status"] == "Won").astype(float)

    def until(name: str, clock: str) -> pd.Series:
        table = full.table(name)
        known = times(table[clock]) < table["OpportunityNumber"].map(moment)
        return known.groupby(table["OpportunityNumber"]).sum().reindex(won.index).fillna(0).rank()

    progress = until("DecisionMilestone", "EnteredOn").corr(won)
    activity = until("Activity", "LoggedOn").corr(won)
    assert progress > activity + 0.1
    assert -0.1 < activity < 0.2
