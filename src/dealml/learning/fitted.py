"""A fitted model: schema, rung and calibrator, kept as text and JSON under a digest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from dealml.errors import ModelError
from dealml.features.families.value_names import Value
from dealml.learning.calibration import Calibrator
from dealml.learning.encoding import Field, Schema
from dealml.learning.rungs import Rung, rung_from
from dealml.learning.rungs.recipe_changes import ARTEFACT_FORMAT, READABLE_FORMATS

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Explained:
    """Probabilities of some rows, and how each feature's part adds up to them.

    `base_margin + Σ log_odds = margin` and `base_probability + Σ points = probability`, row by row.
    """

    margin: Floats
    base_margin: Floats
    log_odds: Floats
    """Rows × features."""
    probability: Floats
    base_probability: Floats
    points: Floats
    """Rows × features, as shares of one: 0.12 is twelve points."""

    def of_rows(self, rows: npt.NDArray[np.bool_]) -> Explained:
        """The same of some of the rows."""
        return Explained(**{name: values[rows] for name, values in vars(self).items()})


@dataclass(frozen=True)
class FittedModel:
    """A fitted model, complete for use without its training data."""

    name: str
    entity: str
    outcome_name: str
    """What is predicted: won, cancelled, silent."""
    horizons: tuple[int, ...]
    main_horizon: int
    trained_through: str
    """ISO 8601: everything learned from was on record before."""
    ledger_digest: str
    schema: Schema
    rung: Rung
    calibrator: Calibrator
    counts: dict[str, int]
    settings: dict[str, Any] = field(default_factory=dict)
    """Of the trees, as the specification had them."""
    gate: dict[str, Any] = field(default_factory=dict)
    """The promotion gate, as the specification declared it before the training."""
    tried: tuple[dict[str, Any], ...] = ()
    """How each rung did on the held-out rows that decided; empty where too little could be held out."""
    first_snapshot: str = ""
    """ISO 8601: the moment of the first snapshot learned from."""
    cross_section: bool = False
    """Whether the source had no dates: such a model says nothing of time."""
    allowed_leaks: dict[str, str] = field(default_factory=dict)
    """Features that the leak gate found and a person let stay, each with the reason."""
    held_out: dict[str, Any] = field(default_factory=dict)
    """How the same recipe did on held-out later time: metrics with intervals, reliability curve; empty if too little could be held out."""
    format: int = ARTEFACT_FORMAT
    """Of its artefact: which training made it (`dealml.learning.rungs.recipe_changes`)."""
    fallback_reason: str = ""
    """Why a rate is served and not what was learned; empty where that is served, and in versions that did not keep it."""
    families: dict[str, tuple[Value, ...]] = field(default_factory=dict)
    """By family the values that had features in training."""
    family_trial: dict[str, Any] = field(default_factory=dict)
    """How it did with and without its families (`dealml.learning.recipe.family_trial`); empty where the specification settled that."""

    def probability(self, table: pd.DataFrame) -> Floats:
        """The served probability of each row of a feature table with `horizon_days`."""
        return self.calibrator.probability(self.rung.margin(self.schema.encode(table)))

    def probabilities(self, table: pd.DataFrame, horizons: Sequence[int]) -> Floats:
        """The served probabilities of each row of a feature table: rows × horizons."""
        margin = self.rung.margin(self.schema.encode_at(table, horizons))
        return self.calibrator.probability(margin).reshape(len(table), len(horizons))

    def explain(self, table: pd.DataFrame) -> Explained:
        """Probabilities with every feature's part in them.

        The part in points is the Aumann–Shapley share of a function of the margin alone (Aumann and
        Shapley 1974): log-odds times the calibrator's mean slope between base and margin.
        """
        matrix = self.schema.encode(table)
        parts, margin = self.rung.contributions(matrix), self.rung.margin(matrix)
        log_odds, base = parts[:, :-1], parts[:, -1]
        # Not base + Σ log_odds, whose last digit could make a probability fall as its date moves out.
        slope = self.calibrator.mean_slope(base, margin)
        g = self.calibrator.probability
        return Explained(margin, base, log_odds, g(margin), g(base), log_odds * slope[:, None])

    def save(self, folder: Path) -> str:
        """Write the artefact into an empty folder and return its digest."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "model.json").write_text(json.dumps(self._content(), indent=1, sort_keys=True, ensure_ascii=False), encoding="utf-8")
        if self.rung.trees is not None:
            (folder / "trees.txt").write_text(self.rung.trees, encoding="utf-8")
        files = {path.name: _digest(path) for path in sorted(folder.iterdir())}
        (folder / "manifest.json").write_text(json.dumps(files, indent=1, sort_keys=True), encoding="utf-8")
        return _digest(folder / "manifest.json")

    @property
    def digest(self) -> str:
        """The digest that `save` would return."""
        import tempfile

        with tempfile.TemporaryDirectory() as folder:
            return self.save(Path(folder))

    def _content(self) -> dict[str, Any]:
        content = {name: value for name, value in vars(self).items() if name not in ("schema", "rung", "calibrator")}
        parts = {"schema": asdict(self.schema), "calibrator": asdict(self.calibrator), "rung": self.rung.content()}
        # A model without families is written as it was before there were any: its digest stays.
        about_families = {name: value for name in ("families", "family_trial") if (value := content.pop(name))}
        return content | parts | about_families


