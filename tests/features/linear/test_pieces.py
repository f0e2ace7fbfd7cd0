"""How each reduction of a feature is computed, by its function and by what its condition depends on."""

import pytest

from dealml import per
from dealml.features.definition import Feature
from dealml.features.linear.ways import ways_of
from features import purchases, satisfaction, support, timing, usage


@per("account_id", "tickets")
def spread_of_hours(ticket):  # type: ignore[no-untyped-def]
    """Spread of the hours that tickets took."""
    return ticket.hours.std()


@pytest.mark.parametrize(
    ("feature", "way", "why"),
    [
        (usage.usage_30d, "linear", "sum"),
        (usage.days_since_use, "linear", "min"),
        (usage.active_users_30d, "window", "max of the facts of 30 days"),
        (usage.usage_mean_age_90d, "window", "looks at the facts of 90 days"),
        (support.hours_to_resolve, "linear", "count, sum"),
        (satisfaction.nps_first, "linear", "first"),
        (satisfaction.survey_people, "linear", "distinct"),
        (timing.days_to_close, "linear", "latest"),
        (timing.days_pushed, "join", "looks at every fact as of each snapshot"),
        (purchases.orders_so_far, "join", "looks at every fact as of each snapshot"),
        (spread_of_hours, "join", "StandardDev cannot be combined from intervals"),
    ],
    ids=lambda value: value.name if isinstance(value, Feature) else "",
)
def test_each_feature_says_how_it_is_computed(feature: Feature, way: str, why: str) -> None:
    (told,) = ways_of([feature])
    assert (told.way, told.why) == (way, why)
