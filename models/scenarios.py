"""Win scenarios: what rules over closed deals may combine. `dealml scenarios` mines them; no model learns from this file."""

from dealml import WinScenarios
from features import champion, competition, lead_fit, lead_source, problem, segment, trigger

SCENARIOS = WinScenarios(
    features=(
        segment.segment,
        segment.industry,
        segment.growth_stage,
        segment.deal_type,
        segment.source,
        problem.problem,
        trigger.trigger,
        competition.competitor,
        champion.champion_depth,
        champion.champion_seniority,
    ),
    bands={
        "champion_depth": {"none yet": 0, "contact or supporter": 1, "coach or seller": 3},
        "champion_seniority": {"staff or manager": 1, "director or executive": 3},
    },
    # What of a lead says the same, so that leads are matched too.
    of_leads={
        "segment": lead_source.lead_segment,
        "industry": lead_fit.lead_industry,
        "source": lead_source.lead_source,
    },
)
