"""Settings of deal economics: `models/economics.toml`, what people declare."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dealml.errors import InputError

Kind = Literal["goods", "services", "customisation", "third_party"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""What delivering a deal costs."""
FILE = Path("models") / "economics.toml"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LookAlikeRule(_Section):
    """How alike past cases must be to speak for a new one, and how much the others count."""

    least_cases: int = Field(20, ge=1)
    strength: float = Field(10.0, gt=0)


class Declared(_Section):
    """What is taken where the ledger tells nothing; None is unknown."""

    goods: float | None = Field(None, ge=0)
    services: float | None = Field(None, ge=0)
    customisation: float | None = Field(None, ge=0)
    third_party: float | None = Field(None, ge=0)
    acquisition_cost: float | None = Field(None, ge=0)
    yearly_churn: float | None = Field(None, ge=0, lt=1)
    yearly_expansion: float | None = Field(None, gt=-1)


class EconomicsSettings(_Section):
    """What a project declares; money is in its currency."""

    paid_once: tuple[Kind, ...] = ("services", "customisation")
    contract_months: float = Field(12.0, gt=0)
    horizon_months: float = Field(36.0, gt=0, le=120)
    settled_days: float = Field(180.0, ge=0)
    oldest_score_days: float = Field(31.0, ge=0)
    look_alikes: LookAlikeRule = LookAlikeRule()
    cost_per_hour: dict[str, float] = Field(default_factory=dict)
    declared: Declared = Declared()


def load_economics(folder: Path) -> EconomicsSettings:
    """The settings of a project's folder; without the file, those of this module, which know no cost of an hour.

    Raises
    ------
    InputError
        With the file and the key that is wrong.
    """
    path = folder / FILE
    if not path.is_file():
        return EconomicsSettings()
    try:
        settings = EconomicsSettings(**tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not valid TOML ({error})") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(f"{path}: {'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from error
    for role, cost in settings.cost_per_hour.items():
        if not cost >= 0:
            raise InputError(f"{path}: cost_per_hour.{role}: {cost:g} is no cost of an hour; give 0 or more")
    return settings
