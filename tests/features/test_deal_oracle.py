"""Every deal feature against the loop oracle, on 200 random histories; and proof that the comparison can fail."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from dealml import per, shrunken
from dealml.features import aggregate, derived_facts, engine, group_history, point_in_time
from dealml.features.compiled_queries import compile_queries
from dealml.features.definition import features_in
from features import activity, history, segment
from tests.features.deal_feature_fixtures import FEATURES, compute, mismatches, read
from tests.features.deal_history_fixtures import make_case, write_ledger
from tests.features.oracle import Company, Sight
from tests.features.oracle_deals import ORACLE
from tests.features.oracle_work import KEYS, closed_alike

COMPANIES, DEALS = 4, 50
FEW_FEATURES = features_in(segment, activity, history)
"""Features that a mutation shows in: of facts, of windows and of the company's record."""


def test_the_oracle_reads_every_feature() -> None:
    assert set(ORACLE) == {feature.name for feature in FEATURES}


@pytest.mark.parametrize("seed", range(COMPANIES))
def test_features_equal_the_oracle(seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if seed % 2:
        # Every snapshot by intervals, where they are in turn.
        monkeypatch.setattr(engine, "MANY_PAIRS", 0)
        monkeypatch.setattr(engine, "FEW", 0)
    case = make_case(seed, DEALS)
    ledger, held = write_ledger(tmp_path, case, seed)
    assert mismatches(compute(ledger, case.snapshots), read(case, held)) == []


def test_a_definition_of_an_older_project_sees_what_was_usual_as_before(tmp_path: Path) -> None:
    @per("segment", "results", empty=0)
    def segment_win_lift(record):  # type: ignore[no-untyped-def]
        """Wins above what was usual on the day."""
        return shrunken(record.won.sum() - record.usual.sum(), record.closed.sum(), usual=0.0)

    def by_hand(deal: Sight) -> float:
        closed = closed_alike(deal, KEYS["segment"])
        return float((sum(c["won"] for c in closed) - sum(c["usual"] for c in closed)) / (len(closed) + 20))

    case = make_case(0, DEALS)
    ledger, held = write_ledger(tmp_path, case, 0)
    found, company = compute(ledger, case.snapshots, features=[segment.segment, segment_win_lift]), Company(held)
    for (deal_id, as_of, known_by), row in found.items():
        sight = Sight(company, deal_id, row["account_id"], as_of, known_by)
        assert row["segment_win_lift"] == pytest.approx(by_hand(sight), abs=1e-9)
    assert len({row["segment_win_lift"] for row in found.values()}) > 10


def test_nearly_every_snapshot_has_facts_on_its_instant_or_later() -> None:
    case = make_case(0, DEALS)
    own = [fact for facts in case.tables.values() for fact in facts if fact.get("deal_id")]
    recorded = {(fact["deal_id"], fact["recorded_at"]) for fact in own}
    assert sum((s["deal_id"], s["known_by"]) in recorded for s in case.snapshots) > 50
    later = [s for s in case.snapshots if any(f["deal_id"] == s["deal_id"] and f["recorded_at"] > s["known_by"] for f in own)]
    assert len(later) > 0.99 * len(case.snapshots)


def mutated(function: Callable[..., Any], before: str, after: str) -> Callable[..., Any]:
    """A function with one piece of its source changed."""
    source = inspect.getsource(function)
    assert source.count(before) == 1
    space = dict(vars(inspect.getmodule(function)))
    exec(source.replace(before, after), space)  # noqa: S102  (our own source)
    return space[function.__name__]  # type: ignore[no-any-return]


@pytest.mark.parametrize(
    ("home", "function", "user", "before", "after"),
    [
        (point_in_time, "is_known", point_in_time, "recorded_at < known_by", "recorded_at <= known_by"),
        (
            point_in_time,
            "known_facts",
            aggregate,
            "with_ages(past, facts)",
            "with_ages(past.mutate(as_of=past.known_by), facts)",
        ),
        (derived_facts, "recorded_daily", group_history, " + ibis.interval(microseconds=1)", ""),
    ],
)
def test_a_mutation_is_found(
    home: ModuleType, function: str, user: ModuleType, before: str, after: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = make_case(5, DEALS)
    ledger, held = write_ledger(tmp_path, case, 5)
    monkeypatch.setattr(user, function, mutated(getattr(home, function), before, after))
    monkeypatch.setattr(engine, "compile_queries", compile_queries.__wrapped__)  # written anew, and not kept for other tests
    found = compute(ledger, case.snapshots, features=FEW_FEATURES)
    right = {key: {name: row[name] for name in found[key] if name in row} for key, row in read(case, held).items()}
    assert mismatches(found, right)
