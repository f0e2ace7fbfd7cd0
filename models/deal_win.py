"""Will the deal be won, and by when?"""

from dealml import Model, Shown, Won
from features import (
    account,
    activity,
    champion,
    commitments,
    competition,
    economics,
    history,
    milestones,
    owner,
    problem,
    segment,
    stage,
    stakeholders,
    timing,
    touchpoints,
    trigger,
)

MODEL = Model(
    name="deal_win",
    entity="deal_id",
    outcomes=(Won(),),
    horizons=(7, 14, 30, 60, 90, 180),
    main_horizon=90,
    features=(
        segment, trigger, problem, competition, champion, stakeholders, milestones, stage, timing,
        activity, touchpoints, economics, commitments, history, owner, account.account_name,
    ),
    shown=Shown(
        name="deal_name", account="account_name", owner="owner", stage="stage", segment="segment",
        amount_converted="amount_base", amount="amount", currency="currency", ends_in_days="days_to_close",
    ),
)
