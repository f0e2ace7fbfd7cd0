"""Files that were damaged at random say the same to the import and to a second reader that shares no code with it.

The thousand files, some fifteen minutes: `python -m pytest -m deep tests/importing/test_second_reader.py`.
"""

from __future__ import annotations

import csv
import io
import random
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from dealml.importing.import_settings import ImportSettings
from dealml.importing.import_source import import_source
from tests.importing.company_fixtures import Company
from tests.importing.second_reader import Read, read

ZONE, COMPANY_ZONE = "America/New_York", "Europe/Warsaw"
SINCE, UNTIL = datetime(1950, 1, 1, tzinfo=UTC), datetime(2026, 1, 5, 0, 5, tzinfo=UTC)
MAPPING = """
    time_zone: America/New_York
    extracts:
      - file: invoices.csv
        into: purchases
        columns: {order_id: invoice, account_id: account, value: net, occurred_at: day, recorded_at: booked}
    """
HEAD = "dealml: 1\nextracted_at: 2026-01-05T00:00:00Z\n"
TIMES = [
    *("2025-03-09T02:30:00", "2025-11-02T01:30:00", "2025-03-30", "2025-10-26", "2025-06-01T10:00:00.123456+02:00", "2025-06-01T10:00Z"),
    *("2025-02-29", "0001-01-01", "9999-12-31T23:59:59", "3999-01-01", "1949-12-31", "1950-01-01", "1950-01-02", "2025-13-01", "soon"),
    *("01/02/2025", "2025-06-01T24:00:00", "2025-06-01T10:60:00Z", "2025-06-01T10:00:00+0530", "2026-01-05T00:05:01Z"),
]
NUMBERS = ["0", "-0", "-12.5", "1.23456", "1.20000000", "+7", "1e3", "1,5", ".5", "5.", "99999999999999", "999999999999999", "NaN", "١٢"]
TEXTS = ["", " ", "a b", '"', 'x"y', "x\ny", "é", "e\u0301", "\u00a0c", "comma,comma"]


def damaged(seed: int) -> str:
    """A file of twelve invoices with a few cells, rows, widths and quotes changed."""
    by = random.Random(seed)
    rows = [
        [f"i{n}", f"a{n % 4}", f"2025-{by.randint(1, 12):02}-{by.randint(1, 28):02}", "2025-12-31T10:00:00Z", f"{by.randint(1, 999)}.50"]
        for n in range(12)
    ]
    for _ in range(by.randint(1, 8)):
        row = by.choice(rows)
        place = by.randrange(len(row)) if row else 0
        change = by.random()
        if change < 0.75 and len(row) == 5:
            row[place] = by.choice((TEXTS, TEXTS, TIMES, TIMES, NUMBERS)[place])
        elif change < 0.85:
            rows.append(list(row))
        elif change < 0.95:
            row.append("more") if by.random() < 0.5 else row[-1:].clear()
        else:
            del row[-1:]
    out = io.StringIO()
    csv.writer(out, quoting=by.choice((csv.QUOTE_MINIMAL, csv.QUOTE_ALL))).writerows(
        [["invoice", "account", "day", "booked", "net"], *rows]
    )
    return out.getvalue()


def first_reading(company: Company) -> Read:
    """What the import made of the file."""
    settings = ImportSettings(time_zone=COMPANY_ZONE)
    report = import_source(company.source, company.mapping, company.ledger, settings=settings)
    columns = ("order_id", "account_id", "occurred_at", "recorded_at", "value")
    facts = {tuple(fact[c] for c in columns) for fact in company.facts("purchases")}
    folder = company.ledger.folder / report.batch[:16]
    return Read(facts, set(pq.read_table(folder / "quarantine.parquet")["row"].to_pylist()))


def agree(folder: Path, seeds: range) -> None:
    """Both readers make the same of each file."""
    for seed in seeds:
        company, text = Company(folder / str(seed)), damaged(seed)
        company.maps(MAPPING, HEAD)
        company.has(text, "invoices.csv")
        second = read(text, ZONE, COMPANY_ZONE, SINCE, UNTIL)
        assert first_reading(company) == second, f"seed {seed}"


def test_both_readers_agree(tmp_path: Path) -> None:
    agree(tmp_path, range(40))


@pytest.mark.deep
def test_both_readers_agree_on_a_thousand_files(tmp_path: Path) -> None:
    agree(tmp_path, range(40, 1040))
