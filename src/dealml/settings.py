"""Settings of a project: `dealml.toml`, each overridden by an environment variable."""

from __future__ import annotations

import math
import re
import tomllib
from pathlib import Path
from typing import Literal
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from dealml.errors import InputError
from dealml.importing.sense.kinds import DEFAULTS, Action

SETTINGS_FILE = "dealml.toml"
_ANY = "quarantine, count or refuse"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Company(_Section):
    """Who the project is for."""

    name: str = Field("Our company", description="shown on pages")
    currency: str = Field("EUR", pattern="^[A-Z]{3}$", description="the currency that amounts are added up in, ISO 4217")
    time_zone: str = Field("UTC", description="the zone that its days, weeks and quarters begin in, such as Europe/Warsaw")
    fiscal_year_starts: int = Field(1, ge=1, le=12, description="the month that its fiscal year begins with: FY2026 ends in 2026")
    language: str = Field("en", description="the language of reasons: en, pl")

    @field_validator("time_zone")
    @classmethod
    def _named(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError("no zone of this name; give one such as Europe/Warsaw or UTC")
        return name


class Machine(_Section):
    """How much of the machine queries may use."""

    memory: str = Field("1GB", pattern=r"^\d+(\.\d+)?[KMG]B$", description="memory of the feature engine")
    threads: int = Field(2, ge=1, description="threads of the feature engine")


class Imports(_Section):
    """Which rows an import refuses, when too many of them end it, and what becomes of facts that make no sense."""

    quarantine_share: float = Field(0.05, ge=0, le=1, description="more than this share of a table in the quarantine ends an import …")
    quarantine_rows: int = Field(20, ge=1, description="… where they are at least this number of them; every row of a table always does")
    largest_rate_change: float = Field(20, gt=1, description="how many times its currency's last one a rate may be, or how small a part")
    largest_amount: dict[str, float] = Field(
        default_factory=dict,
        description="largest amount of a deal by currency, such as `{EUR = 5e7}`; without it a thousand million euros or so",
    )
    orphan: Action = Field(DEFAULTS["orphan"], description=f"facts of a deal, an account or a lead that is missing: {_ANY}")
    contradiction: Action = Field(DEFAULTS["contradiction"], description=f"rows of one extract that cannot all be right: {_ANY}")
    after_extract: Literal["quarantine", "refuse"] = Field("quarantine", description="facts later than their extract: quarantine or refuse")
    unlisted_stage: Action = Field(DEFAULTS["unlisted_stage"], description=f"stages that `order` does not list: {_ANY}")
    unknown_word: Action = Field(DEFAULTS["unknown_word"], description=f"words outside a closed vocabulary of the data contract: {_ANY}")
    currency_without_rate: Action = Field(DEFAULTS["currency_without_rate"], description=f"currencies without a rate: {_ANY}")
    outcome_before_creation: Action = Field(
        DEFAULTS["outcome_before_creation"], description=f"outcomes at or before the deal's creation: {_ANY}"
    )
    conversion_before_creation: Action = Field(
        DEFAULTS["conversion_before_creation"], description=f"leads that became a deal before they came in: {_ANY}"
    )
    conversion_without_deal: Action = Field(
        DEFAULTS["conversion_without_deal"], description=f"leads that became a deal that is missing: {_ANY}"
    )
    never_open: Literal["count", "refuse"] = Field("count", description="deals that were never seen open: count or refuse")

    @field_validator("largest_amount")
    @classmethod
    def _of_currencies(cls, amounts: dict[str, float]) -> dict[str, float]:
        for currency, amount in amounts.items():
            if not re.fullmatch("[A-Z]{3}", currency) or not 0 < amount < math.inf:
                raise ValueError(f"{currency} = {amount:g} is no currency (ISO 4217) with an amount greater than 0")
        return amounts


class Tracking(_Section):
    """Where runs and models are kept."""

    uri: str = Field("", description="MLflow's store, such as postgresql://…; empty is mlflow.db in the project")


class Scores(_Section):
    """Where scores are published, and what becomes of texts that a model did not learn."""

    url: str = Field("", description="SQLAlchemy URL of the score database; empty is scores.db in the project")
    unseen_category: Literal["count", "refuse"] = Field("count", description="texts that a model did not learn: count or refuse")


class Settings(BaseSettings):
    """All settings; environment variables such as `DEALML_COMPANY__NAME` take precedence over the file."""

    model_config = SettingsConfigDict(env_prefix="DEALML_", env_nested_delimiter="__", extra="forbid")

    company: Company = Company()
    machine: Machine = Machine()
    imports: Imports = Imports()
    tracking: Tracking = Tracking()
    scores: Scores = Scores()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment first, then the file that `load_settings` names."""
        return env_settings, init_settings


def with_driver(url: str) -> str:
    """A URL that names the PostgreSQL driver that dealml installs: SQLAlchemy would look for another."""
    return url.replace("postgresql://", "postgresql+psycopg://", 1) if url.startswith("postgresql://") else url


def load_settings(folder: Path) -> Settings:
    """The settings of a project's folder.

    Raises
    ------
    InputError
        With the file and the key that is wrong.
    """
    path = folder / SETTINGS_FILE
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        return Settings(**content)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise InputError(f"{path}: no such file; make a project with: dealml init {folder}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not valid TOML ({error})") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(f"{path}: {'.'.join(str(part) for part in first['loc'])}: {first['msg'].removeprefix('Value error, ')}") from error


def settings_page() -> str:
    """The text of `docs/settings.md`: every setting, from the model above."""
    lines = [
        "# Settings",
        "",
        "Written by `make docs` from `src/dealml/settings.py`; do not edit by hand.",
        "",
        f"They stand in `{SETTINGS_FILE}` of a project. An environment variable takes precedence over the file.",
        "",
        "| setting | default | what it does | environment variable |",
        "|---|---|---|---|",
    ]
    for section, section_field in Settings.model_fields.items():
        for name, field in section_field.default.__class__.model_fields.items():
            default = f"`{field.default!r}`".replace("'", '"')
            lines.append(
                f"| `{section}.{name}` | {default} | {field.description} | `DEALML_{section}__{name}` |".replace(
                    f"DEALML_{section}__{name}", f"DEALML_{section}__{name}".upper()
                )
            )
    return "\n".join([*lines, ""])
