"""Judging the sense of an import's new facts: what makes none is quarantined, counted or refused, as the project has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from dealml.errors import InputError
from dealml.importing.identity.sql import parquet
from dealml.importing.import_settings import ImportSettings
from dealml.importing.mapping.load import place_of
from dealml.importing.notes import MOST_EXAMPLES, NoteExample, Notes
from dealml.importing.quarantine import Quarantine
from dealml.importing.report import ExtractCounts
from dealml.importing.sense.early_outcomes import deals_never_open, outcomes_before_creation
from dealml.importing.sense.kinds import Action
from dealml.importing.sense.lead_conversions import conversions_before_creation, conversions_without_deal
from dealml.importing.sense.missing_rates import currencies_without_rate
from dealml.importing.sense.orphans import orphans
from dealml.importing.sense.senseless_rows import SenseInputs, SenselessRows
from dealml.importing.sense.unknown_words import unknown_words
from dealml.importing.sense.unlisted_stages import unlisted_stages
from dealml.importing.sense.waiting_facts import WaitingFacts
from dealml.importing.source_rows import QUARANTINE
from dealml.ledger.sql import literal

CHECKS: dict[str, Callable[[SenseInputs], Iterator[SenselessRows]]] = {
    "unlisted_stage": unlisted_stages,
    "unknown_word": unknown_words,
    "currency_without_rate": currencies_without_rate,
    "outcome_before_creation": outcomes_before_creation,
    "conversion_before_creation": conversions_before_creation,
    "orphan": orphans,
    "never_open": deals_never_open,
    "conversion_without_deal": conversions_without_deal,
}
"""By kind. Orphans come after what may quarantine the records that others refer to."""

_LISTED = 30
"""How many different values an error lists."""


@dataclass(frozen=True)
class Judge:
    """Where the findings of an import go."""

    inputs: SenseInputs
    settings: ImportSettings
    mapping_path: Path
    quarantine: Quarantine
    notes: Notes
    counts: Sequence[ExtractCounts]
    waiting: WaitingFacts
    left_out: frozenset[str]
    """Tables of entities of which a mapping left rows out on purpose: what is missing there may be one of them."""

    def judge(self) -> None:
        """Run every check over the new facts, and take in what waited for the records among them.

        Raises
        ------
        InputError
            Where the project refuses what was found.
        """
        for kind, check in CHECKS.items():
            refusals = [refusal for finding in check(self.inputs) if (refusal := self._take(kind, finding))]
            if refusals:
                raise InputError(f"{'; '.join(refusals)}; [imports] {kind} in dealml.toml says what becomes of such rows")
        if came := self.waiting.come_in(self.inputs.merged):
            self.notes.add("orphan_came_in", came, [])

    def _take(self, kind: str, finding: SenselessRows) -> str:
        """Do with a finding what the project has decided; what to refuse the import with, if anything."""
        con = self.inputs.work.con
        con.execute(f'CREATE OR REPLACE TEMP TABLE senseless AS SELECT DISTINCT ON ("row") * FROM ({finding.query}) ORDER BY "row"')
        number = self.inputs.work.number("SELECT count(*) FROM senseless")
        if not number:
            return ""
        action = self._action(kind, finding)
        if action == "refuse":
            return self._refusal(kind, finding, number)
        if action == "count":
            self.notes.add(kind, number, self._examples(finding))
        else:
            self._refuse_rows(kind, finding, number)
        return ""

    def _action(self, kind: str, finding: SenselessRows) -> Action:
        action = self.settings.action(kind)
        return "count" if action == "quarantine" and finding.about in self.left_out else action

    def _examples(self, finding: SenselessRows) -> Iterator[NoteExample]:
        first = f'SELECT "row", "column" || \': \' || value || \': \' || reason FROM senseless ORDER BY "row" LIMIT {MOST_EXAMPLES}'
        for row, text in self.inputs.work.con.sql(first).fetchall():
            yield NoteExample(finding.facts.extract.file, row, text)

    def _refuse_rows(self, kind: str, finding: SenselessRows, number: int) -> None:
        extract, work = finding.facts.extract, self.inputs.work
        query = f"""
            SELECT {literal(extract.file)} AS file, {literal(extract.into)} AS "into", "row", "column", value, reason,
                   {literal(kind)} AS kind
            FROM senseless ORDER BY "row\""""
        for batch in work.con.sql(query).to_arrow_reader(100_000):
            self.quarantine.add(pa.Table.from_batches([batch]).select(QUARANTINE.names).cast(QUARANTINE))
        if finding.about:
            self.waiting.add(finding, "senseless")
        for name, path in finding.facts.files.items():
            sound = work.write(f'SELECT * FROM {parquet([path])} WHERE "row" NOT IN (SELECT "row" FROM senseless)')
            work.replace(name, path, sound)
            finding.facts.files[name] = sound
        count = self.counts[finding.facts.number]
        count.accepted -= number
        count.quarantined += number

    def _refusal(self, kind: str, finding: SenselessRows, number: int) -> str:
        query = """SELECT value, count(*), min("row"), any_value("column"), any_value(reason) FROM senseless
                   GROUP BY value ORDER BY count(*) DESC, value"""
        values = self.inputs.work.con.sql(query).fetchall()
        _, _, row, column, reason = values[0]
        file = finding.facts.extract.file
        key = finding.key and ("extracts", str(self.inputs.work.mapping.extracts.index(finding.facts.extract)), *finding.key)
        place = place_of(self.mapping_path, key) if key else f"{file}:{row}: {column}"
        listed = ", ".join(
            f"{value!r} ({count:,} row{'s' if count > 1 else ''}, first {file}:{first})" for value, count, first, *_ in values[:_LISTED]
        )
        more = f" and {len(values) - _LISTED:,} others" if len(values) > _LISTED else ""
        return f"{place}: {number:,} × {kind}: {listed}{more}: {reason}"
