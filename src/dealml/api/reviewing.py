"""The methods that report: the review page and the sales metrics."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dealml.api.session import PathLike, ProjectSession
from dealml.moment_parsing import Moment

if TYPE_CHECKING:
    from dealml.api.results.metrics_result import SalesMetricsResult
    from dealml.api.results.review_result import ReviewResult


class ReviewingMethods(ProjectSession):
    """Write review pages and measure sales metrics."""

    def review(
        self,
        model: str,
        out: PathLike,
        as_of: Moment | None = None,
        since: Moment | None = None,
        period: str | None = None,
        tables: PathLike | None = None,
        track: bool = False,
        version: int | None = None,
    ) -> ReviewResult:
        """Write a review page: one HTML file with everything open, ranked, with reasons.

        Parameters
        ----------
        model
            The model whose scores are reviewed, such as deal_win.
        out
            The page to write, an .html file in a folder that exists.
        as_of
            The moment; only a cross-section, which has no dates, goes without.
        since
            The last review: the page shows what changed since.
        period
            What is forecast, such as 2026Q1; default the quarter of the moment.
        tables
            An .xlsx file, or a folder for .csv files, with every table of the page.
        track
            Whether to store the page in MLflow too.
        version
            A version by number; default the champion.

        Returns
        -------
        ReviewResult
            The page's file, and the sections that it lacks, each with the reason.

        Raises
        ------
        UsageError
            When a moment or the period cannot be read, or the file is not called .html.
        InputError
            When the page's folder does not exist.
        ModelError
            When nothing was trained yet.

        Example
        -------
        >>> project.review("deal_win", "review.html", as_of="2026-01-05")
        """
        from dealml.api.results.review_result import write_review_page

        with self._reporting() as report:
            moments = self._scoring_moment(as_of), self._project.calendar.optional_moment(since, "since")
            files = Path(out), None if tables is None else Path(tables)
            return write_review_page(self._project, model, moments, period, files, track, version, report)

    def metrics(self, since: Moment, until: Moment, by: str | None = None, as_of: Moment | None = None) -> SalesMetricsResult:
        """Measure the sales metrics of a period.

        Parameters
        ----------
        since
            The period's first moment.
        until
            The first moment after the period.
        by
            Split what can be split by segment, team or source.
        as_of
            Count only what was recorded before this moment; default all that is on record.

        Returns
        -------
        SalesMetricsResult
            One row a value.

        Raises
        ------
        UsageError
            When the period is empty or lies ahead of the data, or metrics cannot be split like that.
        InputError
            When the ledger is empty or has no dates.

        Example
        -------
        >>> project.metrics("2025-10-01", "2026-01-01").metrics
        """
        from dealml.api.results.metrics_result import sales_metrics_result
        from dealml.jobs.sales_metrics import metrics

        calendar = self._project.calendar
        period = calendar.moment(since, "since"), calendar.moment(until, "until")
        return sales_metrics_result(metrics(self._project, *period, by, calendar.optional_moment(as_of)))
