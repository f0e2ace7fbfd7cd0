"""A project whose registry holds versions of known worth, without a training."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from dealml.learning.calibration import Calibrator
from dealml.learning.promotion_gate import Gate
from dealml.project import Project
from dealml.tracking import Registry
from tests.conftest import Company, made_in_place, with_registry_copied

POOR, GOOD, WORSE = 1, 2, 3
"""Versions of `tiny`: a champion that is far too hopeful, the model as it was trained, and one more hopeful still."""


def contested(copied: Callable[[Path], Project], company: Company, factory: pytest.TempPathFactory, folder: Path) -> Project:
    """A copy of the company's project with the three versions. Their gate is quick, and wide enough for so small a company.

    The versions are recorded once for all workers of a run.
    """

    def make(made: Path) -> None:
        project = copied(made)
        trained = replace(company.tiny.fitted, gate=asdict(Gate(resamples=100, max_calibration_error=0.15)))
        for calibrator in {POOR: Calibrator(0.2, 0.8), GOOD: trained.calibrator, WORSE: Calibrator(0.2, 2.0)}.values():
            version = replace(trained, calibrator=calibrator)
            registry_of(project).record(version, {"verdict": "beats the base rate: by much"}, {"model.log_loss": 0.4})

    return Project(with_registry_copied(made_in_place(factory, "contested", make), folder))


def registry_of(project: Project) -> Registry:
    """The project's registry."""
    return Registry(project.tracking_uri, project.folder / "mlartifacts")
