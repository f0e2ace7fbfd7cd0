"""A project whose models of winning and losing are served: quick to fit, without the gates of training."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from dealml.jobs.modelling.holdout import labelled_history
from dealml.jobs.progress import silent
from dealml.jobs.registry import registry_of
from dealml.learning.training import fit
from dealml.load_definitions import load_model
from dealml.project import Project
from tests.conftest import CUT

MONDAY = datetime(2025, 8, 25, tzinfo=UTC)
"""Of the open deals on this day some have a close date that has passed, and some one that is today."""

SHOWN = """Shown(
        name="deal_name", account="account_name", stage="stage", segment="segment", amount="amount", currency="currency",
        ends_in_days="days_to_close",
    )"""
WINNING = f'''"""A model of a few features that also shows what a deal is."""

from dealml import Model, Shown, Trees, Won
from features import account, champion, economics, milestones, segment, stage, timing

MODEL = Model(
    name="small", entity="deal_id", outcomes=(Won(),), horizons=(30, 90, 180), main_horizon=90,
    features=(stage.stage, stage.stage_place, milestones.milestones_reached, champion.champion_depth, segment.segment,
              segment.deal_name, timing.days_to_close, economics.amount, economics.currency, account.account_name),
    shown={SHOWN}, trees=Trees(num_boost_round=20),
)
'''
LOSING = '''"""What completes it."""

from dataclasses import replace

from dealml import Lost
from models.small import MODEL as SMALL

MODEL = replace(SMALL, name="small_loss", outcomes=(Lost(),), completes="small")
'''


def with_outlook(copied: Callable[[Path], Project], folder: Path, models: tuple[str, ...] = ("small", "small_loss")) -> Project:
    """A project of its own with `small` and `small_loss`, of which some are served, fitted as of `CUT`."""
    project = copied(folder)
    (folder / "models" / "small.py").write_text(WINNING, encoding="utf-8")
    (folder / "models" / "small_loss.py").write_text(LOSING, encoding="utf-8")
    for name in models:
        served_at_once(project, name, CUT)
    return project


def served_at_once(project: Project, name: str, as_of: datetime | None = None) -> None:
    """Register a version that is quick to fit, without the gates of training."""
    spec = load_model(project.folder, name)
    view, rows = labelled_history(project, spec, as_of, silent)
    fitted = fit(spec, rows, view.served_features(), view.outcome.outcome_name, view.end, project.ledger.digest, "logistic")
    registry_of(project).record(fitted, {}, {})
