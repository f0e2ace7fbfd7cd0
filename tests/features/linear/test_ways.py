"""How features are computed that are not sums of an entity's own facts."""

from dealml.features.linear.ways import ways_of
from features import account, economics, usage


def test_formulas_records_and_facts_of_keys_say_what_they_are() -> None:
    ways = list(ways_of([usage.usage_trend_month, account.segment_churn_lift, economics.exchange_rate]))
    assert [(way.way, way.why) for way in ways] == [
        ("formula", "of usage_7d, usage_30d"),
        ("join", "the company's record, once for each day and value"),
        ("join", "the facts of each currency"),
    ]
