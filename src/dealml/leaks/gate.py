"""The leak gate: inspect a run's features, and refuse those with findings."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import pandas as pd

from dealml.errors import GateRefused, UsageError
from dealml.leaks.binning import BinnedColumn, column_of
from dealml.leaks.canaries import PlantedCanary, plant
from dealml.leaks.findings import Canary, Finding, Inspection
from dealml.leaks.inspection_sample import InspectionSample
from dealml.leaks.linear_probe import LinearProbe
from dealml.leaks.searches.filled_together import filled_together
from dealml.leaks.searches.ids_and_clocks import CalendarSearch
from dealml.leaks.searches.searcher import Searcher
from dealml.leaks.searches.single_feature_auc import AucMeasures, SingleFeatureAucs, by_power, out_of_line
from dealml.learning.training_rows import TrainingRows


def inspect(
    rows: TrainingRows, serving: pd.DataFrame | None, features: Sequence[str], main_horizon: float, more: Iterable[Finding] = ()
) -> Inspection:
    """Search all features of a run for leaks, and plant canaries to see whether the searches would find one.

    Parameters
    ----------
    rows
        The run's labelled rows.
    serving
        The feature table of what is at stake at the end of the data; None where the source has no dates.
    features
        The names of the features that the model would see.
    main_horizon
        The horizon at which single features are judged.
    more
        Findings from elsewhere, such as `changed_after_outcome`.
    """
    material = InspectionSample.of(rows, serving, features, main_horizon)
    columns = [column for column in map(material.column, features) if column.varies]
    searcher = Searcher.of(material)
    judges = AucMeasures.of(material)
    powers = {column.name: judges.power(column) for column in columns}
    findings = [*by_power(powers), *(finding for column in columns for finding in searcher.findings(column)), *more]
    findings += filled_together(material, columns, findings)
    planted = plant(material, LinearProbe.of(material, columns))
    canaries = tuple(_looked_for(canary, judges, searcher, list(powers.values())) for canary in planted)
    return Inspection(tuple(findings), canaries, _clocks(material, columns, {finding.feature for finding in findings}))


def _clocks(material: InspectionSample, columns: Iterable[BinnedColumn], refused: Collection[str]) -> tuple[Finding, ...]:
    search = CalendarSearch(material)
    return tuple(clock for column in columns if column.name not in refused and (clock := search.finding(column)))


def _looked_for(canary: PlantedCanary, judges: AucMeasures, searcher: Searcher, others: Sequence[SingleFeatureAucs]) -> Canary:
    """Let the same searches look at a canary."""
    column = column_of(canary.name, canary.values)
    alone = out_of_line(canary.name, judges.power(column), others) if column.varies else None
    findings = [*([alone] if alone else []), *searcher.findings(column)]
    return Canary(canary.name, canary.strength, canary.meaning, canary.share, findings[0].search if findings else None)


def refuse(inspection: Inspection, allowed: Mapping[str, str]) -> tuple[tuple[Finding, str], ...]:
    """Stop a run with leaks, unless each is allowed with a reason.

    Parameters
    ----------
    allowed
        For the name of a feature: why it may stay.

    Returns
    -------
    tuple
        The findings that were allowed, each with the reason.

    Raises
    ------
    GateRefused
        With every feature that is not allowed, and why it looks like a leak.
    UsageError
        When a reason is empty.
    """
    for name, reason in allowed.items():
        if not reason.strip():
            raise UsageError(f"--allow-leak {name} needs a reason that says why the feature is no leak: --reason TEXT")
    refused = [finding for finding in inspection.findings if allowed.keys().isdisjoint({finding.feature, finding.because})]
    if refused:
        reasons = "; ".join(f"{finding.feature}: {finding.reason}" for finding in refused)
        raise GateRefused(
            f"{reasons}. Declare since when it is known in the mapping, drop the feature, or allow it: --allow-leak NAME --reason TEXT"
        )
    return tuple((finding, allowed[finding.feature]) for finding in inspection.findings if finding.feature in allowed)
