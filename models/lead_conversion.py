"""The probability that a lead becomes a deal, and by when."""

from dealml import Converted, Model, Shown, Trees
from features import account, lead_behaviour, lead_company, lead_fit, lead_points, lead_progress, lead_record, lead_source, lead_speed

MODEL = Model(
    name="lead_conversion",
    entity="lead_id",
    outcomes=(Converted(untouched_days=180),),
    horizons=(7, 30, 60, 90),
    main_horizon=30,
    stage="lead_status",
    # Longer steps, and fewer: leads have many rows.
    trees=Trees(learning_rate=0.1, num_boost_round=120),
    features=(
        lead_fit,
        lead_source,
        lead_progress,
        lead_behaviour,
        lead_speed,
        lead_company,
        lead_record,
        lead_points,
        account.account_name,
    ),
    shown=Shown(
        name="lead_name",
        account="account_name",
        owner="lead_owner",
        team="lead_team",
        stage="lead_status",
        segment="lead_source",
        touched_days_ago="days_since_lead_touch",
        touch="lead_touch",
        times_recycled="times_recycled",
        company_open_deals="company_open_deals",
        company_won_deals="company_won_deals",
        company_churned="company_churned",
    ),
)
