"""The definition of win scenarios refuses what makes no sense."""

from __future__ import annotations

import pytest

from dealml import InputError, WinScenarios, per


@per("deal_id", "deal_changes")
def segment(change):
    """Segment."""
    return change.latest(change.text, where=change.field == "segment")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"days": 0}, "days=0 is not between 1 and 3650"),
        ({"fewest_deals": 5}, "fewest_deals=5 is not between 20"),
        ({"most_conditions": 9}, "most_conditions=9 is not between 1 and 4"),
        ({"least_lift": 1.0}, "least_lift=1.0 is not between"),
        ({"false_discoveries": 0.9}, "false_discoveries=0.9 is not between"),
        ({"bands": {"size": {"a": 0, "b": 1}}}, "bands of 'size', which is none of the features: segment"),
        ({"of_leads": {"size": segment}}, "of_leads of 'size', which is none of the features: segment"),
        ({"bands": {"segment": {"a": 1, "b": 0}}}, "bands of 'segment' must be two or more, in ascending order"),
        ({"bands": {"segment": {"a": 1}}}, "bands of 'segment' must be two or more"),
    ],
)
def test_settings_out_of_range_are_refused(settings, message):
    with pytest.raises(InputError, match=message):
        WinScenarios(features=(segment,), **settings)


def test_the_features_are_named():
    assert WinScenarios(features=(segment,)).names == ("segment",)
