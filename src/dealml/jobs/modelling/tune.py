"""Tune the trees of a model, and write the settings next to its specification."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from dealml.errors import ModelError
from dealml.files import atomic_write
from dealml.jobs.modelling.holdout import labelled_history
from dealml.jobs.progress import Progress, silent, within
from dealml.learning.encoding import schema_of
from dealml.learning.recipe.tuning import Trials, TuningResult, tune
from dealml.learning.spec import AUTO
from dealml.ledger.batches import digest_of
from dealml.load_definitions import load_model, tuned_path
from dealml.moments import as_utc64
from dealml.project import Project

FOLDER = "tuning"
"""Where a project keeps the trials of its searches."""


@dataclass(frozen=True)
class TuningReport:
    """What a search did."""

    model: str
    tuned: TuningResult
    file: Path
    """Where settings that helped were written."""


def tune_model(
    project: Project, name: str, trials: int, minutes: float, as_of: datetime | None = None, progress: Progress = silent
) -> TuningReport:
    """Search settings on rolling origins, and write `models/NAME.toml` where they help by more than a standard error.

    Raises
    ------
    ModelError
        When there is too little to hold out.
    """
    spec = load_model(project.folder, name, tuned=False)
    view, rows = labelled_history(project, spec, as_of, progress)
    served = view.served_features()
    # Where held-out time settles whether families are used, settings are those of the simpler model.
    features = rows.families.visible(rows.families.left_out(served) if spec.families == AUTO else served, as_utc64(view.end))
    compared = Trials.of(spec, rows, schema_of(rows.snapshots, features), as_utc64(view.end))
    if not compared.folds:
        raise ModelError(f"{name}: too few outcomes to compare settings on held-out rows; import more history")
    study = digest_of(project.ledger.digest, view.end.isoformat(), *features, *(f"{k}={v}" for k, v in asdict(spec.trees).items()))[:16]
    journal = project.folder / FOLDER / f"{name}.log"
    tuned = tune(compared, spec.trees, journal, study, trials, minutes, within(progress, "trials"))
    file = tuned_path(project.folder, name)
    if tuned.is_better:
        _write(file, name, tuned)
    else:
        file.unlink(missing_ok=True)
    return TuningReport(name, tuned, file)


def _write(file: Path, name: str, tuned: TuningResult) -> None:
    lines = [
        f"# Settings of {name}'s trees, written by dealml tune after {tuned.trials} trials: log loss lower by",
        f"# {tuned.gain:.4f} ± {tuned.error:.4f} on held-out rows. They take precedence over {name}.py; delete the file to go back.",
        "[trees]",
        *(f"{key} = {value}" for key, value in asdict(tuned.settings).items()),
    ]
    with atomic_write(file) as part:
        part.write_text("\n".join(lines) + "\n", encoding="utf-8")
