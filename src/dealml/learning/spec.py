"""The specification of a model: what it predicts, from which features, with which settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import ModuleType
from typing import Literal

from dealml.errors import ModelError, UsageError
from dealml.features.definition import Feature, features_in
from dealml.features.families.definition import Family, families_in
from dealml.learning.outcomes.of_accounts import Silent
from dealml.learning.outcomes.outcome import Outcome
from dealml.learning.promotion_gate import Gate
from dealml.ledger.entities import EntityKey

AUTO: Literal["auto"] = "auto"
"""Held-out time settles whether a model uses its families."""

RENAMED_SETTINGS = {
    "most_trees": "num_boost_round",
    "most_rows": "max_training_rows",
    "leaves": "num_leaves",
    "depth": "max_depth",
    "least_rows": "min_data_in_leaf",
    "feature_share": "feature_fraction_bynode",
    "l2": "lambda_l2",
    "bins": "max_bin",
}
"""Settings of earlier versions, and what each is called now."""


@dataclass(frozen=True)
class Trees:
    """Settings of LightGBM that a model may change, by LightGBM's own names; `docs/models.md` says what each does.

    `num_boost_round` is an upper bound. `max_training_rows` (more rows are thinned) is dealml's own.
    """

    learning_rate: float = 0.05
    num_boost_round: int = 250
    max_training_rows: int = 120_000
    num_leaves: int = 15
    max_depth: int = 6
    min_data_in_leaf: int = 100
    feature_fraction_bynode: float = 0.5
    lambda_l2: float = 5.0
    max_bin: int = 63
    seed: int = 7


@dataclass(frozen=True)
class Shown:
    """Names of features that a page shows of an entity; one that the ledger lacks stays empty."""

    name: str = ""
    account: str = ""
    owner: str = ""
    team: str = ""
    stage: str = ""
    segment: str = ""
    amount_converted: str = ""
    """Money at stake in the project's currency."""
    amount: str = ""
    """Money at stake in its own currency, where it could not be converted."""
    currency: str = ""
    """The currency of `amount`."""
    ends_in_days: str = ""
    """Days until the expected close of a deal, the renewal of an account."""
    touched_days_ago: str = ""
    """Days since a lead was last touched: shown in place of what is expected."""
    touch: str = ""
    """How lately a lead was touched, in words."""
    times_recycled: str = ""
    """How many times a lead came back into play."""
    company_open_deals: str = ""
    """Open deals with the company behind a lead."""
    company_won_deals: str = ""
    """Deals that the company behind a lead gave before."""
    company_churned: str = ""
    """Whether the company behind a lead was a customer and left."""


@dataclass(frozen=True)
class Model:
    """One model: an entity, its outcome within horizons, and the features it learns from.

    Parameters
    ----------
    name
        How the command line and the registry call it.
    entity
        `deal_id`, `account_id` or `lead_id`.
    outcomes
        What is predicted; the first whose facts the ledger holds.
    horizons
        Days within which the outcome is predicted, ascending.
    main_horizon
        The horizon that pages and headlines speak of.
    features
        The modules of `features/` to learn from, or single features of them.
    shown
        Which features tell people what they look at.
    stage
        The text feature whose rates are a baseline: the deal's stage, the account's plan.
    trees
        Settings of the learner.
    allowed_leaks
        Features that may stay though the leak gate finds them: name and reason.
    gate
        What a challenger must show before it may replace the champion.
    completes
        The model that this one completes, such as P(lost, if not won) does P(won); it is trained and scored like any other, but
        nobody asks it first, and it has no page of its own.
    families
        Whether it learns from families of features too: by default it leaves all of them out, and with `"auto"` held-out time
        within the training data settles it (`dealml.learning.recipe.family_trial`).
    """

    name: str
    entity: EntityKey
    outcomes: tuple[Outcome, ...]
    horizons: tuple[int, ...]
    main_horizon: int
    features: tuple[ModuleType | Feature | Family, ...]
    shown: Shown
    stage: str = "stage"
    trees: Trees = field(default_factory=Trees)
    allowed_leaks: Mapping[str, str] = field(default_factory=dict)
    gate: Gate = Gate()
    completes: str = ""
    families: bool | Literal["auto"] = False

    def require_own_page(self) -> None:
        """Refuse a page about a model that only completes another.

        Raises
        ------
        UsageError
            When it completes another.
        """
        if self.completes:
            raise UsageError(f"{self.name} completes {self.completes} and has no page of its own; name {self.completes}")

    def outcome(self, tables: Iterable[str]) -> Outcome:
        """The outcome that the ledger can tell.

        Raises
        ------
        ModelError
            When it can tell none.
        """
        available = set(tables)
        for outcome in self.outcomes:
            if available.issuperset(outcome.needs):
                return outcome
        wanted = " or ".join(" and ".join(outcome.needs) for outcome in self.outcomes)
        raise ModelError(f"{self.name}: the ledger has no {wanted}; import an extract that has, then train again")

    def horizons_for(self, outcome: Outcome) -> tuple[int, ...]:
        """The horizons that an outcome allows."""
        return (outcome.horizon_days,) if isinstance(outcome, Silent) else tuple(sorted(self.horizons))

    @cached_property
    def all_features(self) -> tuple[Feature, ...]:
        """Every feature that the model's modules declare."""
        return features_in(*self.features)

    @cached_property
    def all_families(self) -> tuple[Family, ...]:
        """Every family that the model's modules declare, whether or not the model learns from them."""
        return families_in(*self.features)

    @property
    def dictionary(self) -> tuple[Feature, ...]:
        """Every feature for people to read of, a family's as a pattern."""
        patterns = [feature for family in self.all_families for feature in family.pattern] if self.families else []
        return (*self.all_features, *patterns)
