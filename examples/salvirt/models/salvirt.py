"""The probability that a deal is won, from the seller's judgements alone."""

from dealml import Model, Shown, Won
from features import salvirt

MODEL = Model(
    name="salvirt",
    entity="deal_id",
    outcomes=(Won(),),
    horizons=(1,),  # nominal: a cross-section has no time
    main_horizon=1,
    stage="client",
    features=(salvirt,),
    shown=Shown(stage="client", segment="company_size", owner="seller"),
)
