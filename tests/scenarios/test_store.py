"""Scenarios as files."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dealml.errors import InputError
from dealml.scenarios.consequences import Consequences
from dealml.scenarios.mined import MinedScenarios
from dealml.scenarios.scenario import HalfYear, Scenario
from dealml.scenarios.store import StoredScenarios, latest_scenarios, write_scenarios
from tests.scenarios.test_matching import PAIR, SINGLE

FIRST, SECOND = datetime(2025, 6, 2, tzinfo=UTC), datetime(2025, 9, 1, tzinfo=UTC)


def stored(as_of, *winning):
    return StoredScenarios("digest", MinedScenarios(as_of, 200, 60, ("segment", "trigger"), 12, winning, (SINGLE,), ("a note",)))


def test_what_is_written_is_read_as_of_its_moment(tmp_path):
    full = Scenario(
        PAIR.conditions, 100, 50, PAIR.rate, 0.01, (HalfYear("2025H1", 10, 5, 0.3),), Consequences(1000.0, 5000.0, None, 4, 1)
    )  # fmt: skip
    write_scenarios(tmp_path, stored(FIRST, full))
    write_scenarios(tmp_path, stored(SECOND))
    assert latest_scenarios(tmp_path, SECOND) == stored(SECOND)
    assert latest_scenarios(tmp_path, datetime(2025, 8, 31, tzinfo=UTC)) == stored(FIRST, full)
    assert latest_scenarios(tmp_path, datetime(2025, 6, 1, tzinfo=UTC)) is None


def test_the_same_moment_is_written_over(tmp_path):
    write_scenarios(tmp_path, stored(FIRST))
    path = write_scenarios(tmp_path, stored(FIRST, PAIR))
    assert [file.name for file in path.parent.iterdir()] == ["2025-06-02T000000.json"]
    assert latest_scenarios(tmp_path, FIRST) == stored(FIRST, PAIR)


def test_a_damaged_file_is_named(tmp_path):
    path = write_scenarios(tmp_path, stored(FIRST))
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match=r"2025-06-02T000000\.json: no scenarios in it; run dealml scenarios again, or delete the file"):
        latest_scenarios(tmp_path, FIRST)
