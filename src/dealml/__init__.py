"""dealml: calibrated, explained probabilities of winning deals and keeping customers."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from dealml.upgrade.moved_modules import watch_imports

if TYPE_CHECKING:  # the same names as in `_MODULES`, for type checkers
    from dealml.api.project_handle import ProjectHandle as ProjectHandle
    from dealml.api.project_handle import open as open
    from dealml.api.results.backtest_result import ForecastBacktestResult as ForecastBacktestResult
    from dealml.api.results.choosing_result import ChoosingResult as ChoosingResult
    from dealml.api.results.economics_result import EconomicsResult as EconomicsResult
    from dealml.api.results.evaluation_result import EvaluationResult as EvaluationResult
    from dealml.api.results.explanation_result import ExplanationResult as ExplanationResult
    from dealml.api.results.forecast_result import ForecastResult as ForecastResult
    from dealml.api.results.import_result import ImportResult as ImportResult
    from dealml.api.results.metrics_result import SalesMetricsResult as SalesMetricsResult
    from dealml.api.results.promotion_result import PromotionResult as PromotionResult
    from dealml.api.results.review_result import ReviewResult as ReviewResult
    from dealml.api.results.scenarios_result import ScenariosResult as ScenariosResult
    from dealml.api.results.scoring_result import ScoringResult as ScoringResult
    from dealml.api.results.training_result import TrainingResult as TrainingResult
    from dealml.as_of.free_mail import FREE_MAIL as FREE_MAIL
    from dealml.commitments.policy import Commitment as Commitment
    from dealml.commitments.policy import CommitmentPolicy as CommitmentPolicy
    from dealml.errors import DealmlError as DealmlError
    from dealml.errors import GateRefused as GateRefused
    from dealml.errors import InputError as InputError
    from dealml.errors import ModelError as ModelError
    from dealml.errors import SetupError as SetupError
    from dealml.errors import UsageError as UsageError
    from dealml.features.definition import Feature as Feature
    from dealml.features.definition import formula as formula
    from dealml.features.definition import per as per
    from dealml.features.families.definition import Family as Family
    from dealml.features.families.definition import family as family
    from dealml.features.families.measures import FamilyMeasure as FamilyMeasure
    from dealml.features.shrinkage import lift as lift
    from dealml.features.shrinkage import shrunken as shrunken
    from dealml.features.windows import happened as happened
    from dealml.features.windows import within as within
    from dealml.learning.outcomes.of_accounts import Cancelled as Cancelled
    from dealml.learning.outcomes.of_accounts import Silent as Silent
    from dealml.learning.outcomes.of_deals import Lost as Lost
    from dealml.learning.outcomes.of_deals import Won as Won
    from dealml.learning.outcomes.of_leads import Converted as Converted
    from dealml.learning.outcomes.of_leads import LeadWon as LeadWon
    from dealml.learning.promotion_gate import Gate as Gate
    from dealml.learning.scorecard import Points as Points
    from dealml.learning.scorecard import Scorecard as Scorecard
    from dealml.learning.spec import Model as Model
    from dealml.learning.spec import Shown as Shown
    from dealml.learning.spec import Trees as Trees
    from dealml.ledger.ledger import Ledger as Ledger
    from dealml.moment_parsing import Moment as Moment
    from dealml.qualification.definition import Qualification as Qualification
    from dealml.qualification.definition import QualificationTest as QualificationTest
    from dealml.qualification.definition import Question as Question
    from dealml.qualification.definition import Sign as Sign
    from dealml.scenarios.definition import WinScenarios as WinScenarios

    __version__: str

_MODULES = {
    "FREE_MAIL": "dealml.as_of.free_mail",
    "Converted": "dealml.learning.outcomes.of_leads",
    "LeadWon": "dealml.learning.outcomes.of_leads",
    "open": "dealml.api.project_handle",
    "ProjectHandle": "dealml.api.project_handle",
    "ImportResult": "dealml.api.results.import_result",
    "TrainingResult": "dealml.api.results.training_result",
    "EvaluationResult": "dealml.api.results.evaluation_result",
    "PromotionResult": "dealml.api.results.promotion_result",
    "ScoringResult": "dealml.api.results.scoring_result",
    "ExplanationResult": "dealml.api.results.explanation_result",
    "ForecastResult": "dealml.api.results.forecast_result",
    "ForecastBacktestResult": "dealml.api.results.backtest_result",
    "ReviewResult": "dealml.api.results.review_result",
    "ChoosingResult": "dealml.api.results.choosing_result",
    "ScenariosResult": "dealml.api.results.scenarios_result",
    "EconomicsResult": "dealml.api.results.economics_result",
    "SalesMetricsResult": "dealml.api.results.metrics_result",
    "Moment": "dealml.moment_parsing",
    "DealmlError": "dealml.errors",
    "UsageError": "dealml.errors",
    "InputError": "dealml.errors",
    "ModelError": "dealml.errors",
    "SetupError": "dealml.errors",
    "GateRefused": "dealml.errors",
    "per": "dealml.features.definition",
    "formula": "dealml.features.definition",
    "Feature": "dealml.features.definition",
    "Family": "dealml.features.families.definition",
    "family": "dealml.features.families.definition",
    "FamilyMeasure": "dealml.features.families.measures",
    "lift": "dealml.features.shrinkage",
    "shrunken": "dealml.features.shrinkage",
    "happened": "dealml.features.windows",
    "within": "dealml.features.windows",
    "Model": "dealml.learning.spec",
    "Shown": "dealml.learning.spec",
    "Trees": "dealml.learning.spec",
    "Gate": "dealml.learning.promotion_gate",
    "Scorecard": "dealml.learning.scorecard",
    "Points": "dealml.learning.scorecard",
    "Won": "dealml.learning.outcomes.of_deals",
    "Lost": "dealml.learning.outcomes.of_deals",
    "Cancelled": "dealml.learning.outcomes.of_accounts",
    "Silent": "dealml.learning.outcomes.of_accounts",
    "Ledger": "dealml.ledger.ledger",
    "Qualification": "dealml.qualification.definition",
    "QualificationTest": "dealml.qualification.definition",
    "Question": "dealml.qualification.definition",
    "Sign": "dealml.qualification.definition",
    "WinScenarios": "dealml.scenarios.definition",
    "Commitment": "dealml.commitments.policy",
    "CommitmentPolicy": "dealml.commitments.policy",
}
"""The module of each public name."""

__all__ = sorted(_MODULES)


watch_imports()


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: `dealml --help` needs none of them."""
    if name == "__version__":
        from importlib.metadata import version

        return version("dealml")
    if name not in _MODULES:
        raise AttributeError(f"module 'dealml' has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)
