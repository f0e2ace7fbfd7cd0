"""The shared sets of real inputs, and examples' mappings that let in what they should not."""

from __future__ import annotations

import csv
import os
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[1]
DATA = Path(os.environ.get("DEALML_SHARED_DATA", ROOT.parent / "shared" / "data"))

_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_NAMES = {"CustomerID": "customerID", "Gender": "gender", "TenureMonths": "tenure", "ChurnLabel": "Churn", "ChurnScore": "ChurnScore"}
"""What the workbook calls otherwise than the CSV file, blanks apart."""


def shared(name: str) -> Path:
    """The folder of a shared set; the test is skipped where there is none."""
    if not (DATA / name).is_dir():
        pytest.skip(f"the shared set {name} is not there: {DATA / name}")
    return DATA / name


def mapping_of(example: str) -> Path:
    """The mapping of an example."""
    return ROOT / "examples" / example / "mapping.yaml"


def let_in(example: str, folder: Path, *changes: tuple[str, str]) -> Path:
    """An example's mapping with some of its text changed."""
    text = mapping_of(example).read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, f"{example}: {old!r}"
        text = text.replace(old, new)
    path = folder / f"{example}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def maven_with_account(folder: Path) -> Path:
    """Maven's mapping with the account's name as the deal's industry: empty for open deals only."""
    return let_in("maven_crm", folder, ("account: {column: account, known: never}", "industry: {column: account, known: created}"))


def telco_with_churn_score(folder: Path) -> tuple[Path, Path]:
    """The workbook of 33 columns as CSV under the example's names, and the example's mapping with `churn_score`."""
    source = folder / "telco"
    source.mkdir()
    header, *rows = _rows_of(shared("telco_churn") / "Telco_customer_churn.xlsx")
    names = [_NAMES.get(name.replace(" ", ""), name.replace(" ", "")) for name in header]
    with (source / "WA_Fn-UseC_-Telco-Customer-Churn.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([names, *rows])
    senior = ('{column: SeniorCitizen, values: {"0": "No", "1": "Yes"}}', "SeniorCitizen")
    score = ("      contract: Contract\n", "      contract: Contract\n      churn_score: {column: ChurnScore, type: number}\n")
    return source, let_in("telco", folder, senior, score)


def _rows_of(workbook: Path) -> Iterator[list[str]]:
    """The rows of a workbook's first sheet, each as long as the first."""
    with zipfile.ZipFile(workbook) as archive:
        texts = ["".join(item.itertext()) for item in ElementTree.parse(archive.open("xl/sharedStrings.xml")).getroot()]
        columns: list[str] = []
        for _, row in ElementTree.iterparse(archive.open("xl/worksheets/sheet1.xml")):
            if row.tag != f"{_SHEET}row":
                continue
            cells = {re.sub("[0-9]+", "", str(cell.get("r"))): _text(cell, texts) for cell in row}
            columns = columns or list(cells)
            yield [cells.get(column, "") for column in columns]
            row.clear()


def _text(cell: ElementTree.Element, texts: list[str]) -> str:
    value = cell.findtext(f"{_SHEET}v") or ""
    if cell.get("t") == "s":
        return texts[int(value)]
    return repr(float(value)) if "." in value else value
