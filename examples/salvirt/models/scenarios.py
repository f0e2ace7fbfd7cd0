"""Win scenarios: what rules over closed deals may combine: what the seller judged, without who the seller is."""

from dealml import WinScenarios
from features import salvirt

SCENARIOS = WinScenarios(
    features=(
        salvirt.product,
        salvirt.authority,
        salvirt.company_size,
        salvirt.competitors,
        salvirt.purchasing_department,
        salvirt.partnership,
        salvirt.budget,
        salvirt.formal_tender,
        salvirt.request_for_information,
        salvirt.request_for_proposal,
        salvirt.growth,
        salvirt.positive_statement,
        salvirt.source,
        salvirt.client,
        salvirt.scope,
        salvirt.strategic_deal,
        salvirt.cross_sale,
        salvirt.up_sale,
        salvirt.deal_type,
        salvirt.needs_defined,
        salvirt.attention_to_client,
    ),
    # 448 deals: a rule needs fewer of them than in a large company, and combines less.
    fewest_deals=30,
    most_conditions=2,
)
