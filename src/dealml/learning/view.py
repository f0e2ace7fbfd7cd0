"""Feature tables of a model: of its whole history, or of the scoring population at a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

import ibis.expr.types as ir
import pandas as pd
import pyarrow as pa
from ibis.backends.duckdb import Backend

from dealml.as_of.connection import QuerySettings, connect
from dealml.as_of.corrected_events import what_holds
from dealml.as_of.known_tables import known_tables
from dealml.as_of.lives import MARK
from dealml.as_of.lives_form import LIVES
from dealml.errors import InputError, ModelError
from dealml.features.definition import features_in
from dealml.features.engine import Engine
from dealml.features.families.choice import FamilyChoices
from dealml.features.plan import Plan, entity_columns, plan
from dealml.learning.data_end import OF_DEALS, data_end
from dealml.learning.fitted import FittedModel
from dealml.learning.left_truncation import without_truncated
from dealml.learning.outcomes.outcome import Outcome
from dealml.learning.snapshots import at_moments, at_stake, at_stake_twice, closed, history, settled, settled_before, spells, unsettled
from dealml.learning.spec import Model
from dealml.learning.training_rows import TrainingRows, labelled
from dealml.ledger.cross_section import END, HORIZON_DAYS
from dealml.ledger.ledger import Ledger
from dealml.ledger.schema import TABLES

EVENTS = {
    "deal_changes": ("text", "Stage: {}"),
    "milestones": ("milestone", "Milestone: {}"),
    "offers": ("event", "Offer {}"),
    "subscriptions": ("event", "Subscription: {}"),
    "tickets": ("event", "Ticket {}"),
}
"""Tables whose facts are told as events of a life: the column that names one, and how it is said."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class View:
    """The ledger as known before a moment, ready to answer a model's features."""

    con: Backend
    tables: dict[str, ir.Table]
    spec: Model
    outcome: Outcome
    plan: Plan
    end: datetime
    cross_section: bool = False
    """Whether the ledger has no dates: `end` and the moments of snapshots are nominal then."""
    families: FamilyChoices = FamilyChoices()  # noqa: RUF009  (frozen)
    """Which values of families have features."""

    @classmethod
    def of(
        cls,
        ledger: Ledger,
        spec: Model,
        before: datetime | None = None,
        settings: QuerySettings = QuerySettings(),  # noqa: B008  (frozen)
        needs_outcome: bool = True,
        served: Sequence[FittedModel] = (),
        learns: bool = True,
    ) -> View:
        """Open a ledger for a model.

        Parameters
        ----------
        before
            Nothing recorded at or after this moment is seen; without it, the end of the data. A
            cross-section has no moments to choose from.
        needs_outcome
            Whether a ledger of deals without a single outcome is refused; where it is not, every deal is open.
        served
            Trained models whose features are wanted: the values of their families are theirs, whatever is frequent now.
        learns
            Whether values of families are chosen anew, for a model to learn from.

        Raises
        ------
        InputError
            When the ledger is empty or was imported in another zone, or a moment is asked of a cross-section.
        ModelError
            When the ledger cannot tell the model's outcome.
        """
        ledger.require_facts()
        ledger.require_zone(settings.time_zone)
        undated = ledger.is_cross_section
        if undated and before is not None:
            raise InputError(f"{ledger.folder}: a cross-section, which has no dates; leave --as-of out")
        con = connect(settings)
        end = END if undated else (before or data_end(con, ledger, _decisive(spec))).astimezone(settings.zone)
        tables = known_tables(con, ledger, end)
        # A version that learned from families is refitted with them, whatever the specification says by now.
        trained = [fitted.families for fitted in served if fitted.families]
        wanted = spec.all_families if spec.families or trained else ()
        families = FamilyChoices.of(con, tables, wanted, end, trained, learns)
        _complete(con, tables, [name for outcome in spec.outcomes for name in outcome.reads])
        features = plan(features_in(*spec.all_features, *families.features), spec.entity, tables)
        features = replace(features, absent=features.absent | families.absent)
        if not needs_outcome and "deals" in tables:
            _complete(con, tables, ["outcomes"])
        outcome = spec.outcome(tables)
        if undated and outcome.settled is None:
            instead = " or ".join(name for other in spec.outcomes if other.settled for name in other.needs)
            problem = f"a cross-section has no dates, so it cannot tell who is {outcome.outcome_name}"
            raise ModelError(f"{spec.name}: {problem}; {f'give {instead}' if instead else 'import facts with dates'}")
        return cls(con, tables, spec, outcome, features, end, undated, families)

    @property
    def horizons(self) -> tuple[int, ...]:
        """The days within which the outcome is predicted; one nominal day in a cross-section."""
        return (HORIZON_DAYS,) if self.cross_section else self.spec.horizons_for(self.outcome)

    def history(self, progress: Progress = lambda done, of: None, weekly_only: bool = True) -> pd.DataFrame:
        """Every past snapshot with its features and `event_at`; in a cross-section one of each settled entity.

        Parameters
        ----------
        weekly_only
            Leave out snapshots after changes of stage. They are no mix of what is scored: a deal that loops through stages has many
            (docs/decisions/0017).
        """
        arguments = (self.con, self.tables, self.spec.entity, self.outcome)
        snapshots = settled(*arguments) if self.cross_section else history(*arguments, self.end, weekly_only=weekly_only)
        return self._computed(snapshots, progress)

    def at_stake(self, progress: Progress = lambda done, of: None) -> pd.DataFrame:
        """What is open or active at the view's end, with its features; in a cross-section what is not settled."""
        arguments = (self.con, self.tables, self.spec.entity, self.outcome)
        snapshots = unsettled(*arguments) if self.cross_section else at_stake(*arguments, self.end)
        return self._computed(snapshots, progress).sort_values(self.spec.entity, ignore_index=True)

    def at_stake_then_and_now(
        self, earlier: datetime, progress: Progress = lambda done, of: None
    ) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
        """What was at stake at an earlier moment, the same with what was known then as it looks from the view's end, and what is now.

        Between the first two only time has passed, between the last two facts went on record. All is computed in one go.
        """
        if earlier == self.end:
            now = self.at_stake(progress)
            return now, now, now
        arguments = (self.con, self.tables, self.spec.entity, self.outcome)
        table = self._computed(at_stake_twice(*arguments, earlier, self.end), progress).sort_values(self.spec.entity)
        seen_now, known_now = table["as_of"] == self.end, table["known_by"] == self.end
        before, waited, after = (table[rows].reset_index(drop=True) for rows in (~seen_now, seen_now & ~known_now, known_now))
        return before, waited, after

    def at_moments(self, requested_moments: pa.Table, progress: Progress = lambda done, of: None) -> pd.DataFrame:
        """Entities as they stood at moments of their own, with what was known just before; those not at stake then are left out.

        As `at_stake` of a view that ends at each moment would have them, as long as the moments are midnights or this view's end:
        records of the whole company are told in whole days.

        Parameters
        ----------
        requested_moments
            The entity's column and `as_of`, UTC, none after the view's end.
        """
        return self._computed(at_moments(self.con, self.tables, self.spec.entity, self.outcome, requested_moments), progress)

    def settled(self, progress: Progress = lambda done, of: None) -> pd.DataFrame:
        """What is over by the view's end, with its features as it then stood, and `had`: whether it came to the outcome."""
        if self.cross_section:
            rows = self.labelled(self.history(progress))  # in an order of its own
            return rows.snapshots.iloc[rows.snapshot_index].assign(had=rows.label).reset_index(drop=True)
        arguments = (self.con, self.tables, self.spec.entity, self.outcome, self.end)
        return self._computed(settled_before(*arguments, self.spec.main_horizon), progress).sort_values(
            [self.spec.entity, "as_of"], ignore_index=True
        )

    def closed_deals(self, days: int, progress: Progress = lambda done, of: None) -> pd.DataFrame:
        """Every deal that was won or lost by the view's end, once, as it stood some days after it was opened, or closed if that was sooner.

        Returns
        -------
        DataFrame
            The features, `deal_id`, `account_id`, `since`, `as_of`, `ended_at` and `had` (1 for won), in order of `ended_at`; of a
            cross-section the settled deals, without `ended_at`.
        """
        if self.cross_section:
            return self.settled(progress)
        table = self._computed(closed(self.con, self.tables, self.outcome, self.end, days), progress)
        table = table.sort_values(["ended_at", "deal_id"], ignore_index=True)
        # A record that was merged has closed in each of its lives; it is one deal.
        return table.drop_duplicates("deal_id", keep="last", ignore_index=True)

    def spells(self, entity_id: str) -> list[tuple[datetime, datetime | None]]:
        """When an entity was at stake, as far as is known at the view's end: since when, and until when, if that is known."""
        all_spells = spells(self.con, self.tables, self.spec.entity, self.outcome)
        entity_rows = all_spells.filter(self._is_of(all_spells, entity_id)).order_by("since")
        return [(row["since"], row["until"]) for row in self.con.to_pyarrow(entity_rows.select("since", "until")).to_pylist()]

    def weekly_snapshots(self, entity_id: str) -> pd.DataFrame:
        """One entity's Mondays up to the view's end, with their features as they stood then; none in a cross-section."""
        snapshots = history(self.con, self.tables, self.spec.entity, self.outcome, self.end, weekly_only=True)
        entity_rows = snapshots.filter(self._is_of(snapshots, entity_id))
        return self._computed(entity_rows, lambda done, of: None).sort_values("as_of", ignore_index=True)

    def events_of(self, entity_id: str) -> list[tuple[datetime, str]]:
        """What went on record of one entity by the view's end, when it occurred, in the order of time."""
        events = []
        for name, (column, words) in EVENTS.items():
            table = self.tables.get(name)
            if table is None or self.spec.entity not in table.columns:
                continue
            entity_rows = what_holds(table.filter(table[self.spec.entity] == entity_id))
            entity_rows = entity_rows.filter(entity_rows.field == "stage") if name == "deal_changes" else entity_rows
            facts = self.con.to_pyarrow(entity_rows.select("occurred_at", text=entity_rows[column].cast("string"))).to_pylist()
            events += [(row["occurred_at"], words.format(row["text"].replace("_", " "))) for row in facts if row["text"]]
        return sorted(events)

    def _is_of(self, table: ir.Table, entity_id: str) -> ir.BooleanValue:
        """Which rows are of an entity, in any life of its record."""
        ids = table[self.spec.entity]
        return (ids == entity_id) | ids.startswith(entity_id + MARK)

    def labelled(self, table: pd.DataFrame) -> TrainingRows:
        """The training rows of a history, without those from before outcomes are on record (`dealml.learning.left_truncation`)."""
        rows = labelled(table, self.spec.entity, self.horizons, self.end, self.outcome.is_absence_of_event, self.cross_section)
        if self.outcome.may_be_truncated:
            rows = without_truncated(rows, self.outcome.outcome_name)
        return replace(rows, families=self.families)

    def served_features(self) -> list[str]:
        """The names of the features that a model sees."""
        return [feature.name for feature in self.plan.features if feature.served]

    def _computed(self, snapshots: ir.Table, progress: Progress) -> pd.DataFrame:
        frame: pd.DataFrame = pa.concat_tables(self._engine.compute(snapshots, progress=progress)).to_pandas()
        return self._with_record_ids(frame)

    def _with_record_ids(self, frame: pd.DataFrame) -> pd.DataFrame:
        """A table under the ids of records in place of those of their lives."""
        if not any(name.startswith(LIVES) for name in self.tables):
            return frame
        ids = [name for name in entity_columns(self.spec.entity) if name in frame]
        return frame.assign(**{name: frame[name].str.replace(f"{MARK}.*", "", regex=True) for name in ids})

    @cached_property
    def _engine(self) -> Engine:
        """Made once: the company's record is the same for all snapshots of a view."""
        return Engine(self.con, self.tables, self.plan, self.spec.entity)


def _complete(con: Backend, tables: dict[str, ir.Table], names: Iterable[str]) -> None:
    """Put tables without a fact where the ledger has none."""
    for name in set(names) - set(tables):
        con.con.register(f"no_{name}", TABLES[name].empty_in_order)
        tables[name] = con.table(f"no_{name}")


def _decisive(spec: Model) -> tuple[str, ...]:
    """The tables whose extracts settle a model's labels."""
    return OF_DEALS if spec.entity == "deal_id" else tuple(dict.fromkeys(name for outcome in spec.outcomes for name in outcome.needs))
