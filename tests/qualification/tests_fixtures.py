"""Two small tests, and four deals: one that passes, one that fails, one of which nothing is on record, and one in between."""

from __future__ import annotations

import pandas as pd

from dealml import QualificationTest, Question, Sign

SPONSOR = QualificationTest(
    "sponsor",
    "A sponsor",
    speaks_for=(Sign("an executive supports us", "depth", at_least=2),),
    speaks_against=(Sign("the champion is staff", "level", at_most=1), Sign("nobody is with us", "depth", at_most=1)),
    questions=(Question("depth", "Who wants it?", unknown=(0,)), Question("level", "Which level?")),
    refusal="nobody decides",
)
FIT = QualificationTest(
    "fit",
    "A fit",
    speaks_for=(Sign("known industry", "industry", one_of=("Software",)),),
    speaks_against=(Sign("another industry", "industry", one_of=("Mining",)),),
    questions=(Question("industry", "Which industry?", unknown=("Unknown",)),),
)
TABLE = pd.DataFrame(
    {"depth": [3.0, 1.0, 0.0, 2.0], "level": [3.0, 1.0, None, 1.0], "industry": ["Software", "Mining", "Unknown", None]},
    index=[7, 8, 9, 10],
)
