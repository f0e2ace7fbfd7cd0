"""When deals end, and how: dealml's two models beside a discrete-time hazard model, and expected close dates beside the CRM's.

    python -m benchmarks.timing

Default simulated company, trained as of 2025-02-03; loan applications (BPI Challenge 2012), trained as of 2022-04-01. Judged on every
Monday from then on that finds a deal open, at each horizon that was over when the data ends. Both contenders see the same snapshots and
features. Targets: a log loss not above the rival's, an 80 % range that holds 75 to 85 % of the days of closing, an expected close nearer
than the CRM's date, a chance to slip better than the base rate.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.common import Floats, day, project_of, say, scratch, shared, show, view_of
from benchmarks.hazards import fit_hazards
from benchmarks.timing_measures import Tested, by_horizon, closing, compared, integrated_brier, slipping
from dealml.evaluation.holdout.predictions import is_weekly
from dealml.forecast.incidence import IncidenceCurves
from dealml.forecast.time_to_close import curves_of
from dealml.learning.fitted import FittedModel
from dealml.learning.spec import Model
from dealml.learning.training import fit
from dealml.learning.training_rows import labelled
from dealml.learning.view import View
from dealml.project import Project
from dealml.simulate import simulate

COVERAGE = (0.75, 0.85)
CLOSES = "days_to_close"


@dataclass(frozen=True)
class Past:
    """Every snapshot of a company, with its features, the next loss (`event_at`) and the next win (`unless_at`)."""

    name: str
    view: View
    table: pd.DataFrame
    trained: datetime
    truth: pd.DataFrame | None = None

    def known(self) -> pd.DataFrame:
        """What was on record when the models were trained: nothing of it depends on what came after."""
        table = self.table[self.table["as_of"] < self.trained].reset_index(drop=True)
        later = {name: table[name].where(table[name] < self.trained) for name in ("event_at", "unless_at")}
        return table.assign(**later)

    def tested(self) -> Tested:
        """The Mondays from the training on."""
        weekly = is_weekly(self.table["as_of"])
        table = self.table[(self.table["as_of"] >= self.trained) & weekly].reset_index(drop=True)
        return Tested.of(table, pd.Timestamp(self.view.end))


def past_of(name: str, project: Project, trained: datetime, truth: pd.DataFrame | None = None) -> Past:
    """Compute it once for both models: snapshots and features are the same."""
    view = view_of(project, "deal_loss")
    return Past(name, view, view.history(), trained, truth)


def contenders_of(past: Past) -> tuple[dict[str, IncidenceCurves], Tested]:
    """What each says of the Mondays after the training."""
    win_spec, loss_spec = view_specs(past.view)
    known, tested = past.known(), past.tested()
    wins = known.assign(event_at=known["unless_at"]).drop(columns="unless_at")
    win, loss = (learned(past, spec, rows, word) for spec, rows, word in ((win_spec, wins, "won"), (loss_spec, known, "lost")))
    curves = curves_of(tested.table, win, loss)
    horizons = tuple(int(days) for days in curves.horizons[1:])
    hazards = fit_hazards(win_spec, known, past.view.served_features(), past.trained, horizons)
    won, lost = hazards.states(tested.table)
    rival = IncidenceCurves(curves.horizons, *(np.hstack([np.zeros((len(one), 1)), one]) for one in (won, lost)))
    print(
        f"{past.name}: rungs {win.rung.name} and {loss.rung.name}; hazards: share of trees {hazards.share:.2f}, slope {hazards.slope:.2f}"
    )
    return {"dealml": curves, "hazards": rival, "base rate": base_rates(known, past, horizons, len(tested.table))}, tested


def view_specs(view: View) -> tuple[Model, Model]:
    """The specifications of winning and losing, which share features and horizons."""
    from models.deal_loss import MODEL as LOSS
    from models.deal_win import MODEL as WIN

    return WIN, LOSS


def learned(past: Past, spec: Model, table: pd.DataFrame, word: str) -> FittedModel:
    """The model that training fits on what was known."""
    rows = labelled(table, "deal_id", spec.horizons, past.trained)
    return fit(spec, rows, past.view.served_features(), word, past.trained, "benchmark")


def base_rates(known: pd.DataFrame, past: Past, horizons: tuple[int, ...], count: int) -> IncidenceCurves:
    """The share of deals won and lost by each horizon in training, the same for all."""
    before = Tested.of(known, pd.Timestamp(past.trained))
    shares = [[0.0, 0.0], *([float((before.states(days) == code).mean()) for code in (1, 2)] for days in horizons)]
    won, lost = (np.tile(np.maximum.accumulate([share[place] for share in shares]), (count, 1)) for place in (0, 1))
    return IncidenceCurves(np.array([0.0, *horizons]), won, lost)


def measured(past: Past) -> dict[str, object]:
    """All measures of one company."""
    contenders, tested = contenders_of(past)
    horizons = [int(days) for days in contenders["dealml"].horizons[1:] if (tested.followed >= days).sum() >= 100]
    rows = by_horizon(tested, contenders, horizons)
    for days, found in rows.items():
        show(f"{past.name}, {days}", found)
    brier = {name: round(integrated_brier(tested, curves, horizons), 4) for name, curves in contenders.items()}
    gain, error = compared(tested, contenders["dealml"], contenders["hazards"], horizons)
    told: dict[str, object] = {"rows": len(tested.table), "by_horizon": rows, "integrated_brier": brier}
    told["log_loss_below_hazards"] = [round(gain, 4), round(error, 4)]
    long = tested.followed >= horizons[-1]
    told["closing"] = {name: closing(tested.at(long), _part(contenders[name], long), CLOSES) for name in ("dealml", "hazards")}
    if past.view.spec.shown.ends_in_days in past.table and past.table[CLOSES].notna().any():
        before = Tested.of(past.known(), pd.Timestamp(past.trained))
        told["slipping"] = {name: slipping(tested, contenders[name], CLOSES, before) for name in ("dealml", "hazards")}
    if past.truth is not None:
        told["truth"] = {name: against(tested, contenders[name], past.truth, horizons) for name in ("dealml", "hazards")}
    show(f"{past.name}: integrated Brier score", {name: {"": score} for name, score in brier.items()})
    print(f"  log loss of dealml below the hazard model's by {gain:.4f} ± {error:.4f}")
    for name in ("closing", "slipping", "truth"):
        if name in told:
            show(f"{past.name}: {name}", told[name])  # type: ignore[arg-type]
    return told


def against(tested: Tested, curves: IncidenceCurves, truth: pd.DataFrame, horizons: list[int]) -> dict[str, object]:
    """Distance of the chance to win from the true one, root mean square, by horizon."""
    found = {}
    for days in horizons:
        asked = tested.table[["deal_id", "as_of"]].assign(p=curves.won_by(float(days)), horizon_days=days)
        both = asked.merge(truth.astype({"as_of": asked["as_of"].dtype}), on=["deal_id", "as_of", "horizon_days"], how="inner")
        found[f"{days} days"] = round(float(np.sqrt(((both["p"] - both["probability"]) ** 2).mean())), 4)
    return found


def _part(curves: IncidenceCurves, which: np.ndarray) -> IncidenceCurves:
    lost: Floats | None = None if curves.lost is None else curves.lost[which]
    return IncidenceCurves(curves.horizons, curves.won[which], lost)


def simulated(folder: Path) -> Past:
    """The default company."""
    simulate(folder / "company")
    project = project_of(folder / "project", folder / "company" / "export", "demo")
    truth = pd.read_parquet(folder / "company" / "truth" / "truth.parquet")
    return past_of("simulated", project, day("2025-02-03"), truth)


def loans(folder: Path) -> Past:
    """Loan applications, which have no close date."""
    return past_of("bpic2012", project_of(folder / "loans", shared("bpic2012_loan", "bpic2012"), "bpic2012"), day("2022-04-01"))


def main() -> None:
    with scratch() as folder:
        found = {past.name: measured(past) for past in (simulated(folder), loans(folder))}
    say({"benchmark": "timing", "found": found, "met": all(_met(told) for told in found.values())})


def _met(told: dict[str, object]) -> bool:
    gain, error = told["log_loss_below_hazards"]  # type: ignore[misc]
    ends = told["closing"]["dealml"]  # type: ignore[index]
    met = gain > -2 * error and COVERAGE[0] <= ends["coverage_80"] <= COVERAGE[1]
    if "slipping" in told:
        slips = told["slipping"]["dealml"]  # type: ignore[index]
        met &= slips["log_loss"] < slips["base_log_loss"] and ends["median_error_there"] < ends["crm_median_error"]
    return bool(met)


if __name__ == "__main__":
    main()
