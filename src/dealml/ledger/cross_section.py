"""Cross-sections: sources without dates, one row for each deal or account, with its outcome.

Their facts have fixed moments: the outcome after the snapshot, all else before. So the one rule
"on record strictly before" keeps the outcome out of the features here too.
"""

from __future__ import annotations

from datetime import UTC, datetime

FACTS_AT = datetime(2000, 1, 1, tzinfo=UTC)
"""When everything but the outcome is on record."""
SNAPSHOT_AT = datetime(2000, 1, 3, tzinfo=UTC)
"""The one snapshot of every entity: a Monday at midnight, as weekly snapshots are."""
OUTCOME_AT = datetime(2000, 1, 3, 12, tzinfo=UTC)
"""When the outcome is on record."""
END = datetime(2000, 1, 4, tzinfo=UTC)
"""Just after everything."""
HORIZON_DAYS = 1
"""The nominal horizon, which takes a row from its snapshot to the end."""

OUTCOME_EVENTS = ("cancellation", "renewal")
"""Events of a subscription that tell whether the account left or stayed."""
