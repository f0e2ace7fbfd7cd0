"""Moments as NumPy holds them."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np


def as_utc64(moment: datetime) -> np.datetime64:
    """A moment with a time zone as a datetime64 in UTC, in microseconds."""
    return np.datetime64(moment.astimezone(UTC).replace(tzinfo=None), "us")
