"""Qualify every open deal and lead: five tests, the advice to pursue, nurture or decline, and what to ask next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from dealml.jobs.choosing.ask_next import ask_next
from dealml.jobs.choosing.open_population import OpenPopulation, open_population
from dealml.jobs.explaining.explain import why_not
from dealml.jobs.progress import Progress, silent
from dealml.load_definitions import load_qualification
from dealml.project import Project
from dealml.qualification.advice import CLASSES, Advice, advised
from dealml.qualification.definition import Qualification
from dealml.qualification.questions import ValuedQuestion
from dealml.qualification.refusal import refusal
from dealml.qualification.tested import TestedTable
from dealml.qualification.thresholds import Thresholds, load_thresholds
from dealml.qualification.verdicts import QualifiedEntity, comes_back, failed_tests, verdicts_of
from dealml.scoring.export import check_destination, write_table

_COLUMNS = pa.schema(
    [
        ("kind", pa.string()), ("id", pa.string()), ("account", pa.string()), ("stage", pa.string()), ("amount", pa.float64()),
        ("advice", pa.string()), ("probability", pa.float64()), ("ratio", pa.float64()), ("passed", pa.int64()), ("failed", pa.int64()),
        ("tests", pa.string()), ("ask_next", pa.string()), ("comes_back", pa.string()),
    ]
)  # fmt: skip


@dataclass(frozen=True)
class QualificationReport:
    """Every open deal and lead with its advice."""

    as_of: datetime | None
    """The moment; None for a cross-section, which has none."""
    currency: str
    entities: tuple[QualifiedEntity, ...]
    """Those to pursue first; within a class the likeliest first."""
    usual: Mapping[str, float | None]
    """By kind the probability that is usual; None where there is no model."""
    horizons: Mapping[str, int | None]
    """By kind the days within which the outcome is predicted; None where there is no model or no time."""
    thresholds: Thresholds
    notes: tuple[str, ...]

    def count(self, kind: str, advice: Advice) -> int:
        """How many of a kind have an advice."""
        return sum(entity.kind == kind and entity.advice == advice for entity in self.entities)


def qualify(
    project: Project, entity_id: str | None = None, as_of: datetime | None = None, out: Path | None = None, progress: Progress = silent
) -> QualificationReport:
    """Qualify what is open.

    Parameters
    ----------
    entity_id
        Only this deal or lead.
    as_of
        Use only what was recorded before this moment; without it, all.
    out
        A file for the table, Parquet or CSV: a row for each open deal or lead.

    Raises
    ------
    InputError
        When the project does not say how to qualify, or a threshold is of no test or out of its range, or the entity is not open.
    """
    if out:
        check_destination(out)
    definition = load_qualification(project.folder)
    thresholds = load_thresholds(project.folder, definition.test_names)
    populations = open_populations(project, definition, as_of, progress)
    entities = [
        entity for population in populations for entity in _qualified(project, population, definition, thresholds, entity_id, progress)
    ]
    if entity_id is not None and not entities:
        raise why_not(project, entity_id, as_of, [population.spec.name for population in populations])
    notes = dict.fromkeys(f"{population.kind}s: {note}" for population in populations for note in population.notes)
    report = QualificationReport(
        as_of=None if populations[0].view.cross_section else populations[0].view.end,
        currency=project.settings.company.currency,
        entities=tuple(sorted(entities, key=_order)),
        usual={population.kind: _number(population.usual) for population in populations},
        horizons={population.kind: population.horizon for population in populations},
        thresholds=thresholds,
        notes=tuple(notes),
    )
    if out:
        write_table(out, _COLUMNS, [qualification_table(report)])
    return report


def open_populations(project: Project, definition: Qualification, as_of: datetime | None, progress: Progress) -> list[OpenPopulation]:
    """Open deals, and open leads where there are tests of them and the ledger has any."""
    deals = open_population(project, definition.deal_model, definition.deals, as_of, progress)
    if not definition.leads or "leads" not in project.ledger.tables or project.ledger.is_cross_section:
        return [deals]
    return [deals, open_population(project, definition.lead_model, definition.leads, as_of or deals.view.end, progress)]


def qualification_table(report: QualificationReport) -> pa.Table:
    """A row for each open deal or lead."""
    rows = [
        {
            "kind": entity.kind, "id": entity.id, "account": entity.account, "stage": entity.stage, "amount": entity.amount,
            "advice": entity.advice, "probability": entity.probability, "ratio": entity.ratio, "passed": entity.passed,
            "failed": entity.failed, "tests": "; ".join(f"{verdict.test}: {verdict.state}" for verdict in entity.verdicts),
            "ask_next": entity.questions[0].words if entity.questions else None, "comes_back": "; ".join(entity.comes_back) or None,
        }
        for entity in report.entities
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, _COLUMNS)


def _qualified(
    project: Project,
    population: OpenPopulation,
    definition: Qualification,
    thresholds: Thresholds,
    entity_id: str | None,
    progress: Progress,
) -> list[QualifiedEntity]:
    is_lead = population.kind == "lead"
    tests, limits = (definition.leads, thresholds.leads) if is_lead else (definition.deals, thresholds.deals)
    table = population.table
    tested = TestedTable.of(tests, table, thresholds.needed)
    advice = advised(population.probability, population.usual, tested, limits)
    ids = table[population.spec.entity].to_numpy()
    rows = np.flatnonzero(np.ones(len(ids), bool) if entity_id is None else ids == entity_id)
    questions = ask_next(project, population, tests, rows, limits.pursue.win_rate * population.usual, progress)
    rest = _shown(population, table), tested, project.settings.company.language
    return [_entity(population, row, ids[row], str(advice[row]), questions[row], *rest) for row in rows.tolist()]


def _entity(
    population: OpenPopulation,
    row: int,
    id_: str,
    advice: str,
    questions: tuple[ValuedQuestion, ...],
    shown: Mapping[str, list[Any]],
    tested: TestedTable,
    language: str,
) -> QualifiedEntity:
    probability = _number(population.probability[row])
    return QualifiedEntity(
        kind=population.kind,
        id=id_,
        **{name: values[row] for name, values in shown.items()},
        advice=advice,  # type: ignore[arg-type]
        probability=probability,
        ratio=None if probability is None else probability / population.usual,
        verdicts=verdicts_of(tested, row),
        questions=questions,
        comes_back=() if advice == "pursue" else comes_back(tested, row),
        refusal=refusal(language, failed_tests(tested, row)) if advice == "decline" else "",
    )


def _shown(population: OpenPopulation, table: pd.DataFrame) -> dict[str, list[Any]]:
    """By field its values, None where they are missing."""
    shown = population.spec.shown
    names = {"name": shown.name, "account": shown.account, "stage": shown.stage, "amount": shown.amount_converted}
    absent = pd.Series(None, table.index, object)
    return {field: _plain(table.get(name, absent)) for field, name in names.items()}


def _plain(column: pd.Series) -> list[Any]:
    return column.astype(object).where(column.notna(), None).tolist()


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _order(entity: QualifiedEntity) -> tuple[str, int, float, str]:
    return entity.kind, CLASSES.index(entity.advice), -(entity.probability or 0.0), entity.id
