"""Write the page of one deal or account."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from pathlib import Path

from dealml.files import checked_page, write_page
from dealml.jobs.explaining.explain import ExplainContext, Explanation, explained, resolve_entity
from dealml.jobs.progress import Progress, silent
from dealml.learning.encoding import HORIZON
from dealml.ledger.entities import ENTITIES
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
    context = resolve_entity(project, entity_id, as_of, name, version, progress)
    return write_page(out, render_case(deal_page_of(explained(context, progress=progress), context)))


def deal_page_of(explanation: Explanation, context: ExplainContext) -> Case:
    """The content of the page of an explained entity."""
    facts, shown = context.facts, context.view.spec.shown
    amount = None if explanation.amount is None else Decimal(explanation.amount)
    about = [text_of(facts, feature) for feature in (shown.account, shown.stage, shown.owner)]
    moments, probability = _timeline(explanation, context)
    moment = "" if context.view.cross_section else f" as of {filters.moment(explanation.as_of)}"
    return Case(
        name=text_of(facts, shown.name) or explanation.entity_id,
        kind=ENTITIES[context.view.spec.entity].plural,
        about=tuple(part for part in (*about, filters.money(amount, explanation.currency) if amount is not None else "") if part),
        made=f"{explanation.entity_id}{moment}, {explanation.model} version {explanation.version}, {explanation.main['rung']}",
        horizon_days=explanation.main_horizon,
        word=explanation.outcome_name,
        start=explanation.main["base_probability"],
        end=explanation.main["probability"],
        groups=tuple((explanation.subjects[group.subject], group.points) for group in explanation.groups),
        facts=_facts(explanation, amount),
        moments=moments,
        probability=probability,
        events=context.view.events_of(explanation.entity_id),
        alike=tuple(
            Alike(
                case.entity_id,
                case.similarity,
                explanation.outcome_name if case.had else f"not {explanation.outcome_name}",
                case.days,
                case.common,
                case.apart,
            )
            for case in explanation.similar
        ),
        notes=explanation.notes,
    )


def _facts(explanation: Explanation, amount: Decimal | None) -> tuple[Fact, ...]:
    backed = {backing.feature: backing for backing in explanation.evidence}
    return tuple(
        Fact(
            points=reason["points"],
            money="" if amount is None else filters.money(amount * Decimal(reason["points"]), explanation.currency),
            sentence=reason["sentence"],
            like=backed[reason["feature"]].like,
            evidence=backed[reason["feature"]].sentence,
            warning=backed[reason["feature"]].warning,
        )
        for reason in explanation.main["reasons"]
    )


def _timeline(explanation: Explanation, context: ExplainContext) -> tuple[list[datetime], list[float]]:
    """What the model says of each Monday of the entity's life; nothing where there are no dates."""
    if context.view.cross_section:
        return [], []
    table = context.view.weekly_snapshots(explanation.entity_id)
    table = table[table["as_of"] < explanation.as_of]
    probabilities = (
        context.served.fitted.probability(table.assign(**{HORIZON: float(explanation.main_horizon)})).tolist() if len(table) else []
    )
    return [*(moment.to_pydatetime() for moment in table["as_of"]), explanation.as_of], [
        *probabilities,
        float(explanation.main["probability"]),
    ]
