"""Write the page of one deal or account."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

from dealml.files import checked_page, write_page
from dealml.jobs.explaining.explain import ExplainContext, Explanation, explained, resolve_entity
from dealml.jobs.progress import Progress, silent
from dealml.learning.encoding import HORIZON
from dealml.page.deal.page import Alike, Case, Fact, render_case
from dealml.page.review.rows import text_of
from dealml.page.shared import filters
from dealml.project import Project


def write_deal_page(
    project: Project,
    entity_id: str,
    as_of: datetime | None,
    out: Path,
    name: str | None = None,
    version: int | None = None,
    progress: Progress = silent,
) -> int:
    """Write one self-contained HTML page about one entity, and return its bytes; errors as for `explain`, and for the file."""
    checked_page(out)
    seen = resolve_entity(project, entity_id, as_of, name, version, progress)
    return write_page(out, render_case(_case(explained(project, seen, progress=progress), seen)))


def _case(found: Explanation, seen: ExplainContext) -> Case:
    facts, shown = {str(key): value for key, value in seen.row.iloc[0].items()}, seen.view.spec.shown
    amount = None if found.amount is None else Decimal(found.amount)
    known = [text_of(facts, feature) for feature in (shown.account, shown.stage, shown.owner)]
    moments, probability = _life(found, seen)
    moment = "" if seen.view.cross_section else f" as of {filters.moment(found.as_of)}"
    return Case(
        name=text_of(facts, shown.name) or found.entity_id,
        kind="deals" if seen.view.spec.entity == "deal_id" else "accounts",
        about=tuple(part for part in (*known, filters.money(amount, found.currency) if amount is not None else "") if part),
        made=f"{found.entity_id}{moment}, {found.model} version {found.version}, {found.main['rung']}",
        horizon_days=found.main_horizon,
        word=found.word,
        start=found.main["base_probability"],
        end=found.main["probability"],
        groups=tuple((found.subjects[group.subject], group.points) for group in found.groups),
        facts=_facts(found, amount),
        moments=moments,
        probability=probability,
        events=seen.view.events_of(found.entity_id),
        alike=tuple(
            Alike(one.entity_id, one.similarity, found.word if one.had else f"not {found.word}", one.days, one.common, one.apart)
            for one in found.similar
        ),
        notes=found.notes,
    )


def _facts(found: Explanation, amount: Decimal | None) -> tuple[Fact, ...]:
    backed = {backing.feature: backing for backing in found.evidence}
    return tuple(
        Fact(
            points=reason["points"],
            money="" if amount is None else filters.money(amount * Decimal(reason["points"]), found.currency),
            sentence=reason["sentence"],
            like=backed[reason["feature"]].like,
            evidence=backed[reason["feature"]].sentence,
            warning=backed[reason["feature"]].warning,
        )
        for reason in found.main["reasons"]
    )


def _life(found: Explanation, seen: ExplainContext) -> tuple[list[datetime], list[float]]:
    """What the model says of each Monday of the entity's life; nothing where there are no dates."""
    if seen.view.cross_section:
        return [], []
    table = seen.view.weekly_snapshots(found.entity_id)
    table = table[table["as_of"] < found.as_of]
    said = seen.chosen.fitted.probability(table.assign(**{HORIZON: float(found.main_horizon)})).tolist() if len(table) else []
    return [*(moment.to_pydatetime() for moment in table["as_of"]), found.as_of], [*said, float(found.main["probability"])]
