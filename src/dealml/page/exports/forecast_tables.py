"""The tables of a forecast."""

from __future__ import annotations

from collections.abc import Iterator

from dealml.forecast.result import Forecast, PastPeriod, Range
from dealml.page.exports.table import CellValue, ExportTable, columns
from dealml.page.review.forecast_view import position_in

_RANGE = "mean:money p10:money p50:money p90:money"


def forecast_tables(forecast: Forecast) -> Iterator[ExportTable]:
    """All of them; those without a row too."""
    period, currency = forecast.period.name, forecast.currency
    parts = (("total", forecast.total), ("open deals", forecast.open_deals), ("deals not yet created", forecast.new_deals))
    judged = (("total with judgement", forecast.judged),) if forecast.judged else ()
    ranges = tuple((period, name, *_ends(each), currency) for name, each in (*parts, *judged))
    yield ExportTable("forecast", columns(f"period part {_RANGE} currency"), ranges)
    yield ExportTable("forecast_parts", columns("part amount:money"), (*forecast.bridge, ("average forecast", forecast.total.mean)))
    yield ExportTable("forecast_width", columns("cause share:share"), forecast.wide_because)
    groups = tuple((cut, name, *_ends(each)) for cut, by_name in forecast.groups.items() for name, each in by_name.items())
    yield ExportTable("forecast_groups", columns(f"cut name {_RANGE}"), groups)
    rivals = tuple((each.title, each.amount, each.why_absent) for each in forecast.benchmarks)
    yield ExportTable("forecast_rivals", columns("rival amount:money why_absent"), rivals)
    yield from _track(forecast)
    if forecast.recurring:
        recurring = forecast.recurring
        lines = (
            ("at the end of the period", recurring.at_end),
            ("lost to churn", recurring.churned),
            ("added by customers", recurring.expanded),
        )
        rows: tuple[tuple[CellValue, ...], ...] = (
            ("now", recurring.now, None, None, None),
            *((name, *_ends(each)) for name, each in lines),
        )
        yield ExportTable("recurring", columns(f"part {_RANGE}"), rows)


def _ends(range: Range) -> tuple[float, float, float, float]:
    return range.mean, range.p10, range.p50, range.p90


def _track(forecast: Forecast) -> Iterator[ExportTable]:
    if not forecast.accuracy:
        return
    past, names = forecast.accuracy.past, [rival.name for rival in forecast.benchmarks]

    def line(each: PastPeriod) -> tuple[CellValue, ...]:
        rivals = (each.benchmarks.get(name) for name in names)
        return each.period.name, each.as_of.date(), *_ends(each.forecast), each.actual, position_in(each.actual, each.forecast), *rivals

    heads = f"period seen_on:date {_RANGE} actual:money against_the_range {' '.join(f'{name}:money' for name in names)}"
    yield ExportTable("past_forecasts", columns(heads), tuple(map(line, past)))
    yield ExportTable("pinball_loss", columns("who loss:money"), tuple(forecast.accuracy.pinball.items()))
