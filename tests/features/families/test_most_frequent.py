"""The most frequent values, by count alone."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

from dealml.features.families.most_frequent import LEAST_FACTS, STEP_DAYS
from tests.features.families.family_fixtures import PERSON, START, activities, awkward_ledger, touch, view


def test_at_each_step_what_was_most_frequent_until_then(tmp_path: Path) -> None:
    (chosen,) = view(awkward_ledger(tmp_path / "ledger")).families.chosen
    assert len(chosen.by_moment) > 200 // STEP_DAYS
    for moment, values in chosen.by_moment:
        until = moment.astype("datetime64[us]").item()
        counts = Counter(
            (row["activity"], row["channel"])
            for row in activities()
            if row["recorded_at"].replace(tzinfo=None) < until and row["activity"] != PERSON
        )
        frequent = [(-count, tuple(part or "" for part in value), value) for value, count in counts.items() if count >= LEAST_FACTS]
        assert values == tuple(value for _, _, value in sorted(frequent)[: touch.most])
    assert chosen.by_moment[-1][0] == (START + timedelta(days=200)).replace(tzinfo=None)