def load_fitted(folder: Path, digest: str) -> FittedModel:
    """Read an artefact, after its digest was checked: a damaged tree file can kill the process.

    Raises
    ------
    ModelError
        When a file is missing or differs from what was saved.
    """
    manifest = folder / "manifest.json"
    if not manifest.is_file():
        raise ModelError(f"{folder}: no model artefact here; train the model again")
    if _digest(manifest) != digest:
        raise ModelError(f"{manifest}: differs from what was registered; do not use this model, roll back or train again")
    for name, expected in json.loads(manifest.read_text(encoding="utf-8")).items():
        if not (folder / name).is_file() or _digest(folder / name) != expected:
            raise ModelError(f"{folder / name}: missing or changed since it was saved; roll back or train again")
    return _from_content(json.loads((folder / "model.json").read_text(encoding="utf-8")), folder / "trees.txt")


def _from_content(content: dict[str, Any], trees: Path) -> FittedModel:
    if content["format"] not in READABLE_FORMATS:
        outdated = f"an artefact of format {content['format']}, which this version does not read"
        again = f"dealml train {content['name']} && dealml models promote {content['name']}"
        raise ModelError(f"{content['name']}: {outdated}; train again: {again}")
    fields = tuple(Field(f["name"], None if f["categories"] is None else tuple(f["categories"])) for f in content["schema"]["fields"])
    text = trees.read_text(encoding="utf-8") if trees.is_file() else None
    return FittedModel(
        name=content["name"],
        entity=content["entity"],
        outcome_name=content["outcome_name"],
        horizons=tuple(content["horizons"]),
        main_horizon=content["main_horizon"],
        trained_through=content["trained_through"],
        first_snapshot=content["first_snapshot"],
        ledger_digest=content["ledger_digest"],
        schema=Schema(fields, tuple(content["schema"]["dropped"])),
        rung=rung_from(content["rung"], text),
        calibrator=Calibrator(**content["calibrator"]),
        counts=content["counts"],
        settings=content["settings"],
        gate=content["gate"],
        tried=tuple(content["tried"]),
        cross_section=content["cross_section"],
        allowed_leaks=content["allowed_leaks"],
        held_out=content["held_out"],
        format=content["format"],
        fallback_reason=content.get("fallback_reason", ""),
        families={name: tuple(map(tuple, values)) for name, values in content.get("families", {}).items()},
        family_trial=content.get("family_trial", {}),
    )


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
