"""Latest values of attributes: what an entity's changes, recorded before a moment, last say of a field.

A value goes by when it was true: by occurrence, then by record, then in sequence, then by its number, which is the declared order of
a text. The column `_order` of a table of changes holds that order (`dealml.as_of.known_tables.in_order`). A change without any value
clears the field: the value is unknown from then on.
"""

from __future__ import annotations

from functools import lru_cache, reduce
from operator import and_
from typing import Any

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir

CHANGED_COLUMNS = ("field", "text", "number", "amount", "moment")
"""The columns of a table of changes: the field, and its value in the column of its type."""
CLEARED = " AND ".join(f"{column} IS NULL" for column in CHANGED_COLUMNS[1:])
"""The condition on a row of changes that clears its field."""


def latest_value(field: str, column: str, cast: str = "") -> str:
    """The SQL aggregate that gives a field's latest value among the rows of changes of one entity.

    Parameters
    ----------
    field
        The name of the attribute.
    column
        The column that holds its values: text, number, amount or moment.
    cast
        A cast of the value, such as `::DOUBLE`.
    """
    # arg_max would pass over a null, and so give the value from before the clearing.
    return f"arg_max_null({column}{cast}, _order) FILTER (WHERE field = '{field}' AND ({column} IS NOT NULL OR ({CLEARED})))"


def latest_of_changes(column: ir.Value, changes: ir.Table, where: Any = None) -> ir.Scalar:
    """The same as an expression: a column's latest value among the rows of changes for which a condition holds."""
    cleared = reduce(and_, (changes[name].isnull() for name in CHANGED_COLUMNS[1:]))
    there = column.notnull() | cleared
    return _arg_max_null(column.type())(column, changes["_order"], where=there if where is None else there & where)


@lru_cache(maxsize=32)
def _arg_max_null(kind: dt.DataType) -> Any:
    """DuckDB's own aggregate for values of a type; unlike `argmax` it does not pass over a null."""

    def arg_max_null(value, order, where=None):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
        """The value at the greatest order."""

    arg_max_null.__annotations__ = {"value": kind, "order": dt.int64, "where": dt.boolean, "return": kind}
    return ibis.udf.agg.builtin(arg_max_null)
