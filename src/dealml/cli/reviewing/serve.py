"""`dealml serve`."""

from __future__ import annotations

from typing import Annotated

import typer

from dealml.cli.options import (
    HERE,
    AsOf,
    FromVersion,
    LastReview,
    PeriodName,
    ProjectFolder,
    ReviewedModel,
    Version,
    moment_of_scores,
    open_project,
)
from dealml.cli.output import progress, say


def command(
    as_of: AsOf = None,
    from_: LastReview = None,
    period: PeriodName = None,
    port: Annotated[int, typer.Option("--port", metavar="N", min=0, max=65535, help="The port; 0 takes a free one.")] = 0,
    model: ReviewedModel = "deal_win",
    version: Version = None,
    from_version: FromVersion = None,
    project: ProjectFolder = HERE,
) -> None:
    """Show the review page on this machine, with judgements entered in it."""
    from dealml.jobs.reviewing.live import LiveReview
    from dealml.jobs.reviewing.request import ReviewRequest
    from dealml.serve import serve_review

    here = open_project(project)
    at, over = moment_of_scores(here, as_of), None if period is None else here.calendar.read_period(period)
    since = here.calendar.read_optional_moment(from_, "--from")
    request = ReviewRequest(here, model, at, version, since, from_version, over)
    with progress() as tell:
        live_review = LiveReview.of(request, tell)
    served = serve_review(live_review.show, live_review.record, port)
    say(f"{served.address}  (this machine alone; Ctrl-C ends it)")
    served.run()
