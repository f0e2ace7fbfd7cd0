"""What runs in AutoGluon's own environment: it learns from one Parquet file and gives the probabilities of another one's rows.

    python autogluon_fit.py EARLIER.parquet LATER.parquet OUT.parquet SECONDS THREADS

Both files have the columns of the encoded features, those of texts as texts; EARLIER has the outcome too, in the column `won`.
"""

import sys
import tempfile

import pandas as pd
from autogluon.tabular import TabularPredictor

LEARNERS = {"GBM": {}, "CAT": {}, "XGB": {}, "RF": {}, "XT": {}}
"""Boosting by three libraries, and forests."""


def main() -> None:
    earlier, later, out, seconds, threads = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        predictor = TabularPredictor(label="won", problem_type="binary", eval_metric="log_loss", path=f"{folder}/predictor", verbosity=0)
        predictor.fit(
            pd.read_parquet(earlier),
            presets="good_quality",
            hyperparameters=LEARNERS,
            time_limit=int(seconds),
            num_cpus=int(threads),
            num_gpus=0,
        )
        chances = predictor.predict_proba(pd.read_parquet(later), as_multiclass=False)
    pd.DataFrame({"p": chances.to_numpy()}).to_parquet(out)


if __name__ == "__main__":
    main()
