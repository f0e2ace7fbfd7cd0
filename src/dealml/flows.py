"""What the flows of a project need beyond the public API: its models, moments given as text, and results as tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from dealml.moment_parsing import parse_moment

if TYPE_CHECKING:
    from datetime import datetime

    from dealml.api.results.backtest_result import ForecastBacktestResult
    from dealml.api.results.import_result import ImportResult
    from dealml.api.results.promotion_result import PromotionResult
    from dealml.api.results.scenarios_result import ScenariosResult
    from dealml.api.results.scoring_result import ScoringResult
    from dealml.api.results.training_result import TrainingResult

__all__ = [
    "Progress",
    "backtest_table",
    "holdout_table",
    "import_table",
    "models_of",
    "models_with_facts",
    "models_with_pages",
    "moment_in",
    "older_rules",
    "parse_moment",
    "predicts_wins",
    "promotion_table",
    "scenario_table",
    "score_table",
    "silent",
    "version_summary",
]

Progress = Callable[[str, int, int], None]
"""Called with a step's name, how much of it is done, and of how much."""
Table = list[dict[str, object]]
"""One dict a row, as Prefect's table artifacts take it."""


def models_of(project: str | Path) -> list[str]:
    """The names of the models that a project defines.

    Parameters
    ----------
    project
        The project's folder.
    """
    from dealml.load_definitions import model_names

    return model_names(Path(project))


def older_rules(project: str | Path) -> str | None:
    """One line that says how to rebuild a project's ledger, where it has batches that an earlier dealml imported under other rules.

    Parameters
    ----------
    project
        The project's folder.
    """
    from dealml.ledger.older_rules import older_rules
    from dealml.project import Project

    return older_rules(Project(Path(project)).ledger.folder)


def models_with_pages(project: str | Path) -> list[str]:
    """The names of the models that have a review page: all but those that complete another model.

    Parameters
    ----------
    project
        The project's folder.

    Raises
    ------
    InputError
        When a definition cannot be imported.
    """
    from dealml.load_definitions import leading_models

    return leading_models(Path(project))


def models_with_facts(project: str | Path, models: Sequence[str]) -> list[str]:
    """Of some models, those whose outcome the ledger's facts can tell: a company without leads has nothing to learn of them.

    All of them where it can tell none, so that the first one says what is missing.

    Parameters
    ----------
    project
        The project's folder.
    models
        Names of its models.

    Raises
    ------
    InputError
        When a definition cannot be imported.
    """
    from dealml.load_definitions import load_model
    from dealml.project import Project

    tables, folder = set(Project(Path(project)).ledger.tables), Path(project)
    teachable = [name for name in models if any(tables.issuperset(outcome.needs) for outcome in load_model(folder, name).outcomes)]
    return teachable or list(models)


def moment_in(project: str | Path, as_of: str | None = None) -> datetime:
    """A moment as a text names it in the company's calendar, or the midnight that today began with there.

    Parameters
    ----------
    project
        The project's folder, whose settings name the company's zone.
    as_of
        A date (its midnight) or a time; None for today.

    Raises
    ------
    UsageError
        When the text is no ISO 8601 date or time.
    """
    from dealml.project import Project

    calendar = Project(Path(project)).calendar
    return calendar.read_moment(as_of, "as_of") if as_of else calendar.today()


def predicts_wins(project: str | Path, model: str) -> bool:
    """Whether a model predicts which deals are won, so that money can be forecast from it.

    Parameters
    ----------
    project
        The project's folder.
    model
        A model of the project.

    Raises
    ------
    UsageError
        When the project defines no such model.
    InputError
        When its definition cannot be imported.
    """
    from dealml.load_definitions import load_model

    spec = load_model(Path(project), model)
    return spec.entity == "deal_id" and not spec.completes


def silent(step: str, done: int, of: int) -> None:
    """Progress that is not shown.

    Parameters
    ----------
    step
        The name of a step.
    done
        How much of it is done.
    of
        Of how much.
    """


