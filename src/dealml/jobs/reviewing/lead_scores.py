"""What scores of leads have besides: the chances at all horizons, and the evidence of the past for each reason."""

from __future__ import annotations

from typing import Any

from dealml.jobs.explaining.backing import SettledPast
from dealml.jobs.scoring.population import ScoringPopulation
from dealml.page.review.rows import LEAST_POINTS


def backed_scores(scores: list[dict[str, Any]], population: ScoringPopulation, past: SettledPast) -> list[dict[str, Any]]:
    """Scores at the main horizon with `chances` (days and probability, by horizon), and with `evidence` at each reason.

    Reasons that a page does not show get none.
    """
    model, table = population.served.fitted, population.table
    chances = model.probabilities(table, model.horizons)
    by_lead = {str(lead): place for place, lead in enumerate(table[model.entity])}
    columns = {str(name): table[name].tolist() for name in table}
    backed = []
    for score in scores:
        place = by_lead[score["entity_id"]]
        row = {name: column[place] for name, column in columns.items()}
        reasons = [_backed(reason, row, past) for reason in score["reasons"]]
        backed.append(score | {"chances": list(zip(model.horizons, chances[place].tolist(), strict=True)), "reasons": reasons})
    return backed


def _backed(reason: dict[str, Any], row: dict[str, Any], past: SettledPast) -> dict[str, Any]:
    return reason | {"evidence": past.backing(reason, row).text} if abs(reason["points"]) >= LEAST_POINTS else reason
