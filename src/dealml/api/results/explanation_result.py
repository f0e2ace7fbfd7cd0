"""What an explanation returns, also in the form that shap draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from dealml.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from dealml.jobs.explaining.explain import Explanation

Units = Literal["log_odds", "points"]


@dataclass(frozen=True)
class ExplanationResult:
    """One entity's probabilities, and what the one at the main horizon is made of.

    Example
    -------
    >>> result = project.explain("D005562", as_of="2026-01-05")
    >>> shap.plots.waterfall(result.shap("points"))
    """

    entity_id: str
    as_of: datetime
    model: str
    version: int
    outcome: str
    """Such as won, lost, cancelled."""
    horizon_days: int
    """The main horizon, which the contributions are of."""
    probabilities: Mapping[int, float]
    """By horizon in days."""
    probability: float
    """The served probability at the main horizon: `base_probability` plus the sum of all points."""
    base_probability: float
    margin: float
    """The model's log-odds at the main horizon: `base_margin` plus the sum of all log-odds."""
    base_margin: float
    contributions: pd.DataFrame
    """One row a feature: `feature`, `value`, `log_odds`, `points` (of probability, 1 is 100 %)."""
    reasons: pd.DataFrame
    """The strongest contributions in words: `feature`, `value`, `log_odds`, `points`, `sentence`, and `evidence` where it was asked for."""
    amount: float | None
    """The money that the entity stands for, in `currency`."""
    currency: str
    notes: tuple[str, ...]

    def shap(self, units: Units = "log_odds") -> Any:
        """The contributions as a `shap.Explanation`, for shap's own plots.

        Parameters
        ----------
        units
            "log_odds", which sum to `margin`, or "points" of the served probability, which sum to `probability`.

        Returns
        -------
        shap.Explanation
            Of one row: values, base value, data and feature names.

        Raises
        ------
        UsageError
            When the units are neither of the two.

        Example
        -------
        >>> shap.plots.bar(result.shap())
        """
        if units not in ("log_odds", "points"):
            raise UsageError(f"units: {units!r}: choose log_odds or points")
        from shap import Explanation

        return Explanation(
            values=self.contributions[units].to_numpy(dtype="float64"),
            base_values=self.base_margin if units == "log_odds" else self.base_probability,
            data=self.contributions["value"].to_numpy(dtype=object),
            feature_names=self.contributions["feature"].tolist(),
        )


def explanation_result(explanation: Explanation) -> ExplanationResult:
    """The explaining job's result as its public form."""
    import pandas as pd

    main = explanation.main
    reasons = pd.DataFrame(main["reasons"])
    if explanation.evidence:
        reasons["evidence"] = [evidence.sentence for evidence in explanation.evidence]
    return ExplanationResult(
        entity_id=explanation.entity_id,
        as_of=explanation.as_of,
        model=explanation.model,
        version=explanation.version,
        outcome=explanation.outcome_name,
        horizon_days=explanation.main_horizon,
        probabilities={row["horizon_days"]: row["probability"] for row in explanation.scores},
        probability=main["probability"],
        base_probability=main["base_probability"],
        margin=main["margin"],
        base_margin=main["base_margin"],
        contributions=explanation.contributions,
        reasons=reasons,
        amount=explanation.amount,
        currency=explanation.currency,
        notes=explanation.notes,
    )
