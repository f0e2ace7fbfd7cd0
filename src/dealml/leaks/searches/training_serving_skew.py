"""Training-serving skew: values that training always had and the current scoring population lacks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dealml.leaks.binning import MOST_TEXTS, BinnedColumn, Flags, Floats, Ints
from dealml.leaks.findings import Finding
from dealml.leaks.weekly_panel import WeeklyPanel

WEEKS = 26
"""The number of past weeks compared."""
LEAST_WEEKS = 8
LEAST_OPEN = 50
USUAL = 0.3
"""In each of these weeks a region held at least such a share of what was open."""
NOW = 0.01
"""And now no more than this."""
UNKNOWN = 0.5
"""The share of a text's values that are new, although it usually has few different ones."""


@dataclass(frozen=True)
class Weeks:
    """Rows of the table week by week: those of training lately, and what is at stake now."""

    before: tuple[Ints, ...]
    now: Ints

    @classmethod
    def of(cls, looks: WeeklyPanel) -> Weeks | None:
        """The weeks before the end; None where too few or too thin."""
        last = int(looks.week.max(initial=0))
        recent = [looks.row[looks.week == week] for week in range(last - WEEKS, last)]
        before, now = tuple(rows for rows in recent if len(rows) >= LEAST_OPEN), looks.row[looks.week == last]
        return cls(before, now) if looks.fine and len(before) >= LEAST_WEEKS and len(now) >= LEAST_OPEN else None


def lost_in_serving(column: BinnedColumn, weeks: Weeks) -> Finding | None:
    """A finding, if what was common among open entities in every week is all but gone in the newest table."""
    return _gone(column, weeks) or _unknown(column, weeks)


def _gone(column: BinnedColumn, weeks: Weeks) -> Finding | None:
    coarse = [region for region in range(column.members.shape[1]) if column.numbers is None or column.is_missingness(region)]
    members = column.members[:, coarse]
    usual = np.min([_shares(column, members, rows) for rows in weeks.before], axis=0)
    now = _shares(column, members, weeks.now)
    lost = np.where(now <= NOW, usual, 0.0)
    region = int(np.argmax(lost))
    if lost[region] < USUAL:
        return None
    reason = (
        f"{column.region(coarse[region])} stood on at least {usual[region]:.0%} of what was open in each of {len(weeks.before)} weeks "
        f"before, and stands on {now[region]:.0%} now"
    )
    return Finding(column.name, "serving", reason, {"usual": float(usual[region]), "now": float(now[region])})


def _shares(column: BinnedColumn, members: Flags, rows: Ints) -> Floats:
    return np.asarray(np.bincount(column.codes[rows], minlength=column.size) @ members / len(rows))


def _unknown(column: BinnedColumn, weeks: Weeks) -> Finding | None:
    """Another spelling, another code."""
    if column.texts is None:
        return None
    before, now = np.unique(column.texts[np.concatenate(weeks.before)]), column.texts[weeks.now]
    now = now[now >= 0]
    unknown = float(np.mean(~np.isin(now, before))) if len(now) >= LEAST_OPEN and len(before) <= MOST_TEXTS else 0.0
    if unknown < UNKNOWN:
        return None
    reason = f"{unknown:.0%} of its texts among what is open now did not stand on anything open in the {len(weeks.before)} weeks before"
    return Finding(column.name, "serving", reason, {"unknown": unknown})
