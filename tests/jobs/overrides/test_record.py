"""Overrides of a company whose truth is known: kept beside what the model said then, and measured by what came."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from scipy.special import expit, logit

from dealml.errors import InputError, UsageError
from dealml.jobs.overrides.record import OverrideReport, import_overrides, overrides_as_of, record_override
from dealml.jobs.overrides.value_added import forecast_value_added
from dealml.judgement.crm_values import CrmValues, crm_values, rates
from dealml.judgement.store import stored_overrides
from dealml.judgement.value_added import IMPROVES, NOT_SHOWN, WORSENS
from dealml.learning.encoding import HORIZON
from dealml.learning.view import View
from dealml.load_definitions import load_model
from dealml.project import Project
from tests.conftest import CUT, Company

AT = datetime(2025, 6, 2, tzinfo=UTC)
WHY = {"why": "budget signed", "by": "Ann"}


@pytest.fixture
def project(company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The company's project, with a score database of the test's own."""
    monkeypatch.setenv("DEALML_SCORES__URL", f"sqlite:///{tmp_path / 'own.db'}")
    return Project(company.project.folder)


@pytest.fixture(scope="session")
def open_then(company: Company) -> pd.DataFrame:
    """What was open at `AT`, with the features of `tiny`."""
    return view_at(company.project, AT).at_stake()


def view_at(project: Project, moment: datetime | None) -> View:
    return View.of(project.ledger, load_model(project.folder, "tiny"), moment, project.query_settings)


def written(folder: Path, rows: list[dict[str, object]]) -> Path:
    file = folder / "said.csv"
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return file


def test_the_models_number_is_that_of_the_moment(project: Project, company: Company, open_then: pd.DataFrame) -> None:
    deal = str(open_then["deal_id"].iloc[3])
    until = AT + timedelta(days=90)
    report = record_override(project, {"deal": deal, "probability": "0.9", "at": "2025-06-02", "until": until.isoformat(), **WHY}, "tiny")
    (one,) = report.new
    row = open_then[open_then["deal_id"] == deal].assign(**{HORIZON: 90.0})
    assert one.model_prediction.probability == pytest.approx(company.tiny.fitted.probability(row)[0], abs=1e-12)
    assert (one.model_prediction.version, one.model_prediction.digest) == (company.tiny.registered.version, company.tiny.registered.digest)
    assert one.model_prediction.trained_through == CUT
    assert stored_overrides(project.scores_url) == [one]


def test_between_horizons_the_number_lies_between(project: Project, open_then: pd.DataFrame) -> None:
    deal = str(open_then["deal_id"].iloc[3])
    found = [
        record_override(
            project, {"deal": deal, "probability": "0.9", "at": "2025-06-02", "until": f"{AT + timedelta(days=days):%F}", **WHY}, "tiny"
        )
        .new[0]
        .model_prediction.probability
        for days in (30, 45, 90)
    ]
    assert found[0] < found[1] < found[2]


def test_what_the_crm_said_is_what_was_on_record(company: Company, open_then: pd.DataFrame) -> None:
    """Against a loop over all changes."""
    view = view_at(company.project, None)
    deals = open_then["deal_id"].tolist()[:40]
    moments = [AT, AT + timedelta(days=30, hours=7)]
    found = crm_values(view.con, view.tables, [(deal, moment) for deal in deals for moment in moments])
    changes = view.con.to_pyarrow(view.tables["deal_changes"]).to_pylist()
    for (deal, moment), entry in found.items():
        own = sorted((c for c in changes if c["deal_id"] == deal and c["recorded_at"] < moment), key=lambda change: change["_order"])
        last = {change["field"]: change for change in own}
        close = last["close_date"]["moment"].date() if "close_date" in last else None
        category = last["forecast_category"]["text"] if "forecast_category" in last else ""
        assert entry == CrmValues(last["amount"]["amount"], last["currency"]["text"], close, category)
    assert any(found[deal, moments[0]] != found[deal, moments[1]] for deal in deals)


