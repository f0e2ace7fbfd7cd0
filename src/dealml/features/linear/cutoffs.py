"""Cutoffs: the ages of facts at which conditions begin or cease to hold as snapshots go by.

A fact only grows older from one snapshot to the next. So what asks that it is older than some days holds from one snapshot on, for good,
and what asks that it is younger ceases to hold at one. The rest of a condition must not depend on the snapshot.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import ibis.expr.operations as ops

DAYS_AGO = "days_ago"
MICROSECONDS_A_DAY = 86_400_000_000


@dataclass(frozen=True, order=True)
class Cutoff:
    """From when on something holds of a fact that is known: it is more than some days old, or exactly as old."""

    days: int
    is_strict: bool
    """Whether a fact of exactly that age is not old enough."""


@dataclass(frozen=True)
class FactCondition:
    """A condition on facts, by what it depends on."""

    still: tuple[ops.Node, ...] = ()
    """What must hold of the fact itself."""
    since: Cutoff | None = None
    """From which age on it holds; None for every known fact."""
    until: Cutoff | None = None
    """From which age on it no longer holds; None for never."""
    moving: tuple[ops.Node, ...] = ()
    """What else depends on the snapshot."""


def condition_of(where: ops.Node | None) -> FactCondition:
    """Sort out the parts of a condition that must all hold."""
    still: list[ops.Node] = []
    moving: list[ops.Node] = []
    begins: list[Cutoff] = []
    ends: list[Cutoff] = []
    for part in _conjuncts(where):
        if not depends_on_snapshot(part):
            still.append(part)
        elif (begin := _begin(part)) is not None:
            begins.append(begin)
        elif (end := _end(part)) is not None:
            ends.append(end)
        else:
            moving.append(part)
    since = max(begins, default=None)
    until = min(ends, default=None)
    # What ceases before it begins never holds.
    until = max(until, since) if until is not None and since is not None else until
    return FactCondition(tuple(still), since, until, tuple(moving))


def depends_on_snapshot(node: ops.Node) -> bool:
    """Whether a value of a fact is another at another snapshot."""
    return any(is_moving(each) for each in node.find(ops.Field))


def is_moving(each: ops.Field) -> bool:
    """Whether a column counts time up to the snapshot."""
    name = str(each.name)
    return name == DAYS_AGO or (name.endswith("_in_days") and name.removesuffix("_in_days") in each.rel.schema)


def _conjuncts(where: ops.Node | None) -> Iterator[ops.Node]:
    waiting = [where] if where is not None else []
    while waiting:
        part = waiting.pop()
        if isinstance(part, ops.And):
            waiting += [part.right, part.left]
        else:
            yield part


def _begin(part: ops.Node) -> Cutoff | None:
    if isinstance(part, ops.Not):
        return _end(part.arg)
    if not isinstance(part, ops.Greater | ops.GreaterEqual):
        return None
    return _cutoff(part, is_strict=isinstance(part, ops.Greater))


def _end(part: ops.Node) -> Cutoff | None:
    if isinstance(part, ops.Not):
        return _begin(part.arg)
    if not isinstance(part, ops.Less | ops.LessEqual):
        return None
    return _cutoff(part, is_strict=isinstance(part, ops.LessEqual))


def _cutoff(part: ops.Greater | ops.GreaterEqual | ops.Less | ops.LessEqual, is_strict: bool) -> Cutoff | None:
    is_age = isinstance(part.left, ops.Field) and part.left.name == DAYS_AGO
    if not is_age or not isinstance(part.right, ops.Literal) or part.right.value != int(part.right.value):
        return None
    return Cutoff(int(part.right.value), is_strict)