def import_table(result: ImportResult) -> Table:
    """The counts of an import: one row a file.

    Parameters
    ----------
    result
        What `import_source` returned.
    """
    return [{str(name).replace("_", " "): value for name, value in row.items()} for row in result.counts.to_dict("records")]


def notes_table(result: ImportResult) -> Table:
    """What an import refused or noted: one row a kind.

    Parameters
    ----------
    result
        What `import_source` returned.
    """
    refused = [{"kind": kind, "rows": rows, "what": "quarantined"} for kind, rows in sorted(result.quarantined_kinds.items())]
    noted = [{"kind": row["kind"], "rows": row["count"], "what": row["meaning"]} for row in result.notes.to_dict("records")]
    return refused + noted


def version_summary(result: TrainingResult) -> str:
    """A trained version, in Markdown.

    Parameters
    ----------
    result
        What `train` returned.
    """
    return (
        f"**{result.model} version {result.version}**{' (champion)' if result.is_champion else ''}: {result.learner}\n\n"
        f"- digest `{result.digest}`\n- ledger `{result.ledger_digest}`\n"
        f"- recorded before {result.trained_through}: {result.rows:,} rows of {result.entities:,} entities\n"
        f"- absent features: {', '.join(sorted(result.absent_features)) or 'none'}\n"
    )


def holdout_table(result: TrainingResult) -> Table:
    """The metrics on held-out rows: the model, then its baselines; empty where nothing was held out.

    Parameters
    ----------
    result
        What `train` returned.
    """
    if result.evaluation is None:
        return []
    rows: dict[str, dict[str, object]] = {}
    for name, metric, value, low, high in result.evaluation.metrics.itertuples(index=False):
        cells = rows.setdefault(str(name), {"forecast": str(name).replace("_", " ")})
        cells[str(metric).replace("_", " ")] = f"{value:.3f} ({low:.3f} to {high:.3f})"
    return list(rows.values())


def promotion_table(result: PromotionResult) -> Table:
    """The conditions of the promotion gate, each with whether it holds.

    Parameters
    ----------
    result
        What `promote_if_earned` returned.
    """
    return [
        {"condition": condition, "holds": "yes" if holds else "no", "measured": measured}
        for condition, holds, measured in result.conditions.itertuples(index=False)
    ]


def score_table(result: ScoringResult) -> Table:
    """What a scoring run did, as a table of one row.

    Parameters
    ----------
    result
        What `score` returned.
    """
    return [
        {
            "model": result.model,
            "version": result.version,
            "rung": result.learner,
            "entities": result.entities,
            "scores": len(result.scores),
            "new in the database": result.new,
            "absent features": len(result.absent_features),
            "unseen categories": ", ".join(f"{feature} {rows:,}" for feature, rows in result.unseen_texts.items()) or "none",
        }
    ]


def scenario_table(result: ScenariosResult) -> Table:
    """Win scenarios: one row each, the winning ones first.

    Parameters
    ----------
    result
        What `scenarios` returned.
    """
    return [
        {
            "scenario": row.name, "closed": row.deals, "won": row.won, "win rate": f"{row.win_rate:.0%}",
            "95% interval": f"{row.low:.0%} to {row.high:.0%}", "usual": f"{row.usual:.0%}", "lift": f"{row.lift:.2f}",
        }
        for row in result.scenarios.itertuples(index=False)
    ]  # fmt: skip


def backtest_table(result: ForecastBacktestResult) -> Table:
    """Past forecasts with what was won: one row a period.

    Parameters
    ----------
    result
        What `forecast_backtest` returned.
    """
    rows = result.periods[["period", "p10", "p90", "actual"]].itertuples(index=False)
    names = ("quarter", "P10", "P90", "actual")
    return [dict(zip(names, (period, *(f"{amount:,.0f}" for amount in amounts)), strict=True)) for period, *amounts in rows]