def test_a_rate_is_that_of_the_day(company: Company) -> None:
    view = view_at(company.project, None)
    known = view.con.to_pyarrow(view.tables["rates"]).to_pandas()
    unit = str(known["currency"].iloc[0])
    before = known[(known["currency"] == unit) & (known["recorded_at"] < AT)].sort_values("_order")
    found = rates(view.con, view.tables, [(unit, AT), ("EUR", AT), ("XXX", AT)], "EUR")
    assert found == {(unit, AT): float(before["rate"].iloc[-1]), ("EUR", AT): 1.0}


def test_deals_at_moments_of_their_own_are_as_each_moment_has_them(company: Company) -> None:
    end = AT + timedelta(days=91)
    view, moments = view_at(company.project, end), [AT, AT + timedelta(days=28), end]
    expected = pd.concat([view_at(company.project, moment).at_stake() for moment in moments])
    everything = view.con.to_pyarrow(view.tables["deals"].select("deal_id").distinct())["deal_id"].to_pylist()
    asked = [(deal, moment) for deal in everything for moment in moments]
    deals, at = zip(*asked, strict=True)
    found = view.at_moments(pa.table({"deal_id": pa.array(deals), "as_of": pa.array(at, pa.timestamp("us", tz="UTC"))}))
    order = ["as_of", "deal_id"]
    pd.testing.assert_frame_equal(
        found.sort_values(order, ignore_index=True), expected.sort_values(order, ignore_index=True), check_dtype=False
    )


def test_the_same_twice_is_kept_once(project: Project, open_then: pd.DataFrame, tmp_path: Path) -> None:
    texts = {"deal": str(open_then["deal_id"].iloc[0]), "probability": "0.4", "at": "2025-06-02", **WHY}
    record_override(project, texts, "tiny")
    assert record_override(project, texts, "tiny") == OverrideReport((), 1, ())
    rows: list[dict[str, object]] = [{**texts, "deal": deal} for deal in open_then["deal_id"][:3]]
    found = import_overrides(project, written(tmp_path, [*rows, rows[0]]), "tiny")
    assert (len(found.new), found.already_there) == (2, 2)
    assert len(stored_overrides(project.scores_url)) == 3


def test_what_stands_at_a_moment(project: Project, open_then: pd.DataFrame) -> None:
    deal = str(open_then["deal_id"].iloc[0])
    for day, probability in (("2025-06-02", "0.4"), ("2025-06-03T09:00:00Z", "0.3")):
        record_override(project, {"deal": deal, "probability": probability, "at": day, **WHY}, "tiny")
    assert [one.override.probability for one in overrides_as_of(project, AT)] == [0.4]
    assert [one.override.probability for one in overrides_as_of(project, AT + timedelta(days=2))] == [0.3]
    assert overrides_as_of(project, datetime(2025, 7, 1, tzinfo=UTC)) == []
    assert overrides_as_of(project, AT, "deal_win") == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"deal": "D999999"}, r"^D999999: no deal that was open at 2025-06-02 00:00 UTC; is the id right\?$"),
        ({"at": "2022-06-06"}, "no deal that was open at 2022-06-06"),
        ({"until": "2026-06-01"}, "2026-06-01 is 364 days ahead, and the model looks 180 days ahead"),
        ({"amount": "5", "currency": "XXX"}, "XXX: no exchange rate on record at 2025-06-02"),
    ],
)
def test_what_the_ledger_contradicts(project: Project, open_then: pd.DataFrame, changed: dict[str, str], told: str) -> None:
    texts = {"deal": str(open_then["deal_id"].iloc[0]), "probability": "0.4", "at": "2025-06-02", **WHY}
    with pytest.raises(InputError, match=told):
        record_override(project, texts | changed, "tiny")
    assert not Path(project.scores_url.removeprefix("sqlite:///")).exists()


