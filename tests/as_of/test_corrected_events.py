"""What was corrected holds until its correction is on record."""

from __future__ import annotations

from datetime import UTC, datetime

import ibis
import pytest

from dealml.as_of.corrected_events import HIDDEN, SUPERSEDED, holds_at, what_holds, with_hidden_columns

AT = datetime(2026, 1, 5, tzinfo=UTC)
FACTS = ibis.memtable({"name": ["plain"], "recorded_at": [AT]})


@pytest.mark.parametrize(("moment", "holds"), [(AT, True), (AT.replace(microsecond=1), False)])
def test_a_fact_holds_up_to_the_instant_of_its_correction(moment: datetime, holds: bool) -> None:
    corrected = with_hidden_columns(FACTS).mutate(**{SUPERSEDED: ibis.literal(AT)})
    assert corrected.filter(holds_at(corrected, ibis.literal(moment))).count().execute() == int(holds)
    assert what_holds(corrected).count().execute() == 0


def test_without_corrections_everything_holds() -> None:
    marked = with_hidden_columns(FACTS)
    assert set(marked.columns) == {*FACTS.columns, *HIDDEN}
    assert what_holds(marked).columns == what_holds(FACTS).columns == FACTS.columns
    assert FACTS.filter(holds_at(FACTS, ibis.literal(AT))).count().execute() == 1
