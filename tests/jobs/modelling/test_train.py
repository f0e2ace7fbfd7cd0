"""The same facts give the same ledger, the same features and the same model, whatever the order in which they came."""

from __future__ import annotations

import csv
import random
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import yaml

from dealml.importing.import_source import import_source
from dealml.jobs.modelling.train import changes_since_champion, train
from dealml.learning.view import View
from dealml.load_definitions import load_model
from dealml.project import Project
from dealml.tracking import Registry
from tests.conftest import CUT, MAPPING, TINY, Company


def shuffled(source: Path, target: Path, seed: int) -> None:
    """Copies of CSV files with their rows, and the columns of each, in another order."""
    target.mkdir()
    chance = random.Random(seed)
    for path in sorted(source.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            header, *rows = csv.reader(file)
        places = chance.sample(range(len(header)), len(header))
        chance.shuffle(rows)
        with (target / path.name).open("w", encoding="utf-8", newline="") as file:
            # A row that is broken as a whole stays so.
            csv.writer(file).writerows([[row[p] for p in places] if len(row) == len(header) else row for row in [header, *rows]])


def parts(mapping: Path, folder: Path) -> list[Path]:
    """A mapping in two halves, the later extracts first, each half from its end to its beginning."""
    whole = yaml.safe_load(mapping.read_text(encoding="utf-8"))
    backwards = whole["extracts"][::-1]
    middle = len(backwards) // 2
    written = []
    for number, extracts in enumerate((backwards[:middle], backwards[middle:])):
        written.append(folder / f"part-{number}.yaml")
        written[-1].write_text(yaml.safe_dump(whole | {"extracts": extracts}, sort_keys=False), encoding="utf-8")
    return written


@pytest.fixture(scope="module")
def reordered(simulated: Path, empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The company of the suite, imported anew: rows, columns, extracts and batches in another order."""
    from dealml.project import make_project

    folder = tmp_path_factory.mktemp("reordered")
    shuffled(simulated / "export", folder / "export", seed=8)
    make_project(folder / "project")
    (folder / "project" / "models" / "tiny.py").write_text(TINY, encoding="utf-8")
    (folder / "project" / "mlflow.db").write_bytes(empty_store.read_bytes())
    project = Project(folder / "project")
    for mapping in parts(MAPPING, folder):
        import_source(folder / "export", mapping, project.ledger)
    return project


def history(project: Project) -> pd.DataFrame:
    """The history of the model `tiny`, in canonical order."""
    table = View.of(project.ledger, load_model(project.folder, "tiny"), CUT, project.query_settings).history()
    return table.sort_values(["deal_id", "as_of"], ignore_index=True)


def test_the_ledger_is_the_same(reordered: Project, imported: Project) -> None:
    assert len(list(reordered.ledger.folder.glob("*/manifest.json"))) == 2
    assert reordered.ledger.tables == imported.ledger.tables
    assert reordered.ledger.digest == imported.ledger.digest


def test_features_are_the_same(reordered: Project, imported: Project) -> None:
    pd.testing.assert_frame_equal(history(reordered), history(imported), check_exact=True)


def test_the_model_is_the_same(reordered: Project, company: Company) -> None:
    assert train(reordered, "tiny", CUT).registered.digest == company.tiny.registered.digest


def test_what_changed_since_the_champion_was_trained_is_told(company: Company, tmp_path: Path, empty_store: Path) -> None:
    (tmp_path / "mlflow.db").write_bytes(empty_store.read_bytes())
    registry = Registry(f"sqlite:///{tmp_path / 'mlflow.db'}", tmp_path / "mlartifacts")
    older = registry.record(replace(company.tiny.fitted, format=4), {}, {})
    assert ["one overall rate" in change for change in changes_since_champion(registry, older)] == [True]
    assert changes_since_champion(registry, registry.record(company.tiny.fitted, {}, {})) == ()
    shutil.rmtree(tmp_path / "mlartifacts")
    assert changes_since_champion(registry, older) == ()
