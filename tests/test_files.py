"""Files are written completely or not at all."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from dealml.errors import InputError, UsageError
from dealml.files import atomic_write, checked_page, write_page

WRITER = """
import sys
from pathlib import Path
from dealml.files import atomic_write
for _ in range(300):
    with atomic_write(Path(sys.argv[1])) as part, part.open("w") as file:
        for _ in range(50):
            file.write(sys.argv[2] * 1000)
            file.flush()
"""


def test_two_processes_write_one_file_and_a_reader_sees_it_complete(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("a" * 50_000)
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(path), letter]) for letter in "ab"]
    contents = set()
    while any(writer.poll() is None for writer in writers):
        contents.add(path.read_text())
    assert [writer.returncode for writer in writers] == [0, 0]
    assert contents | {path.read_text()} <= {"a" * 50_000, "b" * 50_000}
    assert list(tmp_path.iterdir()) == [path]


def test_a_writer_that_fails_leaves_the_older_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "review.html"
    path.write_text("older")

    def fail() -> None:
        with atomic_write(path) as part:
            part.write_text("half of the new")
            raise OSError("no space left on device")

    with pytest.raises(OSError, match="no space left"):
        fail()
    assert path.read_text() == "older"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_can_be_read_by_everyone(tmp_path: Path) -> None:
    assert write_page(tmp_path / "page.html", "Größe") == 7
    assert stat.S_IMODE((tmp_path / "page.html").stat().st_mode) == 0o644


def test_a_file_in_a_folder_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder; make it first"):
        checked_page(tmp_path / "missing" / "page.html")


def test_a_page_of_another_ending(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"page\.pdf: end the file's name in \.html"):
        checked_page(tmp_path / "page.pdf")
