"""A review at which people judge: the page as it stands, and each judgement kept beside the model's number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from dealml.errors import InputError
from dealml.forecast.period import Period
from dealml.jobs.around import judged_by_deal
from dealml.jobs.override import override, overrides_as_of
from dealml.jobs.progress import Progress, silent
from dealml.jobs.review import review_of
from dealml.page import Review
from dealml.project import Project


@dataclass(frozen=True)
class Desk:
    """One review: computed once, its judgements read anew each time that it is shown."""

    project: Project
    review: Review
    period: Period
    """A probability is that of being won by its end."""

    @classmethod
    def of(
        cls,
        project: Project,
        model: str,
        as_of: datetime | None,
        version: int | None = None,
        since: datetime | None = None,
        period: Period | None = None,
        version_before: int | None = None,
        progress: Progress = silent,
    ) -> Desk:
        """Make the review; parameters and errors as for `write_review`.

        Raises
        ------
        InputError
            When the model speaks of accounts, or the ledger has no dates: nothing is judged there.
        """
        review = review_of(project, model, as_of, version, since, period, version_before, progress)
        if review.subject_word != "deal" or as_of is None:
            raise InputError(f"{model}: people judge open deals in a ledger with dates; leave --serve out, and give --out FILE")
        return cls(project, review, period or Period.around(review.as_of))

    def show(self) -> Review:
        """The review with the judgements that stand now."""
        said = judged_by_deal(overrides_as_of(self.project, self.review.as_of, self.review.model))
        return replace(self.review, rows=tuple(replace(row, judgement=said.get(row.entity_id)) for row in self.review.rows))

    def record(self, said: Mapping[str, str]) -> object:
        """Keep a judgement, made at the moment of the review and of its period; errors as for `override`."""
        at = min(self.review.as_of, datetime.now(UTC)).isoformat()
        meant = {row.entity_id: row.currency for row in self.review.rows}.get(said.get("deal", ""))
        return override(
            self.project, {"currency": meant if "amount" in said else None, **said, "at": at, "period": self.period.name}, self.review.model
        )
