"""What came of overrides: won in time exactly where training says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from dealml.judgement.decisions import settled
from dealml.learning.view import View
from dealml.load_definitions import load_model
from dealml.project import Project
from tests.judgement.override_fixtures import kept, number

EARLY = datetime(2022, 1, 1, tzinfo=UTC)


def test_won_in_time_is_what_the_labels_say(imported: Project) -> None:
    view = View.of(imported.ledger, load_model(imported.folder, "tiny"))
    rows = view.labelled(view.history(weekly_only=True))
    said, labels = [], []
    for deal, at, won, days in zip(rows.entities, rows.as_of, rows.label, rows.horizon, strict=True):
        if days == 90:
            made = at.astype("datetime64[us]").item().replace(tzinfo=UTC)
            said.append(kept(str(deal), number(trained_through=EARLY), made_at=made, until=made + timedelta(days=90)))
            labels.append(bool(won))
    found = settled(said, view, "EUR")
    assert (found.still_open, found.hindsight, found.gone) == (0, 0, 0)
    assert [one.deal_id for one in found.decisions] == [one.override.deal_id for one in said]
    assert np.array_equal([one.won for one in found.decisions], labels)
    assert 100 < sum(labels) < len(labels) - 100
    won = [one for one in found.decisions if one.won]
    assert all(one.final_amount is not None and one.model_amount is not None for one in won)
    assert all(one.final_amount is None for one in found.decisions if not one.won)


def test_what_is_not_over_or_not_fair_is_counted_out(imported: Project) -> None:
    view = View.of(imported.ledger, load_model(imported.folder, "tiny"))
    made = view.end - timedelta(days=30)
    over = kept("D000001", number(trained_through=EARLY), made_at=made, until=view.end)
    later = kept("D000001", number(trained_through=EARLY), made_at=made, until=view.end + timedelta(microseconds=1))
    wise = kept("D000001", number(trained_through=view.end), made_at=made, until=view.end, why="wise")
    unknown = kept("D999999", number(trained_through=EARLY), made_at=made, until=view.end)
    found = settled([later, wise, unknown], view, "EUR")
    assert (found.decisions, found.still_open, found.hindsight, found.gone) == ((), 1, 1, 1)
    assert settled([over], view, "EUR").still_open == 0
