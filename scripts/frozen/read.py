"""Read a dumped file as plain values: dictionaries, lists, numbers and words."""

from __future__ import annotations

import json
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd

SHOWN = ("title", "alt", "aria-label", "placeholder")
"""Attributes whose words a reader sees or hears."""
CELL = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read(path: Path) -> object:
    """The values in a file, by its kind."""
    if path.suffix == ".parquet":
        return {str(name): column for name, column in pd.read_parquet(path).items()}
    if path.suffix == ".xlsx":
        return _sheets(path)
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".html":
        return visible(text)
    try:
        return json.loads(text)
    except ValueError:
        return text.splitlines()


def visible(text: str) -> dict[str, object]:
    """The text nodes of a page in order, and the data that its script shows."""
    page = _Page()
    page.feed(text)
    return {"text": page.words, "data": [json.loads(data) for data in page.data]}


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.data: list[str] = []
        self._into: list[str] | None = self.words

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self._into = self.data if ("type", "application/json") in attributes else None
        self.words += [str(value) for name, value in attributes if name in SHOWN]

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._into = self.words

    def handle_data(self, data: str) -> None:
        if self._into is not None and data.strip():
            self._into.append(" ".join(data.split()) if self._into is self.words else data)


def _sheets(path: Path) -> dict[str, object]:
    """Each sheet's cells, row by row."""
    with zipfile.ZipFile(path) as file:
        book = ElementTree.fromstring(file.read("xl/workbook.xml"))
        sheets: dict[str, object] = {"names": [sheet.get("name") for sheet in book.iter(f"{CELL}sheet")]}
        for name in sorted(name for name in file.namelist() if name.startswith("xl/worksheets/sheet")):
            cells = ElementTree.fromstring(file.read(name)).iter(f"{CELL}c")
            sheets[name] = [_cell(cell) for cell in cells]
    return sheets


def _cell(cell: ElementTree.Element) -> str:
    """A cell's number or text; texts are in their cells, since the workbook is written row by row."""
    return "".join(part.text or "" for part in cell.iter() if part.tag in (f"{CELL}v", f"{CELL}t"))