def test_a_deal_that_is_over_is_not_judged(project: Project, company: Company) -> None:
    view = view_at(company.project, None)
    over = view.con.to_pyarrow(view.tables["outcomes"]).to_pandas().sort_values("recorded_at")
    last = over[over["recorded_at"] < AT].drop_duplicates("deal_id", keep="last")
    with pytest.raises(InputError, match="no deal that was open"):
        record_override(project, {"deal": last["deal_id"].iloc[0], "probability": "0.4", "at": "2025-06-02", **WHY}, "tiny")


def test_accounts_are_not_judged(project: Project) -> None:
    with pytest.raises(UsageError, match="account_churn is a model of accounts"):
        record_override(project, {"deal": "A1", "probability": "0.4", **WHY}, "account_churn")


@pytest.mark.parametrize("bad", ["D999999,0.5", "D1,7"])
def test_a_file_is_kept_whole_or_not_at_all(project: Project, open_then: pd.DataFrame, tmp_path: Path, bad: str) -> None:
    deal, probability = bad.split(",")
    good = [{"deal": one, "probability": "0.4", "at": "2025-06-02", **WHY} for one in open_then["deal_id"][:3]]
    rows: list[dict[str, object]] = [*good, {**good[0], "deal": deal, "probability": probability}, {**good[0], "deal": "D888888"}]
    with pytest.raises(InputError, match=r"said\.csv:5: "):
        import_overrides(project, written(tmp_path, rows), "tiny")
    assert stored_overrides(project.scores_url) == []


def test_the_first_bad_row_is_told_whatever_is_wrong_with_it(project: Project, tmp_path: Path) -> None:
    """The row of an unknown deal stands above the one that cannot be read."""
    row: dict[str, object] = {"deal": "D999999", "probability": "0.4", "at": "2025-06-02", **WHY}
    with pytest.raises(InputError, match=r"said\.csv:2: D999999: no deal"):
        import_overrides(project, written(tmp_path, [row, {**row, "probability": "lots"}]), "tiny")


def test_hindsight_is_told_and_left_out(project: Project, company: Company) -> None:
    """Said before the only version was trained, on what came later."""
    early = CUT - timedelta(days=7)
    deals = view_at(company.project, early).at_stake()["deal_id"]
    report = record_override(project, {"deal": deals.iloc[0], "probability": "0.4", "at": f"{early:%F}", **WHY}, "tiny")
    assert "will not count in forecast-value-added" in report.notes[0]
    found = forecast_value_added(project, model="tiny")
    assert (found.overrides, found.settled.hindsight, found.value_added.overall.decisions) == (1, 1, 0)
    assert "had learned from what came later" in found.notes[0]


# What was planted is found.


@pytest.fixture(scope="session")
def true_chances(company: Company) -> pd.DataFrame:
    """The true chances of what was open on six Mondays, 90 days ahead."""
    truth = pd.read_parquet(company.truth).astype({"as_of": "datetime64[us, UTC]"})
    mondays = [AT + timedelta(days=28 * place) for place in range(-3, 3)]
    return truth[(truth["horizon_days"] == 90) & truth["as_of"].isin(mondays)].reset_index(drop=True)


def planted(true: pd.DataFrame, hope: float, noise: float, seed: int = 1) -> list[dict[str, object]]:
    rng = np.random.default_rng(seed)
    said = expit(logit(true["probability"].to_numpy()) + hope + noise * rng.normal(size=len(true)))
    until = (true["as_of"] + pd.Timedelta(days=90)).dt.strftime("%Y-%m-%d")
    days = true["as_of"].dt.strftime("%Y-%m-%d")
    rows = zip(true["deal_id"], said, until, days, strict=True)
    return [{"deal": deal, "probability": f"{p:.4f}", "until": end, "at": day, **WHY} for deal, p, end, day in rows]


