"""The methods that train, measure and promote models."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from dealml.api.session import ProjectSession
from dealml.moment_parsing import Moment

if TYPE_CHECKING:
    import pandas as pd

    from dealml.api.results.evaluation_result import EvaluationResult
    from dealml.api.results.promotion_result import PromotionResult
    from dealml.api.results.training_result import TrainingResult


class ModellingMethods(ProjectSession):
    """Train, evaluate and promote models, and list their versions."""

    def train(self, model: str, as_of: Moment | None = None, allowed_leaks: Mapping[str, str] | None = None) -> TrainingResult:
        """Train a model and register it as a new version.

        The first version of a model is the champion, which is served; a later one is the challenger.

        Parameters
        ----------
        model
            A model of the project, such as deal_win.
        as_of
            Use only what was recorded before this moment; default the end of the data.
        allowed_leaks
            Features that may stay although the leak gate finds them: name and reason.

        Returns
        -------
        TrainingResult
            The version, and its evaluation on held-out rows.

        Raises
        ------
        UsageError
            When the project defines no such model.
        ModelError
            When the ledger holds no settled outcome to learn from.
        GateRefused
            When a feature looks as if it knew the outcome; nothing is registered then.

        Example
        -------
        >>> project.train("deal_win", as_of="2025-10-01").learner
        """
        from dealml.api.results.training_result import training_result
        from dealml.jobs.modelling.train import train

        with self._reporting() as report:
            return training_result(train(self._project, model, self._project.calendar.optional_moment(as_of), report, allowed_leaks))

    def evaluate(self, model: str, as_of: Moment | None = None, version: int | None = None) -> EvaluationResult:
        """Measure a model and its baselines on held-out later time.

        Parameters
        ----------
        model
            A model of the project, such as deal_win.
        as_of
            Use only what was recorded before this moment; default the end of the data.
        version
            A version by number; default the champion.

        Returns
        -------
        EvaluationResult
            Metrics with 95 % intervals.

        Raises
        ------
        ModelError
            When there is no such version, or no outcome was settled.

        Example
        -------
        >>> project.evaluate("deal_win").verdict
        """
        from dealml.api.results.evaluation_result import evaluation_result
        from dealml.jobs.modelling.evaluate import evaluate

        with self._reporting() as report:
            return evaluation_result(evaluate(self._project, model, self._project.calendar.optional_moment(as_of), version, report))

    def promote_if_earned(self, model: str, as_of: Moment | None = None) -> PromotionResult | None:
        """Make the challenger the champion if it passes the promotion gate.

        Parameters
        ----------
        model
            A model of the project, such as deal_win.
        as_of
            Compare on what was recorded before this moment; default the end of the data.

        Returns
        -------
        PromotionResult or None
            The gate's conditions; None where there is no challenger.

        Raises
        ------
        ModelError
            When nothing was trained yet, or another version became champion meanwhile.

        Example
        -------
        >>> project.promote_if_earned("deal_win")
        """
        from dealml.api.results.promotion_result import promotion_result
        from dealml.jobs.modelling.versions import promote_if_earned

        with self._reporting() as report:
            comparison = promote_if_earned(self._project, model, self._project.calendar.optional_moment(as_of), report)
        return None if comparison is None else promotion_result(comparison)

    def models(self, model: str | None = None) -> pd.DataFrame:
        """The versions of all models.

        Parameters
        ----------
        model
            Only this one.

        Returns
        -------
        pandas.DataFrame
            One row a version, the oldest first: `model`, `version`, `alias` (champion, challenger or empty),
            `learner`, `trained_through`, `digest`, `log_loss`, `verdict`.

        Raises
        ------
        UsageError
            When the project defines no such model.

        Example
        -------
        >>> project.models().query("alias == 'champion'")
        """
        from dealml.api.results.model_versions import versions_frame
        from dealml.jobs.modelling.versions import versions

        return versions_frame(versions(self._project, model))
