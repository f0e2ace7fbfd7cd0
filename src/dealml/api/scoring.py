"""The methods that score and explain."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from dealml.api.session import PathLike, ProjectSession
from dealml.moment_parsing import Moment

if TYPE_CHECKING:
    from dealml.api.results.explanation_result import ExplanationResult
    from dealml.api.results.scoring_result import ScoringResult


class ScoringMethods(ProjectSession):
    """Score what is open, and explain a score."""

    def score(
        self,
        model: str,
        as_of: Moment | None = None,
        version: int | None = None,
        contributions: bool = False,
        out: PathLike | None = None,
    ) -> ScoringResult:
        """Score every open deal or active account, and publish the scores in the project's database.

        Parameters
        ----------
        model
            A model of the project, such as deal_win.
        as_of
            The moment; only a cross-section, which has no dates, goes without.
        version
            A version by number; default the champion.
        contributions
            Whether to return every feature's contribution too.
        out
            A file that the scores are also written to: .parquet or .csv.

        Returns
        -------
        ScoringResult
            The scores as a frame.

        Raises
        ------
        UsageError
            When a moment is missing or is no date, or the project defines no such model.
        ModelError
            When nothing was trained yet.
        SetupError
            When the score database cannot be written.

        Example
        -------
        >>> project.score("deal_win", as_of="2026-01-05").scores
        """
        from dealml.api.results.scoring_result import score_to_frames

        with self._reporting() as report:
            file = None if out is None else Path(out)
            return score_to_frames(self._project, model, self._scoring_moment(as_of), version, contributions, file, report)

    def explain(
        self, entity_id: str, as_of: Moment | None = None, model: str | None = None, version: int | None = None, evidence: bool = True
    ) -> ExplanationResult:
        """Explain one entity's probability.

        Parameters
        ----------
        entity_id
            The id of a deal, an account or a lead.
        as_of
            The moment; only a cross-section, which has no dates, goes without.
        model
            A model of the project; default the first that scores the entity.
        version
            A version by number; default the champion.
        evidence
            Whether to look for evidence in the past, which takes longer.

        Returns
        -------
        ExplanationResult
            Contributions that add up to the probability; `.shap()` gives them to shap's plots.

        Raises
        ------
        UsageError
            When a moment is missing or is no date, or the project defines no such model.
        InputError
            When the entity is not open at that moment.
        ModelError
            When nothing was trained yet.

        Example
        -------
        >>> project.explain("D005562", as_of="2026-01-05").reasons
        """
        from dealml.api.results.explanation_result import explanation_result
        from dealml.jobs.explaining.explain import explain

        with self._reporting() as report:
            moment = self._scoring_moment(as_of)
            return explanation_result(explain(self._project, entity_id, moment, model, version, evidence, report))