@pytest.mark.parametrize(
    ("hope", "noise", "right"),
    [(0.0, 0.1, {IMPROVES}), (2.0, 0.1, {WORSENS}), (0.0, 3.0, {WORSENS, NOT_SHOWN})],
    ids=["skill", "hope", "noise"],
)
def test_on_a_company_the_planted_worth_is_found(
    project: Project, true_chances: pd.DataFrame, tmp_path: Path, hope: float, noise: float, right: set[str]
) -> None:
    import_overrides(project, written(tmp_path, planted(true_chances, hope, noise)), "tiny")
    report = forecast_value_added(project, model="tiny")
    overall = report.value_added.overall
    assert overall.decisions == len(true_chances)
    assert overall.gains[0].verdict in right, overall
    assert {cell.name for cell in report.value_added.by_horizon} == {"61 to 90 days"}
    assert sum(cell.decisions for cell in report.value_added.by_category) == overall.decisions
    assert report.settled.late == overall.decisions


def test_only_what_is_over_counts(project: Project, true_chances: pd.DataFrame, tmp_path: Path) -> None:
    import_overrides(project, written(tmp_path, planted(true_chances, 0.0, 0.0)), "tiny")
    moment = true_chances["as_of"].min().to_pydatetime() + timedelta(days=90)
    report = forecast_value_added(project, moment, "tiny")
    first = int((true_chances["as_of"] == true_chances["as_of"].min()).sum())
    assert (report.as_of, report.value_added.overall.decisions) == (moment, first)
    before = forecast_value_added(project, moment - timedelta(seconds=1), "tiny")
    assert (before.value_added.overall.decisions, before.settled.still_open) == (0, before.overrides)


def test_amounts_are_held_against_what_was_won(project: Project, company: Company, true_chances: pd.DataFrame, tmp_path: Path) -> None:
    """Who says the final amount, in the deal's own currency, is not off at all."""
    view = view_at(company.project, None)
    won = view.con.to_pyarrow(view.tables["outcomes"]).to_pandas()
    won = won[won["outcome"] == "won"].sort_values("recorded_at").drop_duplicates("deal_id").set_index("deal_id")["recorded_at"]
    rows = []
    for row in planted(true_chances, 0.0, 0.0):
        if row["deal"] not in won.index:
            continue
        end = won[row["deal"]].to_pydatetime()
        final = crm_values(view.con, view.tables, [(str(row["deal"]), end + timedelta(microseconds=1))])[
            str(row["deal"]), end + timedelta(microseconds=1)
        ]
        assert isinstance(final.amount, Decimal)
        rows.append({**row, "amount": f"{final.amount:f}", "currency": final.currency})
    import_overrides(project, written(tmp_path, rows), "tiny")
    gain = forecast_value_added(project, model="tiny").value_added.overall.gains[2]
    assert gain.decisions >= 30
    assert gain.override == pytest.approx(0.0, abs=1e-9)
    assert gain.model > 0


@pytest.mark.deep
def test_an_earlier_version_is_what_stood_then(copied: Callable[[Path], Project], tmp_path: Path) -> None:
    """A champion that has learned from what came later stands aside for a version of then, also for what was said before."""
    from dealml.jobs.modelling.train import train

    project = copied(tmp_path / "two")
    champion = train(project, "tiny", AT)
    early = CUT
    deal = str(view_at(project, early).at_stake()["deal_id"].iloc[0])
    texts = {"deal": deal, "probability": "0.4", "at": f"{early:%F}", **WHY}
    assert record_override(project, texts, "tiny").new[0].with_hindsight
    then = train(project, "tiny", early)
    assert not then.is_champion
    (fair,) = record_override(project, texts, "tiny").new
    assert (fair.model_prediction.version, fair.with_hindsight) == (then.registered.version, False)
    assert record_override(project, texts, "tiny").new == ()
    later = AT + timedelta(days=1)
    still = str(view_at(project, later).at_stake()["deal_id"].iloc[0])
    (late,) = record_override(project, texts | {"deal": still, "at": f"{later:%F}"}, "tiny").new
    assert late.model_prediction.version == champion.registered.version
    assert len(stored_overrides(project.scores_url)) == 3
    assert forecast_value_added(project, model="tiny").settled.hindsight == 0
