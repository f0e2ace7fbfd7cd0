"""The section of qualification: what to pursue, nurture and decline, by five tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dealml.formatting import cents, money, percent
from dealml.page.choosing.content import ChoosingSection
from dealml.page.shared.report_table import NONE, ReportCell, ReportTable
from dealml.qualification.advice import CLASSES
from dealml.qualification.verdicts import QualifiedEntity

KEY, TITLE = "qualification", "What to pursue, nurture and decline"
MOST_ROWS = 10
"""Deals and leads of a class that the page names; the export has all."""


def qualification_section(
    entities: Sequence[QualifiedEntity], horizons: Mapping[str, int | None], currency: str, notes: tuple[str, ...] = ()
) -> ChoosingSection:
    """The first of each class, deals before leads.

    Parameters
    ----------
    entities
        Those to pursue first; within a class the likeliest first.
    horizons
        By kind the days within which the probability is for; None where there is no model.
    """
    kinds = [kind for kind in ("deal", "lead") if any(entity.kind == kind for entity in entities)]
    parts = [(kind, advice, [e for e in entities if (e.kind, e.advice) == (kind, advice)]) for kind in kinds for advice in CLASSES]
    tables = tuple(_table(kind, advice, rows, horizons[kind], currency) for kind, advice, rows in parts if rows)
    counts = ", ".join(f"{advice} {len(rows):,} {kind}s" for kind, advice, rows in parts)
    lead = f"By their tests and chances: {counts}. A test is passed, failed, or unknown: then it is to be asked for."
    return ChoosingSection(KEY, TITLE, lead if tables else "", tables, "" if tables else "nothing is open", notes)


def _table(kind: str, advice: str, rows: Sequence[QualifiedEntity], horizon: int | None, currency: str) -> ReportTable:
    tests = [verdict.title for verdict in rows[0].verdicts]
    chance = "chance" if horizon is None else f"chance within {horizon} days"
    more = f", the first {MOST_ROWS} of {len(rows):,}" if len(rows) > MOST_ROWS else ""
    heads = (kind, "amount", chance, "times the usual", *tests, "ask next")
    return ReportTable(f"{advice.capitalize()}: {kind}s{more}", heads, tuple(_row(row, currency) for row in rows[:MOST_ROWS]))


def _row(entity: QualifiedEntity, currency: str) -> tuple[ReportCell, ...]:
    about = " · ".join(filter(None, (entity.account or entity.name, entity.stage)))
    amount = NONE if entity.amount is None else money(cents(entity.amount), currency)
    chance = "unknown" if entity.probability is None else percent(entity.probability)
    ratio = NONE if entity.ratio is None else f"{entity.ratio:.1f}"
    tests = (ReportCell(verdict.state) for verdict in entity.verdicts)
    ask = ReportCell("", entity.questions[0].words, loose=True) if entity.questions else ReportCell(NONE)
    return (ReportCell(entity.id, about), ReportCell(amount), ReportCell(chance), ReportCell(ratio), *tests, ask)
