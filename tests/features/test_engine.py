"""What holds for every feature, whatever it measures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dealml import formula, per
from dealml.errors import InputError
from dealml.features.definition import Feature
from dealml.features.plan import plan
from dealml.ledger.ledger import Ledger
from tests.features.deal_feature_fixtures import FEATURES, Key, compute
from tests.features.deal_history_fixtures import START, Case, make_case, write_ledger

SEED, DEALS = 11, 25


@pytest.fixture(scope="module")
def case() -> Case:
    return make_case(SEED, DEALS)


@pytest.fixture(scope="module")
def ledger(case: Case, tmp_path_factory: pytest.TempPathFactory) -> Ledger:
    return write_ledger(tmp_path_factory.mktemp("ledger"), case, SEED)[0]


@pytest.fixture(scope="module")
def found(case: Case, ledger: Ledger) -> dict[Key, dict[str, Any]]:
    return compute(ledger, case.snapshots)


@pytest.mark.parametrize("days", [9, 30, 55])
def test_delete_the_future_and_nothing_changes(days: int, case: Case, ledger: Ledger, found: dict[Key, dict[str, Any]]) -> None:
    end = START + timedelta(days=days)
    past = [s for s in case.snapshots if s["as_of"] <= end and s["known_by"] <= end]
    cut = compute(ledger, past, before=end)
    assert cut == {key: found[key] for key in cut}


@pytest.mark.parametrize("rows_a_batch", [7, 60])
def test_batches_do_not_matter(rows_a_batch: int, case: Case, ledger: Ledger, found: dict[Key, dict[str, Any]]) -> None:
    assert compute(ledger, case.snapshots, rows_a_batch=rows_a_batch) == found


def test_a_batch_may_be_a_single_snapshot(ledger: Ledger, case: Case, found: dict[Key, dict[str, Any]]) -> None:
    few = case.snapshots[:4]
    assert compute(ledger, few, rows_a_batch=1) == {key: found[key] for key in compute(ledger, few)}


def test_the_order_of_rows_does_not_matter(case: Case, found: dict[Key, dict[str, Any]], tmp_path: Path) -> None:
    turned = Case({name: facts[::-1] for name, facts in case.tables.items()}, case.snapshots[::-1])
    assert compute(write_ledger(tmp_path, turned, SEED, shuffled=SEED + 1)[0], turned.snapshots) == found


def test_what_a_ledger_lacks_is_absent_with_its_reason() -> None:
    planned = plan(FEATURES, "deal_id", ["deals", "outcomes", "deal_changes", "activities", "offers", "stakeholders"])
    assert planned.absent["milestones_reached"] == "no milestones in the ledger"
    assert planned.absent["milestone_pace"] == "needs milestones_reached"
    assert planned.absent["amount_base"] == "needs exchange_rate"
    assert {f.name for f in FEATURES} == {f.name for f in planned.features} | set(planned.absent)


def peeks() -> Iterator[tuple[Feature, str]]:
    @per("deal_id", "activities")
    def future(fact):  # type: ignore[no-untyped-def]
        """The snapshot's own clock."""
        return fact.as_of.max()

    @per("deal_id", "activities")
    def recorded(fact):  # type: ignore[no-untyped-def]
        """When it was recorded."""
        return fact.recorded_at.max()

    @per("deal_id", "activities")
    def misspelt(fact):  # type: ignore[no-untyped-def]
        """A column that is not there."""
        return fact.minuets.sum()

    yield future, "features/test_engine.py: future: asks for 'as_of'; it may see .*activity.*days_ago"
    yield recorded, "features/test_engine.py: recorded: asks for 'recorded_at'; it may see"
    yield misspelt, "features/test_engine.py: misspelt: asks for 'minuets'; it may see .*minutes"


def others() -> Iterator[tuple[Feature, str]]:
    @per("deal_id", "activities")
    def rows(fact):  # type: ignore[no-untyped-def]
        """Not one value."""
        return fact.minutes

    @per("deal_id", "usage")
    def stranger(fact):  # type: ignore[no-untyped-def]
        """Facts that know no deals."""
        return fact.count()

    @per("deal_id", "emails")
    def unknown(fact):  # type: ignore[no-untyped-def]
        """No such facts."""
        return fact.count()

    @formula()
    def year(clock):  # type: ignore[no-untyped-def]
        """The year."""
        return clock.year

    yield rows, "features/test_engine.py: rows must return one value"
    yield stranger, "features/test_engine.py: stranger is per 'deal_id', which usage does not have"
    yield unknown, "features/test_engine.py: unknown asks for 'emails'"
    yield year, "features/test_engine.py: year"


@pytest.mark.parametrize(("feature", "message"), [*peeks(), *others()], ids=lambda value: getattr(value, "name", ""))
def test_a_feature_that_asks_for_too_much_is_refused(feature: Feature, message: str, ledger: Ledger, case: Case) -> None:
    with pytest.raises(InputError, match=message):
        compute_with_usage(ledger, case, feature)


def compute_with_usage(ledger: Ledger, case: Case, feature: Feature) -> None:
    plan([feature], "deal_id", [*ledger.tables, "usage"])
    compute(ledger, case.snapshots[:1], features=[feature])
