"""`dealml replay` as it is called, and every wrong call as one line."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow.parquet as pq

from tests.cli.conftest import Ran
from tests.conftest import CUT, Company, ScoredFiles

Run = Callable[..., Ran]
DATE = f"{CUT:%Y-%m-%d}"


def test_a_score_is_replayed_by_its_id(dealml: Run, company: Company, scored: ScoredFiles) -> None:
    row = pq.read_table(scored.scores).to_pylist()[0]
    ran = dealml("replay", row["score_id"], "--project", company.project.folder)
    assert (ran.code, "the same to the last bit" in ran.out) == (0, True)
    report = dealml("replay", "--entity", row["entity_id"], "--as-of", DATE, "--project", company.project.folder, "--json").json
    assert row["probability"] in [score["probability"] for score in report["replayed"]]


def test_replay_wants_one_way_to_name_a_score(dealml: Run, company: Company) -> None:
    ran = dealml("replay", "--project", company.project.folder)
    assert (ran.code, "name one score by its SCORE_ID" in ran.err) == (2, True)
    ran = dealml("replay", "no-such", "--project", company.project.folder)
    assert (ran.code, "no-such: no such score in the store" in ran.err) == (3, True)
