"""Batches are immutable and appear whole or not at all, also with several imports at once."""

from __future__ import annotations

import json
import multiprocessing
import os
from pathlib import Path

import pyarrow as pa
import pytest

from dealml.errors import InputError, SetupError
from dealml.ledger import batches
from dealml.ledger.batches import LEDGER_VERSION, Manifest, manifests, publish, writing
from dealml.ledger.schema import TABLES
from tests.importing.company_fixtures import Company

DEAL = "id,account,created\nd1,a,2025-01-01\n"


def test_a_crash_before_the_rename_leaves_nothing_to_see(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    company.has(DEAL)

    def crash(*paths: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", crash)
        with pytest.raises(KeyboardInterrupt):
            company.imports()
    assert company.ledger.tables == []
    assert [path.name for path in company.ledger.folder.iterdir()] == [".lock"]
    assert company.imports().total("accepted") == 1


def _killed(company: Company) -> None:
    os.replace = lambda *paths: os._exit(9)  # type: ignore[assignment]
    company.imports()


def test_a_killed_import_leaves_nothing_to_see_and_the_next_one_sweeps(company: Company) -> None:
    company.has(DEAL)
    process = multiprocessing.get_context("fork").Process(target=_killed, args=(company,))
    process.start()
    process.join(60)
    assert process.exitcode == 9
    assert company.ledger.tables == []
    assert len(list(company.ledger.folder.glob(".unfinished-*"))) == 2
    assert company.imports().total("accepted") == 1
    assert not list(company.ledger.folder.glob(".unfinished-*"))


def _imports(company: Company) -> None:
    company.imports()


def test_two_imports_at_once_take_turns(company: Company) -> None:
    company.has("id,account,created\n" + "".join(f"d{n},a,2025-01-01\n" for n in range(3000)))
    spawn = multiprocessing.get_context("spawn")
    processes = [spawn.Process(target=_imports, args=(company,)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(60)
    assert [process.exitcode for process in processes] == [0, 0]
    assert len(manifests(company.ledger.folder)) == 1
    assert len(company.facts()) == 3000


def test_a_held_lock_is_said_in_one_line(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "LOCK_SECONDS", 0.1)
    company.has(DEAL)
    with writing(company.ledger.folder), pytest.raises(SetupError, match="another import has held the lock"):
        company.imports()


def test_a_published_batch_is_never_overwritten(tmp_path: Path) -> None:
    table = TABLES["accounts"].schema.empty_table()
    publish(tmp_path, Manifest("ab" * 32, "s", []), {"accounts": table})
    before = (tmp_path / ("ab" * 8) / "manifest.json").read_bytes()
    with pytest.raises(OSError, match="not empty"):
        publish(tmp_path, Manifest("ab" * 32, "other", []), {"accounts": table})
    assert (tmp_path / ("ab" * 8) / "manifest.json").read_bytes() == before
    assert not list(tmp_path.glob(".unfinished-*"))


def test_a_stream_and_a_table_are_written_alike(tmp_path: Path) -> None:
    table = pa.table({"a": range(10)})
    one = publish(tmp_path, Manifest("a" * 64, "s", []), {"t": table})
    two = publish(tmp_path, Manifest("b" * 64, "s", []), {"t": table.to_reader()})
    assert one.files == two.files


def test_a_damaged_manifest_is_said_in_one_line(company: Company) -> None:
    company.has(DEAL)
    company.imports()
    manifest = next(company.ledger.folder.glob("*/manifest.json"))
    manifest.write_text('{"batch": ', encoding="utf-8")
    with pytest.raises(InputError, match="damaged; restore the ledger's folder"):
        company.ledger.files("deals")


def test_the_digest_tells_what_the_ledger_holds(company: Company) -> None:
    empty = company.ledger.digest
    company.has(DEAL)
    company.imports()
    one = company.ledger.digest
    company.has(DEAL + "d2,a,2025-01-01\n")
    company.imports()
    assert len({empty, one, company.ledger.digest}) == 3


def rewrite_manifest(company: Company, **changes: object) -> Path:
    """Import one deal, and write its batch's manifest anew; a change to None leaves the key out."""
    company.has(DEAL)
    company.imports()
    manifest = next(company.ledger.folder.glob("*/manifest.json"))
    content = json.loads(manifest.read_text(encoding="utf-8")) | changes
    manifest.write_text(json.dumps({key: value for key, value in content.items() if value is not None}), encoding="utf-8")
    return manifest


def test_a_manifest_names_its_version(company: Company) -> None:
    manifest = rewrite_manifest(company)
    assert json.loads(manifest.read_text(encoding="utf-8"))["version"] == LEDGER_VERSION
    assert len(company.facts()) == 1


def test_a_batch_without_a_version_is_of_version_1_and_read(company: Company) -> None:
    rewrite_manifest(company, version=None)
    assert [manifest.version for _, manifest in manifests(company.ledger.folder)] == [1]
    assert len(company.facts()) == 1


def test_a_batch_of_a_newer_version_is_refused_in_one_line_and_left_alone(company: Company) -> None:
    manifest = rewrite_manifest(company, version=7, a_key_of_tomorrow=[])
    before = manifest.read_bytes()
    with pytest.raises(InputError, match=r"a batch of ledger version 7, and this dealml reads up to version 2; upgrade dealml$"):
        company.ledger.files("deals")
    with pytest.raises(InputError, match="upgrade dealml"):
        company.imports()
    assert manifest.read_bytes() == before
    assert [path.name for path in company.ledger.folder.iterdir() if path.name != ".lock"] == [manifest.parent.name]
