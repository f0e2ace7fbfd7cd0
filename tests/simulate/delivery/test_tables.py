"""Files of deliveries name deals, offers and accounts that are there."""

from __future__ import annotations

from tests.simulate.conftest import Simulated


def test_every_row_is_of_something_that_is_there(small: Simulated) -> None:
    deals, accounts = set(small.table("Opportunity")["OpportunityNumber"]), set(small.table("Account")["AccountNumber"])
    for name in ("DealCost", "Approval", "Delivery", "StrategicValue"):
        assert set(small.table(name)["OpportunityNumber"]) <= deals, name
    for name in ("DealCost", "CompanyProfile", "WinLossInterview"):
        assert set(small.table(name)["AccountNumber"]) <= accounts, name
