"""The sales metrics as a part of `docs/metrics.md`, written from the registry."""

from __future__ import annotations

from dealml.sales_metrics.metric import WAYS, SalesMetric
from dealml.sales_metrics.registry import METRICS

HEADING = "# Sales metrics"

_HEAD = f"""\
{HEADING}

This part is written by `make docs` from `src/dealml/sales_metrics/`; do not edit it by hand.

What `dealml metrics --from DATE --to DATE` prints. `--json` gives one object, `--out` a file with a row for each value, each with the
numbers that it is made of. A metric that cannot be told has no value and says why; it is never 0 for want of facts.

- **The period** runs from `--from` until just before `--to`. What *occurred* in it counts, whenever it was recorded.
- **As of.** Only what was recorded strictly before `--as-of` counts, so any past date gives what was known then. Without it, all that
  is on record counts: a deal won on the last day and entered the day after belongs to its period. What is said of the *start* of a
  period (the open pipeline, what was committed) is what was on record strictly before the start, whatever came later.
- **Closed** is a deal whose last outcome before the period's end is won or lost, and lies in the period: a deal that was lost and
  reopened within it is open, and one that was reopened afterwards stays lost here. A deal closes once in a period: where a later record
  says that it was lost within the period, an earlier win there does not count.
- **Money** is in the project's currency. The amount of a won deal is the one that held when it was won; where none was on record for
  that time, the first one after. Each amount is converted by itself, to the cent, at the latest rate recorded before the day of its
  fact: the win, the period's start for what was open then, the booking of a cost, the setting of a quota, the date at which recurring
  revenue is looked at. So groups add up to the whole to the cent. An amount that names no currency, nor its account's, is in the
  project's. Where a currency has no rate on the day, what needs it has no value and names the currency.
- **Split.** `--by segment`, `team` or `source` splits what can be split; what names none is the group `not given`. A customer's team
  and source are those of its first deal. What cannot be split is named.
- **The period before** is as long: as many months where both ends are the first of a month, else as many days.
- **People** are never ranked, and an average over fewer than three is not told.
- Costs, quotas and leads: how to bring them in stands in [mapping files](mapping.md#costs-quotas-and-leads).
"""

_OWN_UNITS = {"share": "share (shown as %)"}


def section() -> str:
    """The part of `docs/metrics.md` on sales metrics: every metric with its formula."""
    return _HEAD + "".join(map(_metric, METRICS.values()))


def _metric(metric: SalesMetric) -> str:
    unit = _OWN_UNITS.get(metric.unit, metric.unit.format(currency="project's currency"))
    splits = ", ".join(metric.splits) if metric.splits != WAYS else "segment, team, source"
    return f"""
## {metric.title}
`{metric.name}` = {metric.formula}.

| | |
|---|---|
| unit | {unit} |
| made of | {"; ".join(f"`{name}`" for name in metric.inputs)} |
| missing or zero | {metric.missing} |
| split by | {splits or "nothing"} |
"""
