"""The account of a lead: against a slow loop over random companies, and blind to what was recorded later."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dealml.as_of.connection import connect
from dealml.as_of.known_tables import known_tables
from dealml.as_of.lead_accounts import WAYS, domain_of, lead_accounts, match_counts, with_lead_accounts
from dealml.as_of.lives import record_of
from tests.ledger_fixtures import ledger_of

START = datetime(2026, 1, 1, tzinfo=UTC)
LEADS, ACCOUNTS, DEALS = [f"L{n}" for n in range(12)], [f"A{n}" for n in range(5)], [f"D{n}" for n in range(5)]
DOMAINS = ["acme.com", "beta.de", "gmail.com", "gamma.io", None]
WRITTEN = {
    "acme.com": "https://www.Acme.com/about",
    "beta.de": "beta.de",
    "gmail.com": "GMAIL.com",
    "gamma.io": "info@gamma.io",
    None: None,
}
Row = dict[str, Any]
Facts = dict[str, list[Row]]


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def clocks(chance: random.Random, sequence: int) -> Row:
    occurred = chance.randint(0, 40)
    return {"occurred_at": day(occurred), "recorded_at": day(occurred + chance.choice([0, 0, 3, 9])), "sequence": sequence}


def random_facts(seed: int) -> Facts:
    """Leads, deals and accounts that get companies and domains one after the other, told late at times."""
    chance, numbers = random.Random(seed), iter(range(10_000))
    changes = {"field": "email_domain"}
    return {
        "leads": [
            {"lead_id": chance.choice(LEADS), "event": "touched", **clocks(chance, next(numbers))}
            | {"account_id": chance.choice([None] * 25 + ACCOUNTS), "deal_id": chance.choice([None] * 15 + DEALS)}
            for _ in range(30)
        ],
        "deals": [
            {"deal_id": chance.choice(DEALS), "account_id": chance.choice([None, *ACCOUNTS]), **clocks(chance, next(numbers))}
            for _ in range(10)
        ],
        "lead_changes": [
            {"lead_id": chance.choice(LEADS), "text": WRITTEN[chance.choice(DOMAINS)], **changes, **clocks(chance, next(numbers))}
            for _ in range(20)
        ],
        "account_changes": [
            {"account_id": chance.choice(ACCOUNTS), "field": chance.choice(["domain", "website", "industry"])}
            | {"text": WRITTEN[chance.choice(DOMAINS)], **clocks(chance, next(numbers))}
            for _ in range(14)
        ],
    }


def latest(rows: Iterable[Row], column: str) -> Any:
    """The value of the row that occurred last, None where there is no row."""
    ordered = sorted(rows, key=lambda row: (row["occurred_at"], row["recorded_at"], row["sequence"]))
    return ordered[-1][column] if ordered else None


def plain(written: str | None) -> str | None:
    return next((domain for domain, text in WRITTEN.items() if text == written), None)


def first_at(rows: list[Row]) -> datetime:
    """Since when it is on record what the rows say."""
    times = sorted({row["recorded_at"] for row in rows})
    said = [plain(latest((row for row in rows if row["recorded_at"] <= time), "text")) for time in times]
    changes = [time for time, now, before in zip(times, said, [None, *said], strict=False) if now != before]
    return changes[-1]


def by_loop(facts: Facts, lead: str, moment: datetime) -> tuple[str | None, str] | None:
    """The account of a lead and how it is matched; None where the lead is not on record yet."""
    known = {name: [row for row in rows if row["recorded_at"] < moment] for name, rows in facts.items()}
    its = [row for row in known["leads"] if row["lead_id"] == lead]
    if not its:
        return None
    if account := latest((row for row in its if row["account_id"]), "account_id"):
        return account, "id"
    deal = latest((row for row in its if row["deal_id"]), "deal_id")
    if account := latest((row for row in known["deals"] if row["deal_id"] == deal and row["account_id"]), "account_id"):
        return account, "id"
    domain = plain(latest((row for row in known["lead_changes"] if row["lead_id"] == lead), "text"))
    if domain == "gmail.com":
        return None, "free_mail"
    candidates = []
    for account in ACCOUNTS:
        for field in ("domain", "website"):
            rows = [row for row in known["account_changes"] if (row["account_id"], row["field"]) == (account, field)]
            if rows and domain and plain(latest(rows, "text")) == domain:
                candidates.append((first_at(rows), account))
    return (min(candidates)[1], "domain") if candidates else (None, "unmatched")


def matched(folder: Path, facts: Facts, moments: Iterable[datetime]) -> dict[tuple[str, datetime], tuple[str | None, str]]:
    con = connect()
    tables = known_tables(con, ledger_of(folder, facts))
    con.raw_sql(f"CREATE TEMP TABLE matches AS {lead_accounts(con, tables)}")
    query = "SELECT lead_id, arg_max_null(account_id, since), arg_max(matched_by, since) FROM matches WHERE since < ? GROUP BY lead_id"
    return {(lead, at): (account, how) for at in moments for lead, account, how in con.con.execute(query, [at]).fetchall()}


MOMENTS = [day(number) for number in (1, 5, 10.5, 17, 25, 33, 50)]


@pytest.mark.parametrize("seed", range(5))
def test_matches_are_those_of_a_slow_loop(tmp_path: Path, seed: int) -> None:
    facts = random_facts(seed)
    expected = {(lead, at): pair for at in MOMENTS for lead in LEADS if (pair := by_loop(facts, lead, at))}
    assert matched(tmp_path / "states", facts, MOMENTS) == expected
    con = connect()
    counts = match_counts(con, known_tables(con, ledger_of(tmp_path / "counts", facts)), MOMENTS[-1])
    assert counts == dict.fromkeys(WAYS, 0) | Counter(how for (_, at), (_, how) in expected.items() if at == MOMENTS[-1])


def test_a_merged_lead_counts_once_and_a_deleted_one_no_more(tmp_path: Path) -> None:
    clock = {"occurred_at": day(1), "recorded_at": day(1)}
    merged = {"kind": "lead", "event": "merged", "record_id": "L0", "into_id": "L1", "occurred_at": day(5), "recorded_at": day(5)}
    gone = {"kind": "lead", "event": "deleted", "record_id": "L2", "occurred_at": day(7), "recorded_at": day(7)}
    facts = {"leads": [{"lead_id": lead, "event": "created", **clock} for lead in LEADS[:4]], "record_events": [merged, gone]}
    con = connect()
    counts = [match_counts(con, known_tables(con, ledger_of(tmp_path / str(at), facts), day(at)), day(at)) for at in (3, 6, 8)]
    assert [sum(count.values()) for count in counts] == [4, 3, 2]


def test_the_random_companies_have_every_kind_of_match() -> None:
    kinds = {by_loop(random_facts(seed), lead, MOMENTS[-1]) for seed in range(8) for lead in LEADS} - {None}
    assert {pair[1] for pair in kinds if pair} == set(WAYS)


@pytest.mark.parametrize("seed", [1, 2])
def test_without_the_future_the_past_is_the_same(tmp_path: Path, seed: int) -> None:
    facts = random_facts(seed)
    past = {name: [row for row in rows if row["recorded_at"] < MOMENTS[3]] for name, rows in facts.items()}
    assert matched(tmp_path / "all", facts, MOMENTS[:4]) == matched(tmp_path / "past", past, MOMENTS[:4])


def test_a_snapshot_has_the_life_of_the_account_and_none_once_it_is_deleted(tmp_path: Path) -> None:
    clock = {"occurred_at": day(1), "recorded_at": day(1)}
    merged = {"kind": "account", "event": "merged", "record_id": "A0", "into_id": "A1", "occurred_at": day(5), "recorded_at": day(5)}
    gone = {"kind": "account", "event": "deleted", "record_id": "A1", "occurred_at": day(9), "recorded_at": day(9)}
    facts = {
        "leads": [{"lead_id": "L", "event": "created", **clock}],
        "lead_changes": [{"lead_id": "L", "field": "email_domain", "text": "acme.com", **clock}],
        "account_changes": [{"account_id": "A0", "field": "website", "text": "www.acme.com", **clock}],
        "record_events": [merged, gone],
    }
    con = connect()
    tables = known_tables(con, ledger_of(tmp_path, facts))
    values = ", ".join(f"('L', NULL::VARCHAR, '{day(moment).isoformat()}'::TIMESTAMPTZ)" for moment in (1, 2, 6, 10))
    rows = f"SELECT * FROM (VALUES {values}) AS v(lead_id, account_id, known_by)"
    found = con.raw_sql(f"SELECT account_id FROM ({with_lead_accounts(con, tables, rows)}) ORDER BY known_by").fetchall()
    assert [account and record_of(account) for (account,) in found] == [None, "A0", "A1", None]


@pytest.mark.parametrize(
    ("written", "domain"),
    [
        ("http://WWW.Acme.co.uk:8080/x?y", "acme.co.uk"),
        ("Ann@acme.com", "acme.com"),
        (" acme.com. ", "acme.com"),
        ("n/a", None),
        ("", None),
    ],
)
def test_domains_are_normalised(written: str, domain: str | None) -> None:
    assert connect().con.execute(f"SELECT {domain_of('?')}", [written]).fetchone() == (domain,)
