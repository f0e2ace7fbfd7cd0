"""The table of economics: best first, unknown last, with every term's interval, source and effect."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.economics.economics_fixtures import HandMade, at, company, day, deal, hand_made, merged, subscribed


def test_unknown_values_come_last(tmp_path: Path) -> None:
    facts = merged(company(), deal("unscored", 20, amount=1_000))
    table = hand_made(tmp_path / "p", facts).report().table
    assert table["id"].tolist() == ["small", "large", "unscored"]
    assert table["unknown"].tolist() == ["", "", "win"]


def test_the_value_lies_in_its_interval_which_terms_explain(by_hand: HandMade) -> None:
    table = by_hand.report().table
    assert (table["expected_value_low"] <= table["expected_value"]).all()
    half = (table["expected_value_high"] - table["expected_value_low"]) / 2
    moves = table[[name for name in table if name.startswith("moves_")]]
    assert np.allclose(np.sqrt((moves**2).sum(axis=1)), half)


def test_how_long_customers_stay_is_a_term_with_its_source(tmp_path: Path) -> None:
    gone = [subscribed(f"g{n}", 700) for n in range(4)]
    for part in gone[:2]:
        part["subscriptions"].append(part["subscriptions"][0] | {"event": "cancellation", "arr": None, **at(day(340))})
    row = hand_made(tmp_path / "p", merged(company(), *gone)).report().of("small")
    assert row["stays_source"].startswith("look-alikes: ")
    assert 0 < row["stays_low"] <= row["stays"] <= row["stays_high"] <= 1
