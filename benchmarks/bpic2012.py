"""Real loan applications with a stage history (BPI Challenge 2012), read as deals.

    python -m benchmarks.bpic2012 [--families] [--rivals NAME ...]

Day 14: cases ordered by submission; the first three quarters are trained on, as far as on record before the cut, the moment at which the
first of the last quarter turns 14 days old. Cases of that quarter still open at their own day 14 are scored at that moment with only what
was on record before it, at the model's longest horizon, and judged by the final outcome.

With `--families` everybody learns from families of features too.

Four Mondays: trained as of 2022-05-01, all open cases scored on four Mondays, by dealml and by the learners of `contenders`, taught by
the same rows and features. Judged in three forms: at the longest horizon by the final outcome, cases without one left out; at 30 days, by
whether the case was approved within them; and at the longest horizon with undecided cases as not approved.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.common import (
    Floats,
    day,
    features_at,
    learned,
    log_losses,
    measured,
    project_of,
    say,
    scratch,
    shared,
    show,
    view_of,
    with_families,
)
from benchmarks.contenders import LOGISTIC, OWN, RIVALS, answers_of
from dealml.learning.encoding import HORIZON
from dealml.learning.fitted import FittedModel
from dealml.learning.ladder import difference
from dealml.learning.training import fit
from dealml.learning.training_rows import TrainingRows
from dealml.project import Project

AGE = pd.Timedelta(days=14)
TRAINING_SHARE = 0.75
TRAINED = "2022-05-01"
MONDAYS = ("2022-05-02", "2022-05-09", "2022-05-16", "2022-05-23")
TARGETS = {"auc": 0.82, "brier_skill": 0.25}
FORMS = {"undecided left out": 0.515, "won within 30 days": 0.503, "undecided as not approved": None}
"""What the Mondays' scores are judged by, and the log loss that each aims at; the last is there to be compared with earlier builds."""
MONTH = 30


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


def features_at_day_14(project: Project, cases: pd.DataFrame, model: FittedModel) -> pd.DataFrame:
    """The features of each case at its own day 14 that a model has, in the cases' order."""
    as_of = cases["submitted_at"] + AGE
    moments = pd.DataFrame({"deal_id": cases["case_id"], "account_id": None, "since": cases["submitted_at"], "as_of": as_of})
    return features_at(project, view_of(project, "deal_win", served=model), moments)


def day_14(project: Project, cases: pd.DataFrame) -> dict[str, dict[str, object]]:
    """The last quarter of the cases, still open at day 14, by a model that knows the first three quarters."""
    first_test = int(len(cases) * TRAINING_SHARE)
    earlier, later = cases.iloc[:first_test], cases.iloc[first_test:]
    cut = (later["submitted_at"].iloc[0] + AGE).to_pydatetime()
    model = learned(project, "deal_win", cut, only=set(earlier["case_id"]))
    tested, known = open_at_day_14(later), open_at_day_14(earlier)
    p = probabilities(model, features_at_day_14(project, tested, model))
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


def as_a_user(project: Project, cases: pd.DataFrame, rivals: Sequence[str]) -> dict[str, dict[str, dict[str, object]]]:
    """The measures of `scores_of_mondays`, by form and contender."""
    scores = scores_of_mondays(project, cases, rivals)
    return {form: {name: compared(rows, p, answers[OWN]) for name, p in answers.items()} for form, (rows, answers) in scores.items()}


def scores_of_mondays(project: Project, cases: pd.DataFrame, rivals: Sequence[str]) -> dict[str, tuple[TrainingRows, dict[str, Floats]]]:
    """All open cases on four Mondays, by a model trained the day before the first and by the rivals, taught by the same rows.

    By form: the rows that are judged, and everybody's probabilities of them.
    """
    view = view_of(project, "deal_win", day(TRAINED))
    earlier = view.labelled(view.history())
    model = fit(view.spec, earlier, view.served_features(), view.outcome.outcome_name, view.end, project.ledger.digest)
    tables = [view_of(project, "deal_win", day(monday), model).at_stake() for monday in MONDAYS]
    forms = forms_of(pd.concat(tables), cases, max(model.horizons))
    answers = answers_of(view.spec, model, earlier, together(list(forms.values())), rivals)
    ends = np.cumsum([0, *(len(rows) for rows in forms.values())])
    return {
        form: (rows, {name: p[first:last] for name, p in answers.items()})
        for (form, rows), first, last in zip(forms.items(), ends, ends[1:], strict=False)
    }


