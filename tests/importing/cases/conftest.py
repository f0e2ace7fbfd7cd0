"""A company's project for one test: extracts of several days go in, and what dealml says of them comes out."""

from __future__ import annotations

import re
import textwrap
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import dealml
from dealml.api.results.import_result import ImportResult
from dealml.cli.main import main
from dealml.ledger.ledger import Ledger
from dealml.project import make_project

MODEL = '''"""What a test looks at."""

from dealml import Cancelled, Model, Shown, Silent, Won
from features import {subjects}

MODEL = Model(
    name="{name}", entity="{entity}", outcomes=({outcome},), horizons=(30,), main_horizon=30, shown=Shown(), features=({features},),
)
'''
OUTCOMES = {"deal_id": "Won()", "account_id": "Cancelled(), Silent(active_days=180, horizon_days=90)"}


class Office:
    """A project, and the extracts that its CRM wrote."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.source, self.mapping = folder / "project", folder / "extract", folder / "mapping.yaml"
        make_project(self.folder)
        self.source.mkdir()
        self.models = count()
        self.project = dealml.open(self.folder, progress=lambda *_: None)

    def lives_in(self, zone: str) -> None:
        """Name the company's zone in the settings."""
        file = self.folder / "dealml.toml"
        settings = re.sub('time_zone = ".*?"', f'time_zone = "{zone}"', file.read_text(encoding="utf-8"))
        file.write_text(settings, encoding="utf-8")
        self.project = dealml.open(self.folder, progress=lambda *_: None)

    def takes(self, at: str, mapping: str, allow_quarantine: bool = False, **files: str) -> ImportResult:
        """Import what the CRM wrote on a day: each file by its name without `.csv`, in place of all before."""
        for path in self.source.iterdir():
            path.unlink()
        for name, text in files.items():
            (self.source / f"{name}.csv").write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        self.mapping.write_text(f"dealml: 1\nextracted_at: {at}\n{textwrap.dedent(mapping)}", encoding="utf-8")
        return self.project.import_source(self.source, self.mapping, allow_quarantine=allow_quarantine)

    def open_deals(self, as_of: str, *features: str) -> dict[str, tuple[Any, ...]]:
        """The named features (`subject.feature`) of every open deal on a day, by its id."""
        return self._features("deal_id", as_of, features or ("timing.age",))

    def accounts(self, as_of: str, *features: str) -> dict[str, tuple[Any, ...]]:
        """The named features (`subject.feature`) of every active account on a day, by its id."""
        return self._features("account_id", as_of, features)

    def metrics(self, since: str, until: str) -> dict[str, Any]:
        """The sales metrics of a period by name, without those that name items."""
        frame = self.project.metrics(since, until).metrics
        return dict(frame[frame["item"] == ""].set_index("metric")["value"])

    def facts(self, table: str) -> list[dict[str, Any]]:
        """Every fact on record in a table."""
        return [row for path in Ledger(self.folder / "ledger").files(table) for row in pq.read_table(path).to_pylist()]

    def _features(self, entity: str, as_of: str, features: tuple[str, ...]) -> dict[str, tuple[Any, ...]]:
        subjects = ", ".join(sorted({feature.partition(".")[0] for feature in features}))
        name = f"watched_{next(self.models)}"  # a module that changes under its name might be read from Python's cache
        model = MODEL.format(name=name, entity=entity, outcome=OUTCOMES[entity], subjects=subjects, features=", ".join(features))
        (self.folder / "models" / f"{name}.py").write_text(model, encoding="utf-8")
        out = self.folder / "features.parquet"
        with pytest.raises(SystemExit) as stopped:
            main(["features", name, "--as-of", as_of, "--out", str(out), "--project", str(self.folder), "--json"])
        assert stopped.value.code == 0
        names = [feature.partition(".")[2] for feature in features]
        return {row[entity]: tuple(row[name] for name in names) for row in pq.read_table(out).to_pylist()}


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """A new project without facts."""
    return Office(tmp_path)
