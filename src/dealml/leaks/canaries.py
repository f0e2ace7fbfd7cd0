"""Canaries: leaks that are planted on a copy in every run, to see whether the searches would find one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.special import ndtri

from dealml.leaks.binning import Flags, Floats
from dealml.leaks.inspection_sample import InspectionSample
from dealml.leaks.linear_probe import LinearProbe

WEAK_GAIN = 0.01
"""By how much a weak canary raises the AUC of a model."""
NOISE = 0.3
"""Standard deviation of the noise on the copy of the label."""
WEAK_SHARES = (0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.07, 0.1, 0.14, 0.2, 0.3, 0.5)
"""Shares of the entities that are tried for a weak canary."""


@dataclass(frozen=True)
class PlantedCanary:
    """A canary and its values."""

    name: str
    strength: Literal["strong", "weak"]
    meaning: str
    share: float
    values: pd.Series


def plant(material: InspectionSample, baseline: LinearProbe) -> list[PlantedCanary]:
    """The canaries of a run; the same each time, whatever the order of rows and columns."""
    had = outcomes(material)
    weak = {name: _weak_enough(material, baseline, make, salt, had) for salt, (name, make) in enumerate(_WEAK.items(), 11)}
    return [
        PlantedCanary("canary_label_copy", "strong", "the label with noise", 1.0, _label_copy(material)),
        PlantedCanary(
            "canary_closing_field", "strong", "filled in after the outcome came, with what it was", 1.0, _closing_field(material, had)
        ),
        *(PlantedCanary(name, "weak", _MEANING[name], share, values) for name, (share, values) in weak.items()),
    ]


def outcomes(material: InspectionSample) -> Floats:
    """Whether any label of each entity was 1; NaN while it is open."""
    had = np.zeros(len(material.hashes))
    np.maximum.at(had, material.entity[material.labelled_rows], material.label)
    return np.where(material.is_open, np.nan, had)


def _label_copy(material: InspectionSample) -> pd.Series:
    label = (material.chance_by_row(1) < material.label.mean()).astype(np.float64)  # where the label is not known yet: chance
    label[material.labelled_rows] = material.label
    return pd.Series(label + NOISE * ndtri(np.clip(material.chance_by_row(2), 1e-9, 1 - 1e-9)))


def _closing_field(material: InspectionSample, had: Floats) -> pd.Series:
    which = np.floor(material.chance(3) * 3).astype(int)
    text = np.where(had == 1, np.array(["price", "product", "relation"])[which], np.array(["budget", "rival", "no decision"])[which])
    return _texts(material, text.astype(object), ~np.isnan(had))


def _late_note(material: InspectionSample, touched: Flags) -> pd.Series:
    return _texts(material, np.full(len(touched), "handed over", dtype=object), touched)


def _corrected(material: InspectionSample, touched: Flags) -> pd.Series:
    usual = np.exp(ndtri(np.clip(material.chance(5), 1e-9, 1 - 1e-9)))
    return pd.Series(np.where(touched, -0.1 * usual, usual)[material.entity])


def _texts(material: InspectionSample, text: np.ndarray, filled: Flags) -> pd.Series:
    return pd.Series(text, dtype="str").where(pd.Series(filled)).iloc[material.entity].reset_index(drop=True)


_WEAK: dict[str, Callable[[InspectionSample, Flags], pd.Series]] = {"canary_late_note": _late_note, "canary_corrected_number": _corrected}
_MEANING = {
    "canary_late_note": "a note that a few entities get after the outcome came",
    "canary_corrected_number": "a number that is written off after the end for a few entities without the outcome",
}


def _weak_enough(
    material: InspectionSample, baseline: LinearProbe, make: Callable[[InspectionSample, Flags], pd.Series], salt: int, had: Floats
) -> tuple[float, pd.Series]:
    """The share of entities, and the values, with which a canary raises the AUC by about `WEAK_GAIN`."""
    wanted = had == (1.0 if make is _late_note else 0.0)
    if wanted.sum() < (had == 1.0).sum() / 20:
        wanted = had == 1.0  # where all that is settled had the outcome
    lot = material.chance(salt)
    gains = np.maximum.accumulate([baseline.gain(wanted & (lot < share)) for share in WEAK_SHARES])
    share = float(np.interp(WEAK_GAIN, gains, WEAK_SHARES))
    return share, make(material, wanted & (lot < share))
