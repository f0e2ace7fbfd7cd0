"""Real loan applications with a stage history (BPI Challenge 2012), read as deals.

    python -m benchmarks.bpic2012

Day 14: cases ordered by submission; the first three quarters are trained on, as far as on record before the cut, the moment at which the
first of the last quarter turns 14 days old. Cases of that quarter still open at their own day 14 are scored at that moment with only what
was on record before it, at the model's longest horizon, and judged by the final outcome.

As a user meets it: trained as of 2022-05-01, all open cases scored on four Mondays, undecided ones counted as not approved.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from benchmarks.common import Floats, day, features_at, learned, measured, project_of, say, scratch, shared, show, view_of
from dealml.learning.encoding import HORIZON
from dealml.learning.fitted import FittedModel
from dealml.project import Project

AGE = pd.Timedelta(days=14)
TRAINING_SHARE = 0.75
TRAINED = "2022-05-01"
MONDAYS = ("2022-05-02", "2022-05-09", "2022-05-16", "2022-05-23")
TARGETS = {"auc": 0.82, "brier_skill": 0.25}
README = {
    "logistic regression (shared README)": {"auc": 0.772, "log_loss": 0.513, "brier": 0.174},
    "random forest (shared README)": {"auc": 0.774, "log_loss": 0.518, "brier": 0.175},
    "HistGradientBoosting (shared README)": {"auc": 0.776, "log_loss": 0.527, "brier": 0.176},
    "CatBoost (shared README)": {"auc": 0.772, "log_loss": 0.526, "brier": 0.178},
    "LightGBM (shared README)": {"auc": 0.773, "log_loss": 0.531, "brier": 0.178},
    "base rate by age (shared README)": {"auc": 0.569, "log_loss": 0.621, "brier": 0.215},
}


def cases_of(source: Path) -> pd.DataFrame:
    """Cases by submission, with whether they were approved in the end."""
    cases = pd.read_csv(source / "cases.csv.gz", usecols=["case_id", "submitted_at", "outcome", "outcome_at"], dtype={"case_id": str})
    for column in ("submitted_at", "outcome_at"):
        cases[column] = pd.to_datetime(cases[column], utc=True, format="ISO8601")
    cases["approved"] = (cases["outcome"] == "approved").astype(float)
    return cases.sort_values(["submitted_at", "case_id"], ignore_index=True)


def open_at_day_14(cases: pd.DataFrame) -> pd.DataFrame:
    """The cases without an outcome on record before their day 14."""
    return cases[cases["outcome_at"].isna() | (cases["outcome_at"] >= cases["submitted_at"] + AGE)]


def probabilities(model: FittedModel, table: pd.DataFrame) -> Floats:
    """The model's probabilities at its longest horizon."""
    return model.probability(table.assign(**{HORIZON: float(max(model.horizons))}))


def features_at_day_14(project: Project, cases: pd.DataFrame) -> pd.DataFrame:
    """The features of each case at its own day 14, in the cases' order."""
    as_of = cases["submitted_at"] + AGE
    moments = pd.DataFrame({"deal_id": cases["case_id"], "account_id": None, "since": cases["submitted_at"], "as_of": as_of})
    return features_at(project, view_of(project, "deal_win"), moments)


def day_14(project: Project, cases: pd.DataFrame) -> dict[str, dict[str, object]]:
    """The last quarter of the cases, still open at day 14, by a model that knows the first three quarters."""
    first_test = int(len(cases) * TRAINING_SHARE)
    earlier, later = cases.iloc[:first_test], cases.iloc[first_test:]
    cut = (later["submitted_at"].iloc[0] + AGE).to_pydatetime()
    model = learned(project, "deal_win", cut, only=set(earlier["case_id"]))
    tested, known = open_at_day_14(later), open_at_day_14(earlier)
    p = probabilities(model, features_at_day_14(project, tested))
    about = {"cut": f"{cut:%Y-%m-%d %H:%M}", "horizon_days": max(model.horizons)}
    decided = tested["outcome_at"].notna().to_numpy()
    return {
        "undecided left out": judged(tested[decided], p[decided], known[known["outcome_at"].notna()]) | about,
        "undecided as not approved": judged(tested, p, known) | about,
    }


def judged(tested: pd.DataFrame, p: Floats, known: pd.DataFrame) -> dict[str, object]:
    """Measures of tested cases; the base rate is the share approved in the end of the training cases still open at their day 14."""
    base, y = float(known["approved"].mean()), tested["approved"]
    own = measured(y, p, float(y.mean()))["brier_skill"]  # over the tested cases' own rate, which nobody knew then
    about = {"cases": len(tested), "approved": int(y.sum())}
    return about | measured(y, p, base) | {"base_rate": round(base, 4), "skill_over_own_rate": own}


def as_a_user(project: Project, cases: pd.DataFrame) -> dict[str, object]:
    """All open cases on four Mondays, by a model trained the day before the first."""
    model = learned(project, "deal_win", day(TRAINED))
    tables = [view_of(project, "deal_win", day(monday)).at_stake() for monday in MONDAYS]
    scores = pd.concat([table[["deal_id"]].assign(p=probabilities(model, table)) for table in tables])
    y = scores["deal_id"].map(cases.set_index("case_id")["approved"]).to_numpy()
    return {"scores": len(scores), "approved": int(y.sum())} | measured(y, scores["p"]) | {"horizon_days": max(model.horizons)}


def main() -> None:
    source = shared("bpic2012_loan", "bpic2012")
    cases = cases_of(source)
    with scratch() as folder:
        project = project_of(folder / "project", source, "bpic2012")
        at_14, user = day_14(project, cases), as_a_user(project, cases)
    show("bpic2012, still open at day 14, trained on earlier cases (targets: AUC >= 0.82, Brier skill >= 0.25)", at_14)
    show("bpic2012, as a user meets it", {"deal_win": user} | README)
    met = all(at_14["undecided left out"][name] >= least for name, least in TARGETS.items())
    say({"benchmark": "bpic2012", "day_14": at_14, "as_a_user": user, "met": met})


if __name__ == "__main__":
    main()
