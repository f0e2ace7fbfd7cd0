"""The methods that choose where to compete."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dealml.api.session import PathLike, ProjectSession
from dealml.moment_parsing import Moment

if TYPE_CHECKING:
    from dealml.api.results.choosing_result import ChoosingResult
    from dealml.api.results.economics_result import EconomicsResult
    from dealml.api.results.scenarios_result import ScenariosResult


class ChoosingMethods(ProjectSession):
    """Mine win scenarios, weigh what is open by what it is expected to bring, and write the page of both."""

    def scenarios(self, as_of: Moment | None = None, out: PathLike | None = None) -> ScenariosResult:
        """Mine the combinations in which deals are won or lost, and store them for reviews and explanations.

        Parameters
        ----------
        as_of
            Use only what was recorded before this moment; default all that is on record.
        out
            A .parquet or .csv file for the scenarios of each open deal and lead.

        Returns
        -------
        ScenariosResult
            A row a scenario, and a row for each open deal or lead in one.

        Raises
        ------
        UsageError
            When the moment cannot be read, or the file has another ending.
        InputError
            When the project lacks `models/scenarios.py`, or the ledger has no facts.
        ModelError
            When the ledger has no deals or outcomes.

        Example
        -------
        >>> project.scenarios(as_of="2026-01-05").scenarios
        """
        from dealml.api.results.scenarios_result import scenarios_result
        from dealml.jobs.choosing.scenarios import scenarios

        with self._reporting() as report:
            moment = self._project.calendar.optional_moment(as_of)
            return scenarios_result(scenarios(self._project, moment, None if out is None else Path(out), report))

    def economics(self, as_of: Moment | None = None, entity: str | None = None, out: PathLike | None = None) -> EconomicsResult:
        """Weigh open deals and leads by what winning them is expected to bring, term by term.

        Parameters
        ----------
        as_of
            Count only what was recorded before this moment; default the end of the data.
        entity
            A deal's or a lead's id; default all open ones.
        out
            A file for the table, .parquet or .csv.

        Returns
        -------
        EconomicsResult
            One row a deal or lead, the largest expected value first.

        Raises
        ------
        UsageError
            When the moment cannot be read, or the file ends in neither.
        InputError
            When the ledger is empty or has no dates, the deal is not open, or `models/economics.toml` cannot be read.

        Example
        -------
        >>> project.economics(as_of="2026-01-05").cases[["id", "expected_value", "unknown"]]
        """
        from dealml.api.results.economics_result import economics_result
        from dealml.jobs.choosing.economics import economics

        with self._reporting() as report:
            moment = self._project.calendar.optional_moment(as_of)
            return economics_result(economics(self._project, moment, entity, None if out is None else Path(out), report))

    def choose(self, out: PathLike, as_of: Moment | None = None) -> ChoosingResult:
        """Write the page "Where to compete": win scenarios, qualification, economics and commitments of what is open.

        Parameters
        ----------
        out
            The page to write, an .html file in a folder that exists.
        as_of
            Use only what was recorded before this moment; default the end of the data.

        Returns
        -------
        ChoosingResult
            The page's file, and the sections that it lacks, each with the reason.

        Raises
        ------
        UsageError
            When the moment cannot be read, or the file is not called .html.
        InputError
            When the page's folder does not exist, or the ledger is empty or has no dates.

        Example
        -------
        >>> project.choose("where.html", as_of="2026-01-05").gaps
        """
        from dealml.api.results.choosing_result import choosing_result
        from dealml.jobs.choosing.page import write_choosing_page

        with self._reporting() as report:
            moment = self._project.calendar.optional_moment(as_of)
            return choosing_result(Path(out), write_choosing_page(self._project, Path(out), moment, report))
