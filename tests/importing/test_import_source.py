"""An import accounts for every row, and doing it again changes nothing."""

from __future__ import annotations

import csv
import io
import random
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dealml.errors import InputError
from dealml.importing.files import chunk
from tests.importing.company_fixtures import DEALS, Company

CELL = st.sampled_from(["d1", "d2", "", "NA", "2025-01-01", "2025-01-02T10:00:00Z", "01/02/2025", "a\x85", "é", "x\ny"])
ROW = (
    st.lists(CELL, min_size=1, max_size=4)
    | st.lists(CELL, min_size=3, max_size=3)
    | st.tuples(st.sampled_from(["d1", "d2", "d3"]), st.just("a"), st.sampled_from(["2025-01-01", "2025-01-02"])).map(list)
)


def text_of(rows: list[list[str]]) -> str:
    """Rows as CSV under the header of deals.csv."""
    out = io.StringIO()
    csv.writer(out).writerows([["id", "account", "created"], *rows])
    return out.getvalue()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(ROW, max_size=30))
def test_rows_in_are_accepted_quarantined_or_duplicates(rows: list[list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        company = Company(Path(folder))
        company.has(text_of(rows))
        count = company.imports().counts[0]
        assert count.rows_in == len(rows) == count.accepted + count.quarantined + count.duplicates
        good = {tuple(cell.strip() for cell in row) for row in rows if len(row) == 3 and _is_good(row)}
        ids = Counter(id_ for id_, *_ in good)
        accepted = sum(ids[id_] == 1 for id_, *_ in good)  # two rows of one deal that differ are both refused
        assert count.accepted == accepted == len(company.facts())
        again = company.imports().counts[0]
        assert (again.accepted, again.rows_in) == (0, again.quarantined + again.duplicates)


def _is_good(row: list[str]) -> bool:
    return bool(row[0]) and "\x85" not in "".join(row) and row[2] in ("2025-01-01", "2025-01-02T10:00:00Z", "2025-01-02")


def test_importing_twice_changes_no_byte(company: Company) -> None:
    company.has("id,account,created\nd1,a,2025-01-01\nd2,a,soon\n")
    first = company.imports()
    before = company.bytes()
    second = company.imports()
    assert company.bytes() == before
    assert (first.already_imported, second.already_imported) == (False, True)
    assert second.batch == first.batch
    assert second.quarantine == first.quarantine
    assert (second.total("accepted"), second.total("duplicates"), second.total("quarantined")) == (0, 1, 1)


def test_the_same_file_makes_the_same_bytes_in_another_ledger(tmp_path: Path) -> None:
    digests = []
    for name in ("one", "two"):
        company = Company(tmp_path / name)
        company.has("id,account,created\n" + "".join(f"d{n * 7919 % 1009},a,2025-01-01\n" for n in range(2000)))
        company.imports()
        digests.append(company.ledger.digest)
    assert digests[0] == digests[1]


def test_the_order_of_rows_has_no_part_in_the_facts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f"d{n % 40},a{n % 7},2025-01-{n % 28 + 1:02}" for n in range(300)]
    facts, counts = [], []
    for seed in range(3):
        monkeypatch.setattr(chunk, "CHUNK", (7, 100, 1000)[seed])
        company = Company(tmp_path / str(seed))
        company.has("\n".join(["id,account,created", *random.Random(seed).sample(lines, len(lines))]))
        report = company.imports()
        facts.append(company.facts())
        counts.append((report.total("accepted"), report.total("duplicates")))
    assert facts[0] == facts[1] == facts[2]
    assert len(facts[0]) == counts[0][0]
    assert len(set(counts)) == 1


def test_a_missing_file_is_listed_and_the_rest_imported(company: Company) -> None:
    company.maps(DEALS + DEALS.split("extracts:")[1].replace("deals.csv", "more.csv").rstrip() + "\n")
    company.has("id,account,created\nd1,a,2025-01-01\n")
    report = company.imports()
    assert report.missing == ["more.csv"]
    assert [count.file for count in report.counts] == ["deals.csv"]


def test_a_bad_second_file_leaves_nothing_of_the_first(company: Company) -> None:
    company.maps(DEALS + DEALS.split("extracts:")[1].replace("deals.csv", "more.csv.gz").rstrip() + "\n")
    company.has("id,account,created\nd1,a,2025-01-01\n")
    whole = company.has("id,account,created\n" + "".join(f"d{number},a,2025-01-01\n" for number in range(50_000)), "more.csv.gz")
    whole.write_bytes(whole.read_bytes()[:-2_000])
    with pytest.raises(InputError, match=r"more\.csv\.gz:\d+: "):
        company.imports()
    assert company.ledger.tables == []
    assert [path.name for path in company.ledger.folder.iterdir()] == [".lock"]


def test_a_source_that_is_no_folder(company: Company) -> None:
    company.source.rmdir()
    with pytest.raises(InputError, match="no such folder"):
        company.imports()


def test_a_folder_with_an_apostrophe(tmp_path: Path) -> None:
    company = Company(tmp_path / "O'Brien & Sons")
    company.has("id,account,created\nd1,a,2025-01-01\n")
    company.imports()
    company.has("id,account,created\nd1,a,2025-01-01\nd2,a,2025-01-01\n")
    assert company.imports().total("accepted") == 1


def test_progress_tells_each_file_and_its_rows(company: Company) -> None:
    from dealml.importing.import_source import import_source

    company.has("id,account,created\nd1,a,2025-01-01\nd2,a,2025-01-01\n")
    told: list[tuple[str, int]] = []
    import_source(company.source, company.mapping, company.ledger, lambda file, rows: told.append((file, rows)))
    assert told == [("deals.csv", 2)]


def test_a_dry_run_does_everything_but_publish(company: Company) -> None:
    company.has("id,account,created\nd1,a,2025-01-01\nd2,a,soon\n")
    trial = company.imports(dry_run=True)
    assert (trial.dry_run, trial.total("accepted"), trial.total("quarantined"), trial.tables) == (True, 1, 1, ["deals"])
    assert company.ledger.tables == []
    assert not company.imports().already_imported
