"""Real B2B opportunities (Friofrio) as the form that creates one shows them: the attributes as features, and a mapping that dates them.

The example's mapping holds back what may have been edited before the close. Here a row stands for an opportunity at its creation, so those
attributes count as chosen then, for every contender alike. What only the outcome tells stays out: prices and amounts as they were in the
end, dates of delivery, approvals, who changed the row last. So does the opportunity's owner, since ranking people is not the purpose.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import yaml

from benchmarks.common import ROOT
from dealml import per


def mapping_at_creation(folder: Path) -> Path:
    """The example's mapping with `known: created` on every attribute whose time it leaves open, written into a folder."""
    mapping = yaml.safe_load((ROOT / "examples" / "friofrio" / "mapping.yaml").read_text(encoding="utf-8"))
    for extract in mapping["extracts"]:
        for name, declared in extract.get("attributes", {}).items():
            given = declared if isinstance(declared, dict) else {"column": declared}
            extract["attributes"][name] = {"known": "created"} | given
    path = folder / "friofrio.yaml"
    path.write_text(yaml.safe_dump(mapping, sort_keys=False, allow_unicode=True), encoding="utf-8")
    return path


def opportunities(source: Path) -> pd.DataFrame:
    """Deals by creation with how they ended, but for those that the file has closed on the day of their creation."""
    columns = {"Opportunity_ID": "deal_id", "Account_Name": "account_id", "Opportunity_Created_Date": "created", "Stage": "won"}
    deals = pd.read_csv(source / "opportunities.csv", dtype=str, usecols=[*columns, "Last_Modified_Date"]).rename(columns=columns)
    deals["created"] = pd.to_datetime(deals["created"], utc=True)
    deals["won"] = (deals["won"] == "Closed Won").astype(float)
    open_then = pd.to_datetime(deals["Last_Modified_Date"], utc=True) > deals["created"]
    return deals[open_then].sort_values(["created", "deal_id"], ignore_index=True)


def _text(change, field):
    return change.latest(change.text, where=change.field == field)


@per("deal_id", "deal_changes")
def region(change):
    """Region of the buyer."""
    return _text(change, "region")


@per("deal_id", "deal_changes")
def territory(change):
    """Sales territory of the buyer."""
    return _text(change, "territory")


@per("deal_id", "deal_changes")
def account_type(change):
    """Type of the account."""
    return _text(change, "account_type")


@per("deal_id", "deal_changes")
def product_family(change):
    """Family of the main product."""
    return _text(change, "product_family")


@per("deal_id", "deal_changes")
def product(change):
    """Main product."""
    return _text(change, "product")


@per("deal_id", "deal_changes", unit="items")
def items(change):
    """Items in the opportunity."""
    return change.latest(change.number, where=change.field == "items")


@per("deal_id", "deal_changes")
def quote_type(change):
    """Whether the quote is binding."""
    return _text(change, "quote_type")


@per("deal_id", "deal_changes")
def delivery_terms(change):
    """Terms on which goods are handed over."""
    return _text(change, "delivery_terms")


@per("deal_id", "deal_changes")
def bureaucratic_code(change):
    """Code of the formalities that the deal needs."""
    return _text(change, "bureaucratic_code")


FEATURES = (region, territory, account_type, product_family, product, items, quote_type, delivery_terms, bureaucratic_code)