def forms_of(table: pd.DataFrame, cases: pd.DataFrame, longest: int) -> dict[str, TrainingRows]:
    """The scores of open cases in each form, with the outcome they are judged by."""
    known = cases.set_index("case_id").loc[table["deal_id"]]
    approved, decided = known["approved"].to_numpy(), known["outcome_at"].notna().to_numpy()
    in_time = known["outcome_at"].to_numpy() < (table["as_of"] + pd.Timedelta(days=MONTH)).to_numpy()
    every = np.ones(len(table), dtype=np.bool_)
    judgements = [(decided, longest, approved), (every, MONTH, approved * in_time), (every, longest, approved)]
    table = table.reset_index(drop=True)

    def rows(which: npt.NDArray[np.bool_], horizon: int, won: Floats) -> TrainingRows:
        return TrainingRows(table, np.flatnonzero(which), np.full(which.sum(), float(horizon)), won[which], "deal_id")

    return {form: rows(*judgement) for form, judgement in zip(FORMS, judgements, strict=True)}


def together(forms: Sequence[TrainingRows]) -> TrainingRows:
    """The rows of all forms, one form after the other: a learner meets them once."""
    columns = (np.concatenate([getattr(rows, name) for rows in forms]) for name in ("snapshot_index", "horizon", "label"))
    return TrainingRows(forms[0].snapshots, *columns, entity="deal_id")


def compared(rows: TrainingRows, p: Floats, own: Floats) -> dict[str, object]:
    """A contender's measures, and how much lower its log loss is than dealml's (below 0: dealml's is lower), cases as a whole."""
    gap, error = difference(log_losses(rows.label, own) - log_losses(rows.label, p), rows.codes)
    level = {"mean": round(float(p.mean()), 4), "approved": round(float(rows.label.mean()), 4)}
    return {"scores": len(rows)} | measured(rows.label, p) | level | {"gap": round(gap, 4), "error": round(error, 4)}


def is_met(form: dict[str, dict[str, object]], most: float | None) -> bool:
    """Whether dealml's log loss is at most the aim, and below every rival's."""
    own, *others = (float(str(row["log_loss"])) for row in form.values())
    return most is None or (own <= most and own < min(others, default=1.0))


def main() -> None:
    names = [LOGISTIC, *RIVALS]
    parser = argparse.ArgumentParser(prog="benchmarks.bpic2012")
    parser.add_argument("--rivals", nargs="*", choices=names, default=names, metavar="NAME", help="default: all")
    parser.add_argument("--families", action="store_true", help="learn from families of features too, the rivals as well")
    arguments = parser.parse_args()
    source = shared("bpic2012_loan", "bpic2012")
    cases = cases_of(source)
    with scratch() as folder:
        project = project_of(folder / "project", source, "bpic2012")
        project = with_families(project, "deal_win") if arguments.families else project
        user = as_a_user(project, cases, arguments.rivals)
        at_14 = day_14(project, cases)
    for form, most in FORMS.items():
        aim = f" (target: at most {most}, and below every rival)" if most else ""
        show(f"bpic2012, four Mondays, {form}{aim}", user[form])
    show("bpic2012, still open at day 14, trained on earlier cases (targets: AUC >= 0.82, Brier skill >= 0.25)", at_14)
    met = {form: is_met(user[form], most) for form, most in FORMS.items() if most}
    met |= {name: at_14["undecided left out"][name] >= least for name, least in TARGETS.items()}
    say({"benchmark": "bpic2012", "four_mondays": user, "day_14": at_14, "met": met})


if __name__ == "__main__":
    main()
