"""The points that the team gives deals by hand: a baseline of every model of deals, never a feature."""

from dealml import Points, Scorecard

SCORECARD = Scorecard(
    name="heuristic",
    rules=(
        # Fit: is it a company like those we sell to?
        Points(15, "industry", one_of=("Software", "Financial services", "Manufacturing")),
        Points(10, "segment", one_of=("Mid-market",)),
        Points(15, "segment", one_of=("Enterprise",)),
        Points(10, "source", one_of=("Inbound", "Referral", "Partner")),
        # Authority, budget, need, timeline.
        Points(10, "executive_depth", at_least=1),
        Points(10, "economic_buyer_depth", at_least=1),
        Points(10, "budget_set", at_least=1),
        Points(5, "problem_confirmed", at_least=1),
        Points(5, "timeline_set", at_least=1),
        # Engagement: do they talk to us?
        Points(15, "demos", at_least=1),
        Points(10, "meetings_30d", at_least=1),
        Points(5, "meetings_30d", at_least=3),
        Points(5, "emails", at_least=3),
        Points(5, "inbound_30d", at_least=1),
        Points(5, "assets_shared", at_least=1),
        Points(-10, "days_since_activity", at_least=30),
        # Stage: the further, the better.
        Points(5, "stage_place", at_least=2),
        Points(5, "stage_place", at_least=3),
        Points(10, "stage_place", at_least=4),
        Points(-5, "pushes", at_least=2),
    ),
)
