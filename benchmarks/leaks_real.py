"""Real sets before the leak gate: honest mappings must pass, and leaks that a mapping lets in must be caught.

python -m benchmarks.leaks_real
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd

from benchmarks.common import ROOT, say, scratch, shared, show
from dealml import per
from dealml.features.definition import Feature
from dealml.importing.import_source import import_source
from dealml.leaks.gate import inspect
from dealml.learning.training_rows import TrainingRows, labelled
from dealml.learning.view import View
from dealml.load_definitions import load_model
from dealml.project import Project, make_project

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DATED = {"bpic2012": "bpic2012_loan", "friofrio": "friofrio_b2b", "online_retail": "online_retail", "maven_crm": "maven_crm"}
LET_IN = {
    "bpic2012": {"last_event_at": "moment_in_days"},
    "friofrio": {"last_modified_by": "text", "last_modified_date": "moment_in_days"},
    "maven_crm": {"account": "text"},
}
"""Attributes that the honest mapping keeps out, and how a feature would read each."""


def attribute(name: str, column: str) -> Feature:
    """A feature that is an attribute's latest value."""

    @per("deal_id", "deal_changes")
    def latest(change: Any) -> Any:
        """An attribute of the deal."""
        return change.latest(getattr(change, column), where=change.field == name)

    return replace(latest, name=name)


def leaky(mapping: str, names: dict[str, str]) -> str:
    """A mapping that lets attributes in as if they had been known from the start."""
    if "last_modified_date" in names:
        by = "last_modified_by: {column: Last_Modified_By, known: never}"
        mapping = mapping.replace(by, f"{by}\n      last_modified_date: {{column: Last_Modified_Date, type: moment, known: never}}")
    for name in names:
        mapping, count = re.subn(rf"(\n +{name}: {{[^\n]*known: )never", r"\1created", mapping)
        assert count == 1, name
    return mapping


def dated(example: str, let_in: dict[str, str]) -> dict[str, list[str]]:
    """What the gate says of an example, with some of what it keeps out let in."""
    source = shared(DATED[example], example)
    with scratch() as folder:
        make_project(folder / "project")
        project, mapping = Project(folder / "project"), folder / "mapping.yaml"
        mapping.write_text(leaky((ROOT / "examples" / example / "mapping.yaml").read_text(encoding="utf-8"), let_in), encoding="utf-8")
        import_source(source, mapping, project.ledger)
        spec = load_model(project.folder, "account_churn" if example == "online_retail" else "deal_win")
        spec = replace(spec, features=(*spec.features, *(attribute(name, column) for name, column in let_in.items())))
        view = View.of(project.ledger, spec, None, project.query_settings)
        return told(view.labelled(view.history()), view.at_stake(), view.served_features(), spec.main_horizon)


def told(rows: TrainingRows, serving: pd.DataFrame | None, features: list[str], horizon: float) -> dict[str, list[str]]:
    """The searches that came upon each feature."""
    found: dict[str, list[str]] = {}
    for finding in inspect(rows, serving, features, horizon).findings:
        found.setdefault(finding.feature, []).append(finding.search)
    return found


def sheet(path: Path) -> pd.DataFrame:
    """The first sheet of a workbook as texts."""
    with zipfile.ZipFile(path) as book:
        texts, cells = (ElementTree.fromstring(book.read(f"xl/{part}.xml")) for part in ("sharedStrings", "worksheets/sheet1"))
    known = ["".join(part.text or "" for part in text.iter(f"{SHEET}t")) for text in texts]
    rows = [dict(_cells(row, known)) for row in cells.iter(f"{SHEET}row")]
    return pd.DataFrame(rows[1:]).rename(columns=rows[0])


def _cells(row: ElementTree.Element, texts: list[str]) -> Iterator[tuple[str, str]]:
    for cell in row.iter(f"{SHEET}c"):
        value = cell.find(f"{SHEET}v")
        if value is not None and value.text is not None:
            yield cell.get("r", "").rstrip("0123456789"), texts[int(value.text)] if cell.get("t") == "s" else value.text


def customers(table: pd.DataFrame, key: str, label: str, left_out: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """What the gate says of a table of customers without dates."""
    at = pd.Timestamp("2000-01-01", tz="UTC")
    features = [name for name in table.columns if name not in (key, label, *left_out)]
    numbers = table[features].apply(pd.to_numeric, errors="coerce")
    is_number = numbers.notna().mean() > 0.9
    columns = {name: numbers[name] if is_number[name] else table[name].astype("str").where(table[name].notna()) for name in features}
    left = pd.Series(at + pd.Timedelta(hours=12), index=table.index).where(table[label] == "Yes")
    snapshots = pd.DataFrame(columns).assign(account_id=table[key], since=at, as_of=at, event_at=left)
    rows = labelled(snapshots, "account_id", (1,), datetime(2000, 2, 1, tzinfo=UTC), cross_section=True)
    return told(rows, None, features, 1.0)


def real_sets() -> dict[str, dict[str, Any]]:
    """Every set: what was expected, what was found, and whether that is the same."""
    rows = {example: (set(), dated(example, {})) for example in DATED}
    rows |= {f"{example}, leaks let in": (set(names), dated(example, names)) for example, names in LET_IN.items()}
    folder = shared("telco_churn", "telco")
    plain = pd.read_csv(folder / "WA_Fn-UseC_-Telco-Customer-Churn.csv", dtype=str, na_values=["", " "])
    rows["telco"] = (set(), customers(plain, "customerID", "Churn"))
    book = sheet(folder / "Telco_customer_churn.xlsx")
    rows["telco workbook"] = ({"Churn Score"}, customers(book, "CustomerID", "Churn Label", ("Churn Value", "Churn Reason")))
    return {
        name: {
            "expected": ", ".join(sorted(expected)) or "none",
            "found": ", ".join(f"{feature} ({'+'.join(searches)})" for feature, searches in found.items()) or "none",
            "met": set(found) == expected,
        }
        for name, (expected, found) in rows.items()
    }


def main() -> None:
    rows = real_sets()
    show("real sets", rows)
    say({"benchmark": "leaks_real", "sets": rows, "met": all(row["met"] for row in rows.values())})


if __name__ == "__main__":
    main()
