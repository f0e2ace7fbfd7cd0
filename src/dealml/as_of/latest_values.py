"""Latest values of attributes: what an entity's changes, recorded before a moment, last say of a field.

A value goes by when it was true: by occurrence, then by record, then in sequence, then by its number, which is the declared order of
a text. The column `_order` of a table of changes holds that order (`dealml.as_of.known_tables.in_order`). A change without any value
clears the field: the value is unknown from then on.
"""

from __future__ import annotations

CLEARED = "text IS NULL AND number IS NULL AND amount IS NULL AND moment IS NULL"
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
