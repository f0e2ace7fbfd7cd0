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
from dealml.jobs.reviewing.sections import ReviewSections, judged_by_deal, said_of
from dealml.judgement.override import StoredOverride
from dealml.page import Review


@dataclass(frozen=True, eq=False)
class LiveReview:
    """One review: computed once, its judgements read anew each time that it is shown."""

    asked: ReviewRequest
    review: Review
    around: ReviewSections

    @classmethod
    def of(cls, asked: ReviewRequest, progress: Progress = silent) -> LiveReview:
        """Make the review; errors as for `write_review`.

        Raises
        ------
        InputError
            When the model speaks of accounts, or the ledger has no dates: nothing is judged there.
        """
        review, around = build_review(asked, progress)
        if review.subject_word != "deal" or asked.as_of is None:
            raise InputError(
                f"{asked.model}: people judge open deals in a ledger with dates; write the page instead: dealml review --out FILE"
            )
        return cls(asked, review, around)

    def show(self) -> Review:
        """The review with the judgements that stand now."""
        kept = overrides_as_of(self.asked.project, self.asked.at, self.asked.model)
        said = judged_by_deal(kept)
        rows = tuple(replace(row, judgement=said.get(row.entity_id)) for row in self.review.rows)
        return replace(self.review, rows=rows, forecast=self._forecast(kept))

    def record(self, said: Mapping[str, str]) -> object:
        """Keep a judgement, made at the moment of the review and of its period; errors as for `override`."""
        at = min(self.asked.at, datetime.now(UTC)).isoformat()
        meant = {row.entity_id: row.currency for row in self.review.rows}.get(said.get("deal", ""))
        of_this = {"at": at, "period": self.asked.over.name, "currency": meant if "amount" in said else None}
        return record_override(self.asked.project, {**of_this, **said}, self.asked.model)

    def _forecast(self, kept: list[StoredOverride]) -> Forecast | None:
        found = self.around.foreseen
        if found is None:
            return None
        return replace(found.forecast, judged=found.judged(said_of(self.asked.over, kept)))
