"""What leads became worth, by numbers from hand."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dealml.jobs.modelling.lead_worth import lead_worth
from dealml.learning.training_rows import TrainingRows
from dealml.learning.view import View
from dealml.load_definitions import load_model
from dealml.project import Project
from tests.ledger_fixtures import ledger_of

ROOT = Path(__file__).parents[3]
MONDAY = datetime(2025, 3, 3, tzinfo=UTC)
Row = dict[str, Any]


def day(number: int) -> Row:
    return {"occurred_at": MONDAY + timedelta(days=number), "recorded_at": MONDAY + timedelta(days=number)}


def facts() -> dict[str, list[Row]]:
    """L1 became a deal that was won with 100, L2 one that was won and reopened, L3 one that was lost, L4 nothing, L5 no amount."""
    deals = {"D1": "L1", "D2": "L2", "D3": "L3", "D5": "L5"}
    leads = [{"lead_id": f"L{number}", "event": "created"} | day(-9) for number in range(1, 6)]
    leads += [{"lead_id": lead, "event": "converted", "deal_id": deal} | day(20) for deal, lead in deals.items()]
    amounts = [{"deal_id": deal, "field": "amount", "amount": Decimal(100)} | day(20) for deal in ("D1", "D2", "D3")]
    ends = [("D1", "won", 30), ("D2", "won", 30), ("D2", "reopened", 40), ("D3", "lost", 30), ("D5", "won", 31)]
    return {
        "leads": leads,
        "deals": [{"deal_id": deal} | day(20) for deal in deals],
        "deal_changes": amounts,
        "outcomes": [{"deal_id": deal, "outcome": outcome} | day(at) for deal, outcome, at in ends],
    }


def worth_of(folder: Path, told: dict[str, list[Row]]) -> tuple[TrainingRows, Any]:
    for name in ("features", "models"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / "dealml.toml").write_text("", encoding="utf-8")
    ledger_of(folder / "ledger", told)
    project = Project(folder)
    view = View.of(project.ledger, load_model(folder, "lead_conversion"), MONDAY + timedelta(days=60), project.query_settings)
    rows = view.labelled(view.history())
    return rows, lead_worth(project, view, rows)


def test_customers_are_leads_whose_deal_stands_as_won(tmp_path: Path) -> None:
    rows, worth = worth_of(tmp_path, facts())
    assert {str(lead) for lead in rows.entities[worth.customers.values == 1]} == {"L1", "L5"}
    assert {str(lead) for lead in rows.entities} == {"L1", "L2", "L3", "L4", "L5"}
    assert worth.money.values[rows.entities == "L1"] == pytest.approx(100.0)
    assert np.isnan(worth.money.values[rows.entities != "L1"]).all()


def test_without_deals_nothing_is_known_of_customers(tmp_path: Path) -> None:
    assert worth_of(tmp_path, {"leads": facts()["leads"]})[1] is None


def test_without_amounts_there_is_no_money(tmp_path: Path) -> None:
    _, worth = worth_of(tmp_path, {name: rows for name, rows in facts().items() if name != "deal_changes"})
    assert worth.money is None
    assert worth.customers.values.sum() > 0
