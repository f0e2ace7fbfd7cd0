"""The probability that a deal is lost, if it is not won, and by when: with deal_win it tells won, lost and open apart by any date."""

from dataclasses import replace

from dealml import Lost
from models.deal_win import MODEL as DEAL_WIN

MODEL = replace(DEAL_WIN, name="deal_loss", outcomes=(Lost(),), completes="deal_win")
