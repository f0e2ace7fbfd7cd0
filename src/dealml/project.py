"""A project: the folder with a company's definitions, settings, ledger, models and scores."""

from __future__ import annotations

import shutil
from functools import cached_property
from pathlib import Path

from dealml.as_of.connection import QuerySettings
from dealml.company_calendar import CompanyCalendar
from dealml.errors import InputError
from dealml.importing.import_settings import ImportSettings
from dealml.importing.sense.kinds import DEFAULTS
from dealml.ledger.ledger import Ledger
from dealml.settings import SETTINGS_FILE, Settings, load_settings, with_driver

DEFINITIONS = ("features", "models", "pipelines")
TEMPLATE_ENTRIES = (*DEFINITIONS, "prefect.yaml", SETTINGS_FILE)


class Project:
    """A project's folder and what is in it.

    Raises
    ------
    InputError
        When the folder holds no `dealml.toml`.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self.settings: Settings = load_settings(folder)

    @cached_property
    def ledger(self) -> Ledger:
        """The company's facts."""
        return Ledger(self.folder / "ledger")

    @property
    def query_settings(self) -> QuerySettings:
        """How much of the machine a query may use."""
        return QuerySettings(self.settings.machine.memory, self.settings.machine.threads, self.settings.company.time_zone)

    @cached_property
    def calendar(self) -> CompanyCalendar:
        """The company's days, quarters and fiscal years."""
        return CompanyCalendar(self.settings.company.time_zone, self.settings.company.fiscal_year_starts)

    @property
    def import_settings(self) -> ImportSettings:
        """How extracts are read and judged."""
        company, imports = self.settings.company, self.settings.imports
        dumped = imports.model_dump()
        actions = {kind: dumped.pop(kind) for kind in DEFAULTS}
        return ImportSettings(time_zone=company.time_zone, currency=company.currency, actions=actions, **dumped)

    @property
    def tracking_uri(self) -> str:
        """MLflow's store."""
        return with_driver(self.settings.tracking.uri) or f"sqlite:///{self.folder / 'mlflow.db'}"

    @property
    def scores_url(self) -> str:
        """The score database."""
        return self.settings.scores.url or f"sqlite:///{self.folder / 'scores.db'}"


def template_folder() -> Path:
    """The folder that new projects are copied from: in the package, or the repository it is developed in."""
    packaged = Path(__file__).parent / "template"
    return packaged if packaged.is_dir() else Path(__file__).parents[2]


def demo_mapping() -> Path:
    """The mapping of the simulated company's export."""
    return template_folder() / "examples" / "demo" / "mapping.yaml"


def make_project(folder: Path) -> list[str]:
    """Copy the template into a folder; what is there already stays as it is.

    Returns
    -------
    list of str
        The files and folders that were copied.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder}: is a file; name a folder")
    folder.mkdir(parents=True, exist_ok=True)
    copied = []
    for name in TEMPLATE_ENTRIES:
        source, target = template_folder() / name, folder / name
        if target.exists():
            continue
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
        copied.append(name)
    return copied
