"""Evidence: counts that SQL gives again, intervals that a library gives again, and silence where there is too little."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

from dealml.reasons.evidence import Comparable, Evidence, EvidenceBase, comparable_of, comparable_text, evidence_sentence, is_contrary
from dealml.reasons.wording import Meaning, Wording, wording_of


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    rng, rows = np.random.default_rng(0), 600
    return pd.DataFrame(
        {
            "had": (rng.random(rows) < 0.4).astype(float),
            "stage": rng.choice(["Proposal", "O'Neil's \"stage\""], rows),
            "depth": rng.choice([0.0, 1.0, 4.0, np.nan], rows),
            "days": np.where(rng.random(rows) < 0.1, np.nan, rng.exponential(30, rows).round(2)),
            "source": pd.Series(rng.choice(["web", "it's", "ref"], rows)).where(rng.random(rows) < 0.9),
        }
    )


WORDING = Wording("en", wording_of([]).texts, {"days": Meaning("Days", "days"), "depth": Meaning("Depth", "level 0–4")})


@pytest.mark.parametrize("stage", ["Proposal", "O'Neil's \"stage\"", None])
@pytest.mark.parametrize(
    ("feature", "value"),
    [("depth", 4.0), ("depth", np.nan), ("days", 3.5), ("days", 1e6), ("days", 0.0), ("days", None), ("source", "it's"), ("source", None)],
)
def test_every_count_comes_out_of_the_query_again(table: pd.DataFrame, feature: str, value: Any, stage: str | None) -> None:
    found = EvidenceBase(table, "stage").evidence(feature, value, stage)
    con = duckdb.connect()
    con.register("settled", table)
    counts = con.execute(found.query.replace("'settled.parquet'", "settled")).fetchone()
    assert counts == (found.count, found.had, found.others, found.others_had)
    assert found.count + found.others == len(table if stage is None else table[table["stage"] == stage])
    assert found.count > 0


def test_values_of_all_ranges_are_told_apart_once(table: pd.DataFrame) -> None:
    known = table["days"].dropna()
    likes = {comparable_of("days", value, table["days"]) for value in known}
    assert len(likes) == 5
    assert (sum(like.holds(known).astype(int) for like in likes) == 1).all()
    assert {comparable_of("days", value, table["days"]).holds(pd.Series([value]))[0] for value in known} == {True}


def test_the_stage_itself_is_compared_with_all_others(table: pd.DataFrame) -> None:
    found = EvidenceBase(table, "stage").evidence("stage", "Proposal", "Proposal")
    assert (found.stage, found.count + found.others) == (None, len(table))


def test_the_interval_of_a_difference_is_newcombes() -> None:
    """His example: 56 of 70 against 48 of 80, 0.20 (0.0524 to 0.3339)."""
    found = Evidence(Comparable("f", 1.0), None, 70, 56, 80, 48, "").difference
    assert found == pytest.approx((0.2, 0.0524, 0.3339), abs=1e-4)


def test_a_sentence_says_counts_shares_and_interval() -> None:
    evidence = Evidence(Comparable("depth", equal=4.0), "Proposal", 212, 129, 100, 34, "")
    assert evidence_sentence(evidence, "deals", WORDING, date="2026-03-01", outcome="won") == (
        "Of 212 deals like this at the same stage, 61% were won, against 34% of 100 others "
        "(difference 27 points, 95% interval 15 to 37, closed before 2026-03-01)."
    )


@pytest.mark.parametrize(("count", "others"), [(19, 500), (500, 19), (0, 0)])
def test_too_few_are_said_to_be_too_few(count: int, others: int) -> None:
    evidence = Evidence(Comparable("depth", equal=4.0), None, count, 0, others, 0, "")
    assert (
        evidence_sentence(evidence, "deals", WORDING, date="2026-03-01")
        == f"Only {count} like this and {others} others in the past: too few to tell."
    )


@pytest.mark.parametrize(
    ("like", "words"),
    [
        (Comparable("days", low=2.5, high=10), "2.5 days to under 10 days"),
        (Comparable("days", high=1), "under 1 day"),
        (Comparable("days", low=10), "10 days or more"),
        (Comparable("depth", equal=4.0), "4"),
        (Comparable("source", equal="web"), "web"),
        (Comparable("source"), "not known"),
    ],
)
def test_what_counts_as_like_this_in_words(like: Comparable, words: str) -> None:
    assert comparable_text(like, WORDING) == words


@pytest.mark.parametrize(
    ("expect", "value", "log_odds", "contrary"),
    [("+", 9, 0.5, False), ("+", 9, -0.5, True), ("+", 1, 0.5, True), ("-", 9, 0.5, True), ("-", 1, 0.5, False), ("", 9, -0.5, False)],
)
def test_a_reason_against_expectation_is_flagged(expect: str, value: float, log_odds: float, contrary: bool) -> None:
    assert is_contrary(expect, value, log_odds, 5.0) is contrary
    assert not is_contrary(expect, None, log_odds, 5.0)
