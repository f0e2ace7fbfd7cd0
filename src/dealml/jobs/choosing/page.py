"""Write the page "Where to compete": every capability of choosing, as of one moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dealml.errors import InputError, ModelError
from dealml.files import checked_page, write_page
from dealml.jobs.choosing.commitments import check_commitments
from dealml.jobs.choosing.economics import economics
from dealml.jobs.choosing.qualify import qualify
from dealml.jobs.choosing.scenarios import scenarios
from dealml.jobs.progress import Progress, silent
from dealml.jobs.scoring.requirements import ledger_end, require_dated
from dealml.page.choosing import commitments_section, economics_section, qualification_section, scenarios_section
from dealml.page.choosing.content import ChoosingPage, ChoosingSection
from dealml.page.choosing.render import render_choosing
from dealml.project import Project


@dataclass(frozen=True)
class ChoosingReport:
    """What was written."""

    as_of: datetime
    headline: str
    bytes: int
    gaps: dict[str, str]
    """The sections that the page lacks, each with the reason."""


def write_choosing_page(project: Project, out: Path, as_of: datetime | None = None, progress: Progress = silent) -> ChoosingReport:
    """Write one self-contained HTML page; scenarios are mined and stored on the way.

    Parameters
    ----------
    as_of
        Only what was recorded before this moment counts; without it, the end of the data.

    Raises
    ------
    UsageError, InputError
        When the file is not called .html, its folder does not exist, or the ledger is empty or has no dates.
    """
    checked_page(out)
    require_dated(project, "choosing where to compete needs deals with dates")
    at = as_of or project.calendar.local(ledger_end(project.ledger, project.query_settings))
    page = choosing_page(project, at, progress)
    written = write_page(out, render_choosing(page))
    return ChoosingReport(at, page.headline, written, {section.title: section.missing for section in page.sections if section.missing})


def choosing_page(project: Project, at: datetime, progress: Progress = silent) -> ChoosingPage:
    """Everything that the page shows; a section that cannot be made says why."""
    company = project.settings.company
    mined = scenarios(project, at, progress=progress)
    open_deals = [entity.matched for entity in mined.entities if entity.kind == "deal"]
    sections = (
        scenarios_section.scenarios_section(mined.mined, open_deals, mined.currency),
        _section(qualification_section.KEY, qualification_section.TITLE, lambda: _qualification(project, at, progress)),
        _section(economics_section.KEY, economics_section.TITLE, lambda: _economics(project, at, progress)),
        _section(commitments_section.KEY, commitments_section.TITLE, lambda: _commitments(project, at)),
    )
    facts = (("Ledger digest", project.ledger.digest), ("Currency", company.currency))
    return ChoosingPage(f"{company.name}: where to compete", at, scenarios_section.headline(mined.mined), sections, facts)


def _section(key: str, title: str, make: Callable[[], ChoosingSection]) -> ChoosingSection:
    try:
        return make()
    except (InputError, ModelError) as error:
        return ChoosingSection(key, title, missing=str(error))


def _qualification(project: Project, at: datetime, progress: Progress) -> ChoosingSection:
    report = qualify(project, as_of=at, progress=progress)
    return qualification_section.qualification_section(report.entities, report.horizons, report.currency, report.notes)


def _economics(project: Project, at: datetime, progress: Progress) -> ChoosingSection:
    report = economics(project, at, progress=progress)
    return economics_section.economics_section(report.table, report.settings.horizon_months, report.currency, report.notes)


def _commitments(project: Project, at: datetime) -> ChoosingSection:
    report = check_commitments(project, at)
    return commitments_section.commitments_section(report.promises, report.aftermath, report.as_of, report.notes)
