"""The section of economics: the best, the worst, and what is unknown."""

from __future__ import annotations

import numpy as np

from dealml.page.choosing.economics_section import MOST_ROWS, economics_section
from tests.page.choosing.choosing_fixtures import economics_table


def test_the_best_and_the_worst_are_named_once() -> None:
    values = [float(value) for value in range(2 * MOST_ROWS + 5, 0, -1)]
    best, worst = economics_section(economics_table(*values), 36, "EUR").tables
    assert [row[0].value for row in best.rows] == [f"d{n}" for n in range(MOST_ROWS)]
    assert worst.rows[0][0].value == f"d{len(values) - 1}"
    few = economics_section(economics_table(2.0, 1.0), 36, "EUR")
    assert [len(table.rows) for table in few.tables] == [2]


def test_unknown_values_are_no_zero() -> None:
    section = economics_section(economics_table(np.nan), 36, "EUR")
    assert section.tables == ()
    assert section.missing.startswith("no open deal or lead has an expected value")
