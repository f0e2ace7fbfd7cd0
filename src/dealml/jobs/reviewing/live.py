"""A live review: the page as it is now, and each judgement stored with the model's prediction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from dealml.errors import InputError
from dealml.forecast.result import Forecast
from dealml.jobs.overrides.record import overrides_as_of, record_override
from dealml.jobs.progress import Progress, silent
from dealml.jobs.reviewing.request import ReviewRequest
from dealml.jobs.reviewing.review import build_review
from dealml.jobs.reviewing.sections import ReviewSections, judged_by_deal, people_numbers
from dealml.judgement.override import StoredOverride
from dealml.page import Review


@dataclass(frozen=True, eq=False)
class LiveReview:
    """One review: computed once, its judgements read anew each time that it is shown."""

    request: ReviewRequest
    review: Review
    sections: ReviewSections

    @classmethod
    def of(cls, request: ReviewRequest, progress: Progress = silent) -> LiveReview:
        """Make the review; errors as for `write_review`.

        Raises
        ------
        InputError
            When the model speaks of accounts, or the ledger has no dates: nothing is judged there.
        """
        review, sections = build_review(request, progress)
        if review.subject_word != "deal" or request.as_of is None:
            raise InputError(
                f"{request.model}: people judge open deals in a ledger with dates; write the page instead: dealml review --out FILE"
            )
        return cls(request, review, sections)

    def show(self) -> Review:
        """The review with the judgements that stand now."""
        overrides = overrides_as_of(self.request.project, self.request.at, self.request.model)
        judgements = judged_by_deal(overrides)
        rows = tuple(replace(row, override_note=judgements.get(row.entity_id)) for row in self.review.rows)
        return replace(self.review, rows=rows, forecast=self._forecast(overrides))

    def record(self, texts: Mapping[str, str]) -> object:
        """Keep a judgement, made at the moment of the review and of its period; errors as for `override`."""
        at = min(self.request.at, datetime.now(UTC)).isoformat()
        currency = {row.entity_id: row.currency for row in self.review.rows}.get(texts.get("deal", ""))
        defaults = {"at": at, "period": self.request.over.name, "currency": currency if "amount" in texts else None}
        return record_override(self.request.project, {**defaults, **texts}, self.request.model)

    def _forecast(self, overrides: list[StoredOverride]) -> Forecast | None:
        run = self.sections.forecast_run
        if run is None:
            return None
        return replace(run.forecast, judged=run.judged(people_numbers(self.request.over, overrides)))
