"""The points that marketing gives leads by hand: a baseline of every model of leads, never a feature."""

from dealml import Points, Scorecard

SCORECARD = Scorecard(
    name="heuristic",
    entity="lead_id",
    rules=(
        # Fit: is it a person, at a company, like those we sell to?
        Points(15, "lead_industry", one_of=("Software", "Financial services", "Manufacturing")),
        Points(10, "lead_employees", at_least=200),
        Points(15, "lead_seniority", one_of=("Director", "Executive")),
        Points(10, "lead_source", one_of=("Inbound", "Referral", "Partner")),
        Points(-15, "lead_free_mail", at_least=1),
        # Engagement: what does it click on?
        Points(5, "lead_opens_30d", at_least=1),
        Points(10, "lead_opens_30d", at_least=4),
        Points(5, "lead_pages_30d", at_least=3),
        Points(10, "lead_forms", at_least=1),
        Points(10, "lead_events", at_least=1),
        Points(10, "lead_replies", at_least=1),
        Points(-10, "days_since_lead_touch", at_least=30),
    ),
)
