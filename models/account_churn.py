"""The probability that a customer leaves, and by when."""

from dealml import Cancelled, Model, Shown, Silent
from features import account, adoption, purchases, satisfaction, subscription, support, usage

MODEL = Model(
    name="account_churn",
    entity="account_id",
    outcomes=(Cancelled(), Silent(active_days=180, horizon_days=90)),
    horizons=(30, 60, 90, 180),
    main_horizon=90,
    stage="subscription_plan",
    features=(account, usage, subscription, satisfaction, support, adoption, purchases),
    shown=Shown(
        name="account_name",
        stage="subscription_plan",
        segment="account_segment",
        amount="arr",
        currency="account_currency",
        ends_in_days="days_to_next_term_end",
    ),
)
