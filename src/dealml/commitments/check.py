"""Promises against the policy: which may stand, which need an approval, and which are not on offer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from dealml.commitments.policy import Commitment

FREE, APPROVED, REQUESTED, NOT_REQUESTED, REFUSED, NOT_ON_OFFER = (
    "free", "approved", "requested", "not requested", "refused", "not on offer",
)  # fmt: skip
BROKEN = (NOT_REQUESTED, REQUESTED, REFUSED, NOT_ON_OFFER)
"""States with which a deal that was won broke the policy."""


def checked(promises: pd.DataFrame, commitments: Sequence[Commitment]) -> pd.DataFrame:
    """Promises with their state and, where an approval is missing, whose it is and until when.

    Parameters
    ----------
    promises
        What `dealml.commitments.promises.promises` gives.

    Returns
    -------
    DataFrame
        The same with `subject`, `free`, `most`, `state`, `approver` and `decide_by` (missing where nobody has to decide).
    """
    place = promises["commitment"].to_numpy(np.int64)
    rules = pd.DataFrame(
        {
            "subject": [rule.subject for rule in commitments],
            "measure": [rule.measure for rule in commitments],
            "free": [rule.free for rule in commitments],
            "most": [np.nan if rule.most is None else rule.most for rule in commitments],
            "approver": [rule.approver for rule in commitments],
            "sign": [rule.demands(1.0) for rule in commitments],
            "days": [rule.days for rule in commitments],
        }
    ).iloc[place].reset_index(drop=True)  # fmt: skip
    table = pd.concat([promises.drop(columns="commitment").reset_index(drop=True), rules.drop(columns=["sign", "days"])], axis=1)
    demand = rules["sign"] * table["value"]
    answered = {"granted": APPROVED, "refused": REFUSED, "requested": REQUESTED}
    states = [demand <= rules["sign"] * rules["free"], demand > rules["sign"] * rules["most"]]
    table["state"] = np.select(states, [FREE, NOT_ON_OFFER], table["approval"].map(answered).fillna(NOT_REQUESTED))
    waits = table["state"].isin([NOT_REQUESTED, REQUESTED])
    table["decide_by"] = (table["promised_at"] + pd.to_timedelta(rules["days"], unit="D")).where(waits)
    return table.drop(columns="approval")
