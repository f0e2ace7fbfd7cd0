"""Pieces: the reductions that a feature is made of, each with the way in which it is computed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Literal

import ibis.expr.operations as ops
import ibis.expr.types as ir

from dealml.features.linear.cutoffs import DAYS_AGO, Cutoff, FactCondition, condition_of, depends_on_snapshot, is_moving

Way = Literal["linear", "window", "join"]
Function = Literal["count", "sum", "max", "min", "any", "all", "latest", "first", "distinct"]
_FUNCTIONS: Mapping[type[ops.Node], Function] = {
    ops.CountStar: "count",
    ops.Count: "count",
    ops.Sum: "sum",
    ops.Max: "max",
    ops.Min: "min",
    ops.Any: "any",
    ops.All: "all",
    ops.ArgMax: "latest",
    ops.ArgMin: "first",
    ops.CountDistinct: "distinct",
}
COUNTS = ("count", "distinct")
"""What is 0, and not missing, where there is nothing."""
ADDED = ("count", "sum")
"""What is taken back by subtraction, exactly: integers and decimals."""


@dataclass(frozen=True)
class Piece:
    """One reduction of a feature."""

    node: ops.Node
    way: Way
    why: str
    function: Function | None = None
    """None where only the join can compute it."""
    carried: tuple[ops.Node, ...] = ()
    """The values of facts that are reduced; none where facts are counted. What moves with the snapshot is computed from them."""
    condition: FactCondition = FactCondition()  # noqa: RUF009  (frozen)

    @property
    def since(self) -> Cutoff | None:
        """From which age on a fact counts."""
        return self.condition.since

    @property
    def until(self) -> Cutoff | None:
        """From which age on a fact counts no longer."""
        return self.condition.until

    @property
    def where(self) -> ops.Node | None:
        """The condition on the fact itself."""
        if not self.condition.still:
            return None
        result: ops.Node = reduce(and_, (node.to_expr() for node in self.condition.still)).op()
        return result


def pieces_of(value: ir.Value) -> Iterator[Piece]:
    """The reductions of a feature's expression, each once."""
    for node in dict.fromkeys(value.op().find(ops.Reduction)):
        yield _piece(node)


def _piece(node: ops.Node) -> Piece:
    function, condition = _function(node), condition_of(with_still_checks(getattr(node, "where", None)))
    if function is None:
        return Piece(node, "join", f"{type(node).__name__} cannot be combined from intervals")
    carried = _carried(node, function)
    if carried is None or condition.moving:
        if condition.until is None:
            return Piece(node, "join", "looks at every fact as of each snapshot")
        return Piece(node, "window", f"looks at the facts of {condition.until.days} days", condition=condition)
    if condition.until is not None and function not in (*ADDED, "distinct"):
        return Piece(node, "window", f"{function} of the facts of {condition.until.days} days", function, carried, condition)
    return Piece(node, "linear", function, function, carried, condition)


def _function(node: ops.Node) -> Function | None:
    if isinstance(node, ops.ArgMax | ops.ArgMin) and not _is_order(node.key):
        return None
    if isinstance(node, ops.AggUDF):
        return "latest" if type(node).__func_name__ == "arg_max_null" and _is_order(node.args[1]) else None
    return _FUNCTIONS.get(type(node))


def _is_order(key: ops.Node) -> bool:
    return isinstance(key, ops.Field) and key.name == "_order"


def _carried(node: ops.Node, function: Function) -> tuple[ops.Node, ...] | None:
    """The values of facts that a reduction needs; None where these are others at every snapshot."""
    if isinstance(node, ops.CountStar):
        return ()
    argument = node.args[0]
    if not depends_on_snapshot(argument):
        return (argument,)
    # The fact with the least age is the one that occurred last; the latest fact is the same, whatever its columns are counted from.
    if function in ("max", "min") and isinstance(argument, ops.Field) and argument.name == DAYS_AGO:
        return (ops.Field(argument.rel, "occurred_at"),)
    return times_of(argument) if function in ("latest", "first") and _is_sum_of_times(argument) else None


def times_of(argument: ops.Node) -> tuple[ops.Node, ...]:
    """The times that an argument counts days from."""
    moving = [field for field in dict.fromkeys(argument.find(ops.Field)) if is_moving(field)]
    return tuple(ops.Field(field.rel, time_behind(field)) for field in moving)


def time_behind(field: ops.Field) -> str:
    """The column whose days to or from the snapshot a column is."""
    return "occurred_at" if field.name == DAYS_AGO else str(field.name).removesuffix("_in_days")


def with_still_checks(where: ops.Node | None) -> ops.Node | None:
    """A condition in which days are there where their times are there, which no snapshot changes."""

    def check(node: ops.Node, kwargs: Mapping[str, object] | None) -> ops.Node:
        node = node.__recreate__(kwargs) if kwargs else node
        if isinstance(node, ops.NotNull) and depends_on_snapshot(node.arg) and _is_sum_of_times(node.arg):
            return reduce(and_, (time.to_expr().notnull() for time in times_of(node.arg))).op()
        return node

    return None if where is None else where.replace(check)


def _is_sum_of_times(node: ops.Node) -> bool:
    if isinstance(node, ops.Add | ops.Subtract):
        return _is_sum_of_times(node.left) and _is_sum_of_times(node.right)
    return isinstance(node, ops.Field) and is_moving(node)
