"""`dealml explain` and `replay` as they are called, and every wrong call as one line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.cli.conftest import Ran
from tests.conftest import CUT, Company, ScoredFiles

Run = Callable[..., Ran]
DATE, BEFORE = f"{CUT:%Y-%m-%d}", "2025-01-06"


@pytest.fixture(scope="module")
def deal(scored: ScoredFiles) -> str:
    """A deal that was open on both days."""
    return min(pq.read_table(scored.scores)["entity_id"].to_pylist())


def test_evidence_similar_cases_and_queries_are_told(dealml: Run, company: Company, deal: str) -> None:
    told = dealml("explain", deal, "--as-of", DATE, "--model", "tiny", "--evidence", "--project", company.project.folder)
    assert told.code == 0
    for said in (
        "others",
        "by subject: ",
        "most like it",
        "to begin with",
        "what they share",
        "--settled --as-of 2025-02-03",
        "FILTER (alike)",
    ):
        assert said in told.out, said
    plain = dealml("explain", deal, "--as-of", DATE, "--model", "tiny", "--no-past", "--project", company.project.folder)
    assert "most like it" not in plain.out


def test_a_change_is_told_for_one_and_for_all(dealml: Run, company: Company, deal: str, tmp_path: Path) -> None:
    words = ("--from", BEFORE, "--to", DATE, "--model", "tiny", "--project", company.project.folder)
    one = dealml("explain", deal, *words, "--json").json
    parts = one["parts"]
    assert abs(sum(part["points"] for part in parts) - parts[0]["probability_after"] + parts[0]["probability_before"]) < 1e-9
    told = dealml("explain", *words, "--out", tmp_path / "changes.csv")
    assert (told.code, "passage of time" in told.out, (tmp_path / "changes.csv").is_file()) == (0, True, True)


def test_what_if_is_told_as_an_association(dealml: Run, company: Company, deal: str) -> None:
    words = ("explain", deal, "--as-of", DATE, "--model", "tiny", "--project", company.project.folder)
    told = dealml(*words, "--what-if", "milestones_reached=3")
    assert (told.code, "association, not effect" in told.out) == (0, True)


def test_a_score_is_replayed_by_its_id(dealml: Run, company: Company, scored: ScoredFiles) -> None:
    row = pq.read_table(scored.scores).to_pylist()[0]
    told = dealml("replay", row["score_id"], "--project", company.project.folder)
    assert (told.code, "the same to the last bit" in told.out) == (0, True)
    found = dealml("replay", "--entity", row["entity_id"], "--as-of", DATE, "--project", company.project.folder, "--json").json
    assert row["probability"] in [one["probability"] for one in found["replayed"]]


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("explain", "D-none", "--as-of", DATE), 3, "D-none: no deal or account of this name is on record for tiny; is the id right?"),
        (("explain", "{deal}", "--as-of", "2020-01-06"), 3, "{deal}: not at stake at 2020-01-06 00:00 UTC; it was from 20"),
        (("explain", "{deal}", "--as-of", DATE, "--version", "99"), 4, "99"),
        (("explain", "{deal}", "--as-of", DATE, "--what-if", "no_such=1"), 3, "no such feature of this model"),
        (("explain", "{deal}", "--as-of", DATE, "--what-if", "segment=SMB"), 3, "nobody can act on it"),
        (("explain", "{deal}", "--as-of", DATE, "--what-if", "milestones_reached"), 2, "write it as FEATURE=VALUE"),
        (("explain", "{deal}", "--from", BEFORE), 2, "give both --from DATE and --to DATE"),
        (("explain", "{deal}", "--from", DATE, "--to", BEFORE), 2, "--from: give a moment before --to"),
        (("explain", "{deal}", "--as-of", DATE, "--from-version", "1"), 2, "--from-version goes with --from DATE --to DATE"),
        (("explain", "{deal}", "--as-of", DATE, "--out", "page.txt"), 2, "end the file's name in .html"),
        (("explain", "{deal}", "--from", DATE, "--to", DATE), 2, "give a moment before --to, or the same one with --from-version N"),
        (("explain", "{deal}", "--from", "2020-01-06", "--to", DATE), 3, "{deal}: not at stake at 2020-01-06"),
        (("explain", "{deal}", "--from", BEFORE, "--to", DATE, "--as-of", DATE), 2, "--as-of does not go with --from DATE --to DATE"),
        (("explain", "{deal}", "--as-of", DATE, "--what-if", "milestones_reached=3", "--out", "x.html"), 2, "--what-if stands alone"),
        (("explain", "{deal}", "--as-of", DATE, "--evidence", "--no-past"), 2, "leave --out and --no-past out"),
        (("explain", "--as-of", DATE), 2, "name a deal or an account"),
    ],
)
def test_a_wrong_call_is_one_line(dealml: Run, company: Company, deal: str, words: tuple[str, ...], code: int, told: str) -> None:
    ran = dealml(*(word.format(deal=deal) for word in words), "--model", "tiny", "--project", company.project.folder)
    assert (ran.code, ran.out) == (code, "")
    assert told.format(deal=deal) in ran.err
    assert ran.err.count("\n") == 1


def test_replay_wants_one_way_to_name_a_score(dealml: Run, company: Company) -> None:
    ran = dealml("replay", "--project", company.project.folder)
    assert (ran.code, "name one score by its SCORE_ID" in ran.err) == (2, True)
    ran = dealml("replay", "no-such", "--project", company.project.folder)
    assert (ran.code, "no-such: no such score in the store" in ran.err) == (3, True)
