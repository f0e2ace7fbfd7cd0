"""A made company of closed deals, some of whose combinations win more or less often than the rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

SIZES = (3, 6, 5, 6, 5, 4)
"""The number of values of each feature."""


@dataclass(frozen=True)
class MadeCompany:
    codes: npt.NDArray[np.int64]
    periods: npt.NDArray[np.int64]
    won: npt.NDArray[np.bool_]


def made_company(seed: int, deals: int, lifts: dict[tuple[tuple[int, int], ...], float], base: float = 0.3) -> MadeCompany:
    """Closed deals of twelve quarters; the conditions of a rule multiply the odds of the base rate so that alone they give its multiple."""
    rng = np.random.default_rng(seed)
    codes = np.stack([rng.choice(size, deals, p=rng.dirichlet(np.full(size, 6.0))) for size in SIZES], axis=1)
    odds = np.full(deals, base / (1 - base))
    for conditions, lift in lifts.items():
        matches = np.all([codes[:, column] == code for column, code in conditions], axis=0)
        odds[matches] *= base * lift / (1 - base * lift) / (base / (1 - base))
    return MadeCompany(codes, np.sort(rng.integers(0, 12, deals)), rng.random(deals) < odds / (1 + odds))
