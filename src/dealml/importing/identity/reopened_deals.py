"""Deals that were closed and whose stage is open again: outcomes that a file tells by its stages alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from dealml.importing.identity.sql import columns_of, listed, packed, parquet
from dealml.importing.identity.workspace import Workspace
from dealml.importing.mapping.column import Attribute
from dealml.importing.mapping.extract import Extract
from dealml.importing.selection import condition_holds
from dealml.ledger.sql import literal

CLOSED = ("won", "lost")


@dataclass(frozen=True)
class StageOutcomes:
    """A file of which one column gives both the stage of a deal and its outcome."""

    outcomes: Extract
    stages: Extract

    @property
    def stage(self) -> Attribute:
        """The attribute that the column becomes."""
        return self.stages.attributes["stage"]

    @property
    def is_history(self) -> bool:
        """Whether the rows are history themselves, not the stage of today."""
        return self.stages.into == "deal_changes"

    @property
    def has_same_clocks(self) -> bool:
        """Whether a row's stage and outcome are dated by the same columns."""
        return all(self.outcomes.columns.get(c) == self.stages.columns.get(c) for c in ("occurred_at", "recorded_at"))

    def is_open(self, text: str) -> bool:
        """Whether a stage, as the ledger has it, is one of an open deal.

        It is neither won nor lost. Where an order is declared, it also stands in it, and not after a won stage: what follows a sale,
        such as its delivery, opens no deal.
        """
        if self._outcomes_of(text):
            return False
        order = self.stage.order
        if not order:
            return True
        return text in order and not any("won" in self._outcomes_of(earlier) for earlier in order[: order.index(text)])

    def _outcomes_of(self, text: str) -> set[str]:
        """The outcomes that a stage, as the ledger has it, stands for; of a file's texts several may become one stage."""
        written = [source for source, stage in self.stage.values.items() if stage == text] if self.stage.values else [text]
        return {outcome for outcome in map(self._outcome, written) if outcome in CLOSED}

    def _outcome(self, text: str) -> str | None:
        condition, outcome = self.outcomes.where.get(str(self.stage.column)), self.outcomes.columns["outcome"]
        if condition and not condition_holds(pd.Series([text], dtype="str"), condition)[0]:
            return None
        if outcome.column != self.stage.column:
            # Another column says which outcome it is, so the stage is not taken for a won one.
            return outcome.constant if outcome.constant in CLOSED else "lost"
        return outcome.values.get(text) if outcome.values else text


def stage_outcomes(extracts: tuple[Extract, ...]) -> Iterator[StageOutcomes]:
    """The extracts of a mapping that tell outcomes and stages by one column; not those that name what reopens a deal."""
    for outcomes in (e for e in extracts if e.into == "outcomes"):
        outcome = outcomes.columns["outcome"]
        for stages in (e for e in extracts if e.file == outcomes.file and "stage" in e.attributes):
            stage = stages.attributes["stage"]
            if stages.into not in ("deals", "deal_changes") or stage.known or stage.extract or outcome.extract or not stage.column:
                continue
            names_reopening = "reopened" in (outcome.values or {}).values()
            if not names_reopening and (outcome.column == stage.column or stage.column in outcomes.where):
                yield StageOutcomes(outcomes, stages)


def reopened_deals(work: Workspace, both: StageOutcomes) -> str | None:
    """The query of the outcomes `reopened` that the ledger lacks; None where no stage is open.

    Of a history each row with an open stage after a won or lost one counts, in the ledger and in this import, so that it
    makes no difference how the rows are split over extracts; `reopened` on an open deal is nothing.
    """
    if not both.is_history:
        brought = f"SELECT deal_id FROM {work.in_import('deal_changes')} WHERE field = 'stage'"
        return reopened_today(work, both, brought, work.seen) if "deal_changes" in work.new_files else None
    files = [*work.fed_by(both.stages.file, both.stages.into, "deal_changes"), *work.new_files.get("deal_changes", [])]
    stages = f"(SELECT * FROM {parquet(files)} WHERE field = 'stage' AND \"text\" IS NOT NULL)"
    return _query(work, both, stages, _OF_HISTORY, work.seen) if files else None


def reopened_today(work: Workspace, both: StageOutcomes, deals: str, at: str) -> str | None:
    """The query of the outcomes `reopened` by the stages that deals have when an extract is taken; None where no stage is open.

    The stage is later than the closing, and the extract not of the day of the closing: its time of day may be missing.

    Parameters
    ----------
    deals
        The query of the ids of the deals that are asked for.
    at
        When the extract was taken, in SQL.
    """
    order = packed(["occurred_at", "recorded_at", "sequence", "number"])
    path = work.write(_STAGES.format(stored=work.stored("deal_changes"), deals=deals, order=order, at=at))
    return _query(work, both, parquet([path]), _OF_TODAY, at)


def _query(work: Workspace, both: StageOutcomes, stages: str, form: str, at: str) -> str | None:
    texts = [text for (text,) in work.con.sql(f'SELECT DISTINCT "text" FROM {stages}').fetchall()]
    opened = [text for text in texts if both.is_open(text)]
    if not opened:
        return None
    return form.format(
        columns=listed(columns_of("outcomes")),
        stages=stages,
        opened=", ".join(map(literal, opened)),
        stored=work.stored("outcomes"),
        pause="INTERVAL 0 DAY" if both.has_same_clocks else "INTERVAL 1 DAY",
        seen=at,
    )


# The stage of each deal, whoever told of it, with the moment since when it holds.
_STAGES = """
    SELECT deal_id, "text", "sequence", occurred_at AS since, {at} AS occurred_at, {at} AS recorded_at
    FROM {stored} WHERE field = 'stage' AND "text" IS NOT NULL AND recorded_at <= {at} AND deal_id IN ({deals})
    QUALIFY row_number() OVER (PARTITION BY deal_id ORDER BY {order} DESC) = 1"""

_FOUND = """
    found AS (
        SELECT DISTINCT s.deal_id, 'reopened' AS outcome, NULL::VARCHAR AS reason, NULL::VARCHAR AS competitor,
               s.occurred_at, s.recorded_at, s."sequence"
        FROM {stages} AS s JOIN closings AS c ON s.deal_id = c.deal_id
        WHERE s."text" IN ({opened}) AND (CONDITION))
    SELECT {columns}, NULL::BIGINT AS "row" FROM (SELECT {columns} FROM found EXCEPT SELECT {columns} FROM {stored})"""

_OF_HISTORY = """
    WITH closings AS (SELECT * FROM {stored} WHERE outcome IN ('won', 'lost')),""" + _FOUND.replace(
    "CONDITION",
    """s.recorded_at > c.recorded_at + {pause} AND s.occurred_at >= c.occurred_at
        OR s.recorded_at = c.recorded_at AND s.occurred_at = c.occurred_at AND s."sequence" > c."sequence\"""",
)

_OF_TODAY = """
    WITH last AS (
        SELECT deal_id, recorded_at, outcome FROM {stored} WHERE recorded_at <= {seen}
        QUALIFY row_number() OVER (PARTITION BY deal_id ORDER BY recorded_at DESC, occurred_at DESC, "sequence" DESC, outcome) = 1),
    closings AS (SELECT * FROM last WHERE outcome IN ('won', 'lost')),""" + _FOUND.replace(
    "CONDITION", "s.since > c.recorded_at AND s.recorded_at > c.recorded_at + INTERVAL 1 DAY"
)
