"""Deal economics: the expected value of open deals and leads, term by term."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from dealml.as_of.connection import connect
from dealml.economics import cases
from dealml.economics.acquisition import AcquisitionCosts, acquisition_costs
from dealml.economics.assess import deal_inputs, economics_table, lead_inputs
from dealml.economics.ledger_tables import open_tables
from dealml.economics.past_cases import PastCases
from dealml.economics.settings import FILE, EconomicsSettings, load_economics
from dealml.economics.terms import Term, certain
from dealml.errors import InputError
from dealml.jobs.progress import Progress, silent
from dealml.jobs.scoring.requirements import first_deal_model, ledger_end, require_dated
from dealml.learning.outcomes.of_leads import Converted
from dealml.load_definitions import leading_models, load_model
from dealml.period import Period
from dealml.project import Project
from dealml.sales_metrics import measure
from dealml.scoring.export import check_destination, write_table
from dealml.scoring.stored_probabilities import StoredProbabilities, stored_probabilities

YEAR = timedelta(days=365)
ADVICE = "advice, not a decision: it weighs what is on record, and says what it does not know"


@dataclass(frozen=True, eq=False)
class EconomicsReport:
    """The economics of open deals and leads as of a moment."""

    as_of: datetime
    currency: str
    """The project's; all money is in it."""
    settings: EconomicsSettings
    table: pd.DataFrame
    """A row for each deal and lead, the largest expected value first (`dealml.economics.assess.economics_table`), with `kind` and `id`."""
    notes: tuple[str, ...]

    def of(self, entity: str) -> pd.Series:
        """The row of one deal or lead."""
        return self.table[self.table["id"] == entity].iloc[0]


def economics(
    project: Project, as_of: datetime | None = None, entity: str | None = None, out: Path | None = None, progress: Progress = silent
) -> EconomicsReport:
    """Weigh the open deals and leads, or one of them, by what winning them is expected to bring.

    Parameters
    ----------
    as_of
        Only what was recorded before this moment counts; without it, the end of the data.
    entity
        A deal's or a lead's id; without it, all open ones.
    out
        A file for the table, Parquet or CSV.

    Raises
    ------
    InputError
        When the ledger is empty or has no dates, the deal is not open, or the settings cannot be read.
    UsageError
        When the file cannot be written.
    """
    if out is not None:
        check_destination(out)
    require_dated(project, "deal economics need facts with dates")
    settings = load_economics(project.folder)
    at = as_of or project.calendar.local(ledger_end(project.ledger, project.query_settings))
    table, notes = _weighed(project, at, settings, progress)
    if entity is not None:
        table = table[table["id"] == entity].reset_index(drop=True)
        if not len(table):
            raise InputError(f"{entity}: no open deal or lead at {at:%Y-%m-%d %H:%M}; is the id right, and the date within its life?")
    if not (project.folder / FILE).is_file():
        notes = (*notes, f"{FILE} is missing: defaults count, and no hour has a cost; copy the file from a new dealml init")
    report = EconomicsReport(at, project.settings.company.currency, settings, table, notes)
    if out is not None:
        rows = pa.Table.from_pandas(table.assign(as_of=at, currency=report.currency), preserve_index=False)
        write_table(out, rows.schema, [rows])
    return report


def _weighed(project: Project, at: datetime, settings: EconomicsSettings, progress: Progress) -> tuple[pd.DataFrame, tuple[str, ...]]:
    # Before the tables are opened: both at once would take twice the memory.
    acquisition = _acquisition(project, at)
    progress("economics", 1, 4)
    con, currency = connect(project.query_settings), project.settings.company.currency
    tables = open_tables(con, project.ledger, at, currency)
    cases.make_customers(con, at)
    past_cases = PastCases.of(con, at, settings.settled_days, acquisition)
    progress("economics", 2, 4)
    deals = cases.open_deals(con, at)
    win, notes = _win(project, at, settings) if len(deals) else (None, ())
    inputs = deal_inputs(deals, _probability(deals["deal_id"], win, WIN), past_cases, settings)
    table = economics_table(_about(deals, "deal"), inputs, settings)
    progress("economics", 3, 4)
    converts = _stored(project, at, settings, _lead_model(project)) if "leads" in tables else None
    if converts is not None:
        leads = cases.leads(con, at, past_cases.roles)
        ended = leads["event"].isin(cases.ENDED)
        opened = leads[~ended & leads["lead_id"].isin(converts.by_entity.index)].reset_index(drop=True)
        inputs = lead_inputs(opened, _probability(opened["lead_id"], converts, CONVERTS), past_cases, leads[ended], settings)
        table = pd.concat([table, economics_table(_about(opened, "lead"), inputs, settings)], ignore_index=True)
        table = table.sort_values("expected_value", ascending=False, na_position="last", kind="stable", ignore_index=True)
    elif "leads" in tables:
        notes = (*notes, "leads are left out: none has a stored probability of becoming a deal (dealml score lead_conversion)")
    progress("economics", 4, 4)
    return table, notes


def _acquisition(project: Project, at: datetime) -> AcquisitionCosts:
    if "costs" not in project.ledger.tables:
        return AcquisitionCosts(None, {})
    currency = project.settings.company.currency
    return acquisition_costs(measure(project.ledger, [Period(at - YEAR, at)], at, currency, "segment", project.query_settings))


WIN, CONVERTS = "the probability of winning", "the probability of becoming a deal"


def _win(project: Project, at: datetime, settings: EconomicsSettings) -> tuple[StoredProbabilities | None, tuple[str, ...]]:
    name = first_deal_model(project)
    stored = _stored(project, at, settings, name)
    if stored is None:
        return None, (
            f"no stored probabilities of {name} from the {settings.oldest_score_days:g} days before, so no expected value is known; "
            f"run: dealml score {name} --as-of {at:%Y-%m-%d}",
        )
    return stored, ()


def _stored(project: Project, at: datetime, settings: EconomicsSettings, name: str | None) -> StoredProbabilities | None:
    if name is None:
        return None
    oldest = timedelta(days=settings.oldest_score_days)
    return stored_probabilities(project.scores_url, name, at, oldest, project.ledger.digest)


def _lead_model(project: Project) -> str | None:
    """The project's first model of leads that become deals; None where it has none."""
    models = (load_model(project.folder, name) for name in leading_models(project.folder))
    return next((model.name for model in models if isinstance(model.outcomes[0], Converted)), None)


def _probability(ids: pd.Series, stored: StoredProbabilities | None, what: str) -> Term:
    """The stored probability of each entity as a term; models give no interval."""
    if stored is None:
        return certain(np.full(len(ids), np.nan), f"missing: no stored scores hold {what}")
    value = stored.by_entity.reindex(ids).to_numpy(dtype=np.float64)
    source = f"{stored.model} version {stored.version}, within {stored.horizon_days} days, scored as of {stored.as_of:%Y-%m-%d}"
    unscored = f"missing: {stored.model} did not score it as of {stored.as_of:%Y-%m-%d}"
    return certain(value, np.where(np.isnan(value), unscored, source).astype(object))


def _about(rows: pd.DataFrame, kind: str) -> pd.DataFrame:
    """What tells a case from others."""
    names = ("name", "account", "segment", "industry", "stage")
    about = {name: rows.get(name) for name in names}
    return pd.DataFrame({"kind": kind, "id": rows[f"{kind}_id"], **about, "is_customer": rows["is_customer"]})
