"""The report of a backtest: one HTML file that opens offline, with pictures and every table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isnan

from dealml.evaluation.baselines.baselines import DISPLAY_NAMES
from dealml.evaluation.figures.figure import DrawnFigure
from dealml.evaluation.holdout.backtest import Origin
from dealml.evaluation.metrics.bootstrap import Interval
from dealml.evaluation.metrics.lift import MEANINGS, TOP_MEASURES
from dealml.evaluation.metrics.metrics import METRICS
from dealml.evaluation.report.evaluate import METHODS, Evaluation
from dealml.evaluation.report.slice_metrics import LEAST_OUTCOMES, LEAST_ROWS, SliceMetrics
from dealml.ledger.entities import ENTITIES
from dealml.page.shared import filters
from dealml.page.shared.document import environment, part, policy
from dealml.page.shared.inline_figure import drawing
from dealml.page.shared.report_table import NONE, ReportCell, ReportTable

SIZE = (5.0, 4.2)
"""Of a picture, in inches: small, so that its letters are large enough on a phone."""

_NAMES = {name: name.replace("_", " ") for name in METRICS} | {"brier": "Brier", "brier_skill": "Brier skill", "auc": "AUC"}
_KINDS = {
    "horizon": "days ahead",
    "age": "days since it came into play",
    "life": "share of a deal's life that had passed",
    "origin": "origin",
    "repeat": "repeat",
}
"""What a kind of slice is called, where it is not what it is called."""


def render_backtest(
    evaluation: Evaluation, origins: Sequence[Origin], pictures: Sequence[DrawnFigure], company: str, ledger_digest: str
) -> str:
    """Make the page.

    Parameters
    ----------
    pictures
        From `evaluation.figures.figure_sets.backtest_figures`; they are drawn anew, smaller.
    company
        Who the project is for.

    Returns
    -------
    str
        A whole HTML document, to be written as UTF-8; it asks nothing of any network and runs no script.
    """
    from markupsafe import Markup

    style = part("review.css") + part("backtest.css")
    page = (
        environment()
        .get_template("backtest.html.j2")
        .render(
            title=f"{company}: backtest of {evaluation.model}",
            evaluation=evaluation,
            method=METHODS[evaluation.method],
            origins=origins,
            headline=_headline(evaluation),
            standing=_standing(evaluation),
            drawings=[drawing(picture, *SIZE) for picture in pictures],
            rivals=[
                _overall(evaluation, "How good the probabilities are", METRICS),
                _overall(evaluation, "What the top of the lists holds", TOP_MEASURES),
            ],
            gains=_gains(evaluation),
            slices=[_slices(evaluation, kind) for kind in evaluation.slices],
            folds=_folds(evaluation, origins),
            withheld=f"fewer than {LEAST_ROWS} rows, or than {LEAST_OUTCOMES} {_many(evaluation)} with or without the outcome",
            many=_many(evaluation),
            meanings=[*((_name(name), metric.meaning) for name, metric in METRICS.items()), *MEANINGS.items()],
            facts=_facts(evaluation, ledger_digest),
            policy=policy(style, pictures=True),
            style=Markup(style),
        )
    )
    return filters.clean(page)


def _headline(evaluation: Evaluation) -> str:
    gain = evaluation.gain["base_rate"]
    verdict = "beats" if gain.low > 0 else "does not beat"
    interval = filters.interval(*_bounds(gain)) or "no interval"
    return f"{evaluation.model} {verdict} the base rate: log loss lower by {_value(gain)} ({interval})"


def _standing(evaluation: Evaluation) -> str:
    """Which rivals the model beats, and which it does not."""
    beaten = [_who(rival) for rival, gain in evaluation.gain.items() if gain.low > 0]
    others = [_who(rival) for rival, gain in evaluation.gain.items() if not gain.low > 0]
    sentences = [f"It beats {_listed(beaten)}." if beaten else "", f"It does not beat {_listed(others)}." if others else ""]
    return " ".join(filter(None, sentences))


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def _overall(evaluation: Evaluation, caption: str, metrics: Iterable[str]) -> ReportTable:
    shown = [name for name in metrics if name in evaluation.overall["model"]]
    rows = tuple(
        (ReportCell(_who(who), evaluation.rung if who == "model" else ""), *(_cell(values[name]) for name in shown))
        for who, values in evaluation.overall.items()
    )
    return ReportTable(caption, ("", *map(_name, shown)), rows)


def _gains(evaluation: Evaluation) -> ReportTable:
    rows = tuple((ReportCell(_who(rival)), _cell(gain), ReportCell(_verdict(gain))) for rival, gain in evaluation.gain.items())
    return ReportTable("The model against each rival, on the same rows", ("rival", "log loss saved", "the model"), rows)


def _verdict(gain: Interval) -> str:
    return "beats it" if gain.low > 0 else "loses to it" if gain.high < 0 else "does not beat it"


def _slices(evaluation: Evaluation, kind: str) -> ReportTable:
    columns = ("log_loss", "brier_skill", "auc", "calibration_error", "lift_20", "money_20")
    shown = [name for name in columns if name in evaluation.overall["model"]]
    head = (_KINDS.get(kind, kind), "rows", evaluation.outcome, *map(_name, shown), "saved against the base rate", "best rival's log loss")
    rows = tuple(
        (ReportCell(_label(kind, name)), ReportCell(f"{part.rows:,}"), ReportCell(f"{part.with_outcome:,}"), *_measures(part, shown))
        for name, part in evaluation.slices[kind].items()
    )
    return ReportTable(f"By {_KINDS.get(kind, kind)}", head, rows)


def _measures(part: SliceMetrics, shown: Sequence[str]) -> list[ReportCell]:
    if part.withheld:
        return [ReportCell("withheld"), *[ReportCell(NONE)] * (len(shown) + 1)]
    rival = min((who for who in part.measured if who != "model"), key=lambda who: part.measured[who]["log_loss"].value)
    best = ReportCell(_value(part.measured[rival]["log_loss"]), _who(rival), loose=True)
    return [*(_cell(part.measured["model"][name]) for name in shown), _cell(part.gain["base_rate"]), best]


def _folds(evaluation: Evaluation, origins: Sequence[Origin]) -> ReportTable:
    many, outcome = _many(evaluation), evaluation.outcome
    columns = (
        "origin" if evaluation.cut else "fold",
        "rung",
        f"learned from {many}",
        f"of them {outcome}",
        f"judged on {many}",
        "rows, all horizons",
    )
    rows = tuple(
        tuple(
            map(
                ReportCell,
                (o.name, o.rung, f"{o.learned_entities:,}", f"{o.learned_with_outcome:,}", f"{o.test_entities:,}", f"{o.test_rows:,}"),
            )
        )
        for o in origins
    )
    return ReportTable("What was fitted, and on what it was judged", columns, rows)


def _facts(evaluation: Evaluation, ledger_digest: str) -> list[tuple[str, str]]:
    facts = [
        ("Model", evaluation.model),
        ("Rung", evaluation.rung),
        ("Method", METHODS[evaluation.method]),
        ("First origin", evaluation.cut),
        ("Data until", evaluation.until[:10]),
        ("Looks ahead", f"{evaluation.horizon_days} days" if evaluation.cut else ""),
        ("Ledger digest", ledger_digest),
    ]
    return [(name, value) for name, value in facts if value]


def _cell(interval: Interval) -> ReportCell:
    return ReportCell(_value(interval), filters.interval(*_bounds(interval)))


def _value(interval: Interval) -> str:
    return NONE if isnan(interval.value) else filters.figure(interval.value)


def _bounds(interval: Interval) -> tuple[float | None, float | None]:
    return (None, None) if isnan(interval.low) else (interval.low, interval.high)


def _name(metric: str) -> str:
    if metric in TOP_MEASURES:
        kind, percent = metric.split("_")
        return f"{kind}, top {percent}%"
    return _NAMES[metric]


def _label(kind: str, name: str) -> str:
    return f"{name} days" if kind in ("horizon", "age") else name


def _who(name: str) -> str:
    return "the model" if name == "model" else DISPLAY_NAMES.get(name, name)


def _many(evaluation: Evaluation) -> str:
    return ENTITIES[evaluation.predictions.rows.entity].plural
