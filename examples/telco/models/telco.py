"""The probability that a customer leaves, from what they have and pay."""

from dealml import Cancelled, Model, Shown
from features import telco

MODEL = Model(
    name="telco",
    entity="account_id",
    outcomes=(Cancelled(),),
    horizons=(1,),  # nominal: a cross-section has no time
    main_horizon=1,
    stage="contract",
    features=(telco,),
    shown=Shown(stage="contract", segment="internet_service", amount="monthly_charges"),
)
