"""The probability that the deal that a lead becomes is won, and by when."""

from dataclasses import replace

from dealml import LeadWon
from models.lead_conversion import MODEL as LEAD_CONVERSION

MODEL = replace(LEAD_CONVERSION, name="lead_win", outcomes=(LeadWon(untouched_days=180),), horizons=(30, 90, 180), main_horizon=90)
