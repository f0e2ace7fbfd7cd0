"""A family's features: computed as one would count by hand, whatever the values are, and never of what names people."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dealml import Family, family
from dealml.errors import InputError
from dealml.features.families.definition import families_in
from dealml.features.families.value_names import safe_name
from tests.features.families.family_fixtures import DEALS, SPEC, START, awkward_ledger, counted, touch, view


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return awkward_ledger(tmp_path_factory.mktemp("families") / "ledger")


def test_each_feature_is_what_one_counts_by_hand(ledger: Any) -> None:
    seen = view(ledger, days=100)
    table = seen.at_stake().set_index("deal_id")
    (chosen,) = seen.families.chosen
    values = chosen.by_moment[-1][1]
    assert len(values) == touch.most
    for deal in (f"d{number}" for number in range(DEALS)):
        before = START + timedelta(days=100)
        kinds, lately = counted(deal, before), counted(deal, before) - counted(deal, before - timedelta(days=30))
        row = table.loc[deal]
        for value in values:
            name = safe_name(value)
            assert row[f"touch_count__{name}"] == kinds[value], value
            assert row[f"touch_30d__{name}"] == lately[value], value
            assert row[f"touch_share__{name}"] == pytest.approx(kinds[value] / kinds.total())
        assert row[touch.count_of_others(values)] == kinds.total() - sum(kinds[value] for value in values)
        assert row["all_of_them"] == kinds.total()


def test_its_features_are_described_by_their_value() -> None:
    (count, lately, since, share), others = list(touch.features([("call", "in")], [])), list(touch.features([], [()]))
    assert (count.meaning, lately.meaning) == ("Touches “call / in” so far.", "Touches “call / in” in the last 30 days.")
    assert (since.meaning, since.unit) == ("Touches “call / in”: days since the last one.", "days")
    assert (share.meaning, share.unit, share.subject) == ("Touches “call / in”, as a share of all such.", "share", "family_fixtures")
    assert others[0].meaning == "Touches “any other” so far."
    assert [feature.name for feature in touch.pattern] == ["touch_count__…", "touch_30d__…", "touch_days_since__…", "touch_share__…"]


def test_off_by_one_line(ledger: Any) -> None:
    from dataclasses import replace

    from dealml.learning.view import View

    off = View.of(ledger, replace(SPEC, families=False), START + timedelta(days=100))
    assert off.served_features() == ["all_of_them"]
    assert replace(SPEC, families=False).dictionary == SPEC.all_features
    assert len(SPEC.dictionary) == len(SPEC.all_features) + 4


@pytest.mark.parametrize(
    ("facts", "of"),
    [
        ("activities", "person"),
        ("activities", "contact_id"),
        ("deal_changes", "text"),
        ("assessments", "who"),
        ("stakeholders", "contact_id"),
    ],
)
def test_a_column_that_may_name_people_has_no_family(facts: str, of: str) -> None:
    def named(fact: Any) -> Any:
        """Facts “{value}”."""
        return fact.days_ago > 0

    with pytest.raises(InputError, match=rf"no family of {facts}.{of}"):
        family("deal_id", facts, of=of)(named)


def test_what_people_will_read_has_a_place_for_the_value() -> None:
    with pytest.raises(InputError, match=r"\{value\} in it"):
        family("deal_id", "activities", of="activity")(lambda activity: activity.days_ago > 0)


def test_two_families_of_one_name_are_refused() -> None:
    other: Family = family("deal_id", "activities", of="activity")(touch.counts)
    with pytest.raises(InputError, match="touch is declared twice"):
        families_in(touch, other)


def test_a_table_that_is_absent_takes_its_family_away(tmp_path: Path) -> None:
    from tests.ledger_fixtures import ledger_of

    deals = [{"deal_id": "d", "account_id": "a", "occurred_at": START, "recorded_at": START}]
    won = [{"deal_id": "d", "outcome": "won", "occurred_at": START, "recorded_at": START}]
    bare = view(ledger_of(tmp_path / "bare", {"deals": deals, "outcomes": won}), days=10)
    assert bare.plan.absent["touch"] == "no activities in the ledger"
