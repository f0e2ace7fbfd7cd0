"""Why probabilities changed between two moments, of one entity or of all that were open at both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

import pandas as pd
import pyarrow as pa

from dealml.errors import ModelError, UsageError
from dealml.jobs.absent import MissingPiece
from dealml.jobs.explaining.explain import why_not
from dealml.jobs.progress import Progress, silent
from dealml.jobs.scoring.population import EarlierPopulation, ScoringPopulation, scoring_population
from dealml.learning.encoding import HORIZON
from dealml.project import Project
from dealml.reasons.change import Change, change
from dealml.reasons.value_text import shown_values
from dealml.reasons.wording import Wording, wording_of
from dealml.scoring.export import check_destination, write_table
from dealml.scoring.score import ServedModel

CHANGES = pa.schema(
    [
        ("entity_id", pa.string()),
        ("part", pa.string()),
        ("feature", pa.string()),
        ("value_before", pa.string()),
        ("value_after", pa.string()),
        ("points", pa.float64()),
        ("probability_before", pa.float64()),
        ("probability_after", pa.float64()),
        ("sentence", pa.string()),
    ]
)

PARTS = ("time", "facts", "model", "calibration")


@dataclass(frozen=True)
class ScoreChanges:
    """All parts of all changes; of each entity they sum to the difference of its probabilities."""

    model: str
    horizon_days: int
    word: str
    version_before: int
    version_after: int
    entities: int
    table: pd.DataFrame
    """A row for each part that is not 0, with the columns of `CHANGES`."""

    @property
    def by_entity(self) -> pd.DataFrame:
        """A row for each entity that moved, the furthest first: both probabilities, `change`, each part's sum, the largest one's words."""
        first = self.table.drop_duplicates("entity_id").set_index("entity_id")
        sums = self.table.pivot_table(index="entity_id", columns="part", values="points", aggfunc="sum", fill_value=0.0)
        whole = first[["probability_before", "probability_after", "sentence"]].join(sums.reindex(columns=list(PARTS), fill_value=0.0))
        whole = whole.assign(change=whole["probability_after"] - whole["probability_before"])
        return whole.iloc[(-whole["change"].abs()).argsort(kind="stable")]


def explain_changes(
    project: Project,
    name: str,
    start: datetime,
    end: datetime,
    entity_id: str | None = None,
    version: int | None = None,
    version_before: int | None = None,
    out: Path | None = None,
    progress: Progress = silent,
) -> ScoreChanges:
    """Decompose the changes of probability at the main horizon: time, facts, model, calibration.

    Parameters
    ----------
    start, end
        The moments; the same one for two versions that saw the same facts.
    entity_id
        One entity; without it, all that were open at both moments.
    version, version_before
        The versions that made the later and the earlier probability; default the champion for both.
    out
        A table of all parts, Parquet or CSV.

    Raises
    ------
    UsageError
        When the moments are not in order, or nothing can have changed.
    InputError
        When the entity was not open at both.
    """
    if out:
        check_destination(out)
    if start > end:
        raise UsageError("--from: give a moment before --to")
    _, population = scoring_population(project, name, end, version, progress, start, version_before)
    compared = compare_populations(population, project.settings.company.language)
    if start == end and compared.earlier.version == compared.later.version:
        raise UsageError("--from: give a moment before --to, or the same one with --from-version N to compare two versions")
    both = [entity for entity in compared.both if entity_id in (None, entity)]
    if entity_id is not None and not both:
        raise why_not(project, entity_id, compared.missing_at(entity_id), [name])
    changes = score_changes_of(compared, both)
    if out:
        write_table(out, CHANGES, [pa.Table.from_pandas(changes.table, CHANGES, preserve_index=False)])
    return changes


def score_changes_of(compared: ComparedPopulations, ids: list[str]) -> ScoreChanges:
    """The score changes of entities that were open at both moments."""
    rows, model = compared.rows(ids), compared.later.fitted
    table = _worded(_parts(change(compared.earlier.fitted, model, *rows), ids, rows), compared.wording)
    return ScoreChanges(
        model.name, model.main_horizon, model.outcome_name, compared.earlier.version, compared.later.version, len(ids), table
    )


@dataclass(frozen=True, eq=False)
class ComparedPopulations:
    """A scoring population at two moments, with the versions that score each."""

    earlier: ServedModel
    population: ScoringPopulation
    """The later one, which holds the earlier too."""
    wording: Wording

    @property
    def later(self) -> ServedModel:
        """The version that scores the later moment."""
        return self.population.served

    @property
    def start(self) -> datetime:
        """The earlier moment."""
        return self._before.at

    @property
    def end(self) -> datetime:
        """The later moment."""
        return self.population.as_of

    @property
    def before(self) -> pd.DataFrame:
        """The features at the earlier moment."""
        return self._before.before

    @property
    def aged(self) -> pd.DataFrame:
        """The same facts seen from the later moment."""
        return self._before.aged

    @property
    def after(self) -> pd.DataFrame:
        """The features at the later moment."""
        return self.population.table

    @property
    def _before(self) -> EarlierPopulation:
        assert self.population.earlier is not None  # see `compare_populations`
        return self.population.earlier

    @cached_property
    def both(self) -> list[str]:
        """The ids of what was open at both moments."""
        there = set(self.after[self.population.spec.entity])
        return [entity for entity in self.before[self.population.spec.entity] if entity in there]

    def missing_at(self, entity_id: str) -> datetime:
        """The first of both moments at which an entity was not open."""
        moments = ((self.start, self.before), (self.end, self.after))
        return next(moment for moment, table in moments if entity_id not in set(table[self.population.spec.entity]))

    def rows(self, ids: list[str], horizon: int | None = None) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """Their features before, aged and after, at a horizon (default the main one), in the order of the ids."""
        horizon, entity = horizon or self.later.fitted.main_horizon, self.population.spec.entity
        before, aged, after = (_ordered(table, entity, ids, horizon) for table in (self.before, self.aged, self.after))
        return before, aged, after


def compare_populations(population: ScoringPopulation, language: str) -> ComparedPopulations:
    """Compare a population with its earlier moment.

    Raises
    ------
    ModelError
        When the version that was requested for the earlier moment cannot be used.
    """
    assert population.earlier is not None
    if isinstance(population.earlier.served, MissingPiece):
        raise ModelError(population.earlier.served.reason)
    return ComparedPopulations(population.earlier.served, population, wording_of(population.features, language))


def _worded(parts: pd.DataFrame, wording: Wording) -> pd.DataFrame:
    after = parts["value_after"].astype(object).where(parts["value_after"].notna(), None)
    sentences = [
        wording.sentence(feature, value) if part == "facts" else wording.say("change", part, meaning=wording.meaning(feature).text)
        for part, feature, value in zip(parts["part"], parts["feature"], after, strict=True)
    ]
    worded: pd.DataFrame = parts.assign(sentence=sentences)[CHANGES.names]
    return worded


def _ordered(table: pd.DataFrame, entity: str, ids: list[str], horizon: int) -> pd.DataFrame:
    rows = table.drop_duplicates(entity).set_index(entity, drop=False).loc[ids].reset_index(drop=True)
    return rows.assign(**{HORIZON: float(horizon)})


def _parts(change: Change, ids: list[str], tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """A row for each part of each entity that is not 0, in the order of entities, the largest first.

    Time leads from the first to the second of three tables, facts from the second to the third.
    """
    values = {name: [shown_values(table[name]) for table in tables] for name in change.names}
    whole = [
        {"row": row, "part": part, "feature": "", "value_before": None, "value_after": None, "points": float(points[row])}
        for part, points in (("model", change.model), ("calibration", change.calibration))
        for row in points.nonzero()[0]
    ]
    single = [
        {
            "row": row,
            "part": part,
            "feature": change.names[column],
            "value_before": values[change.names[column]][step][row],
            "value_after": values[change.names[column]][step + 1][row],
            "points": float(points[row, column]),
        }
        for step, (part, points) in enumerate((("time", change.time), ("facts", change.facts)))
        for row, column in zip(*points.nonzero(), strict=True)
    ]
    columns = ["row", "part", "feature", "value_before", "value_after", "points"]
    table = pd.DataFrame([*single, *whole], columns=columns)
    table = table.assign(size=-table["points"].abs()).sort_values(["row", "size"], kind="stable", ignore_index=True)
    rows = table["row"].to_numpy(dtype=int)
    return table.assign(entity_id=[ids[row] for row in rows], probability_before=change.before[rows], probability_after=change.after[rows])
