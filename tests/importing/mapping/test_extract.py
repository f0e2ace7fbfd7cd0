"""Extracts of a mapping: keys that go together, and those that do not."""

from typing import Any

import pytest
from pydantic import ValidationError

from dealml.importing.mapping.extract import Extract

DEALS = {"file": "d.csv", "into": "deals", "columns": {"deal_id": "id", "occurred_at": "t"}}
CALLS = {"file": "a.csv", "into": "activities", "columns": {"activity": "kind", "occurred_at": "t"}}
LEADS = {"file": "l.csv", "into": "leads", "columns": {"lead_id": "id", "event": "what", "occurred_at": "t"}}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (CALLS | {"full": True}, "'full' goes with deals, accounts, contacts and leads only"),
        (CALLS | {"latest": "updated"}, "'latest' goes with deals, accounts, contacts, leads and outcomes only"),
        (CALLS, "activities need one of the columns deal_id, account_id, lead_id"),
        (LEADS | {"attributes": {"title": "title"}}, "'attributes' of leads need a row for each lead: an 'event' that is a constant"),
        (DEALS | {"deleted_at": "at"}, "'deleted_at' needs 'deleted'"),
        (DEALS | {"merged_at": "at"}, "'merged_at' needs 'merged_into'"),
        (DEALS | {"into": "deal"}, "no such fact table"),
        (DEALS | {"keep": "first", "full": True}, "not with 'keep: first'"),
    ],
)
def test_what_does_not_go_together_is_refused(content: dict[str, Any], problem: str) -> None:
    with pytest.raises(ValidationError, match=problem):
        Extract.model_validate(content)


def test_a_history_of_attributes_melts() -> None:
    changes = DEALS | {"into": "deal_changes", "attributes": {"stage": "stage"}}
    assert Extract.model_validate(changes).melts
    assert not Extract.model_validate(DEALS | {"attributes": {"stage": "stage"}}).melts
