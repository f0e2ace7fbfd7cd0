"""Bytes that are no text are marked, in any encoding."""

from pathlib import Path

import pytest

from dealml.errors import InputError
from dealml.importing.files.chunk import UNDECODABLE
from dealml.importing.files.streams import open_text


def test_bytes_that_are_no_text_are_marked(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"a\xffb")
    with open_text(tmp_path / "t.csv", "utf-8") as stream:
        assert stream.read() == f"a{UNDECODABLE}b"
    with pytest.raises(InputError, match="unknown encoding 'klingon'"):
        open_text(tmp_path / "t.csv", "klingon")
