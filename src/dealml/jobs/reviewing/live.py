"""A review at which people judge: the page as it stands, and each judgement kept beside the model's number."""

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
        kept = overrides_as_of(self.request.project, self.request.at, self.request.model)
        said = judged_by_deal(kept)
        rows = tuple(replace(row, override_note=said.get(row.entity_id)) for row in self.review.rows)
        return replace(self.review, rows=rows, forecast=self._forecast(kept))

    def record(self, said: Mapping[str, str]) -> object:
        """Keep a judgement, made at the moment of the review and of its period; errors as for `override`."""
        at = min(self.request.at, datetime.now(UTC)).isoformat()
        meant = {row.entity_id: row.currency for row in self.review.rows}.get(said.get("deal", ""))
        of_this = {"at": at, "period": self.request.over.name, "currency": meant if "amount" in said else None}
        return record_override(self.request.project, {**of_this, **said}, self.request.model)

    def _forecast(self, kept: list[StoredOverride]) -> Forecast | None:
        found = self.sections.forecast_run
        if found is None:
            return None
        return replace(found.forecast, judged=found.judged(people_numbers(self.request.over, kept)))
