"""The registry: champions, versions, what a run keeps, and a store that survives everybody at once."""

from __future__ import annotations

import json
import multiprocessing
import shutil
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import matplotlib.pyplot as plt
import pytest
from mlflow import MlflowClient

from dealml.errors import ModelError, SetupError
from dealml.evaluation.figures.figure import DrawnFigure
from dealml.learning.calibration import Calibrator
from dealml.learning.encoding import Field, Schema
from dealml.learning.fitted import FittedModel
from dealml.learning.rungs import BaseRate
from dealml.tracking import PROMOTION, ModelVersion, Registry
from tests.conftest import Company


def made(name: str = "deal_win", shift: float = 0.0) -> FittedModel:
    """A model that was never trained."""
    schema = Schema((Field("depth"), Field("horizon_days")))
    return FittedModel(
        name,
        "deal_id",
        "won",
        (30, 90),
        90,
        "2025-02-03T00:00:00+00:00",
        "ledger",
        schema,
        BaseRate((30.0, 90.0), (-1.0, 0.5)),
        Calibrator(1.0, shift),
        {"rows": 3},
    )


def record_from(folder: Path, number: int) -> None:
    """What each of several processes does: open the store, which may not be there yet, and register a model."""
    Registry(f"sqlite:///{folder / 'mlflow.db'}", folder / "mlartifacts").record(
        made(shift=number // 2), {"number": number}, {"metric": 1.0}
    )


@pytest.fixture
def registry(empty_store: Path, tmp_path: Path) -> Registry:
    shutil.copy(empty_store, tmp_path / "mlflow.db")
    return Registry(f"sqlite:///{tmp_path / 'mlflow.db'}", tmp_path / "mlartifacts")


def client(folder: Path) -> MlflowClient:
    uri = f"sqlite:///{folder / 'mlflow.db'}"
    return MlflowClient(uri, uri)


def test_the_first_version_becomes_champion_and_later_ones_do_not(registry: Registry) -> None:
    first = registry.record(made(), {}, {})
    second = registry.record(made(shift=0.5), {}, {})
    assert (first.version, second.version) == (1, 2)
    assert first.digest != second.digest
    assert registry.champion("deal_win") == first
    assert registry.version("deal_win", 2) == second


def test_the_same_model_gets_no_second_version_but_a_run(registry: Registry, tmp_path: Path) -> None:
    first = registry.record(made(), {"try": 1}, {})
    registry.record(made(shift=0.5), {}, {})
    assert registry.record(made(), {"try": 2}, {}) == first
    store = client(tmp_path)
    assert len(store.search_model_versions("name = 'deal_win'")) == 2
    assert len(store.search_runs([store.get_experiment_by_name("dealml").experiment_id])) == 3


def test_a_new_version_is_the_challenger_until_the_next_one(registry: Registry) -> None:
    registry.record(made(), {}, {})
    assert registry.challenger("deal_win") is None
    second = registry.record(made(shift=0.5), {}, {})
    assert registry.challenger("deal_win") == second
    third = registry.record(made(shift=0.7), {}, {})
    assert registry.challenger("deal_win") == third
    assert registry.record(made(shift=0.5), {}, {}) == second
    assert registry.challenger("deal_win") == second
    registry.record(made(), {}, {})
    assert registry.challenger("deal_win") == second


def test_versions_are_listed_with_how_they_did(registry: Registry) -> None:
    registry.record(made(), {"verdict": "beats the base rate"}, {"base_rate.log_loss": 0.41, "model.log_loss": 0.3})
    registry.record(made(shift=0.5), {}, {})
    one, two = registry.versions("deal_win")
    assert (one.version, two.version) == (1, 2)
    assert one.tags["rung"] == "base_rate"
    assert (one.tags["verdict"], one.tags["log_loss"]) == ("beats the base rate", "0.41")
    assert "log_loss" not in two.tags
    assert registry.versions("account_churn") == []


def test_a_successor_is_champion_with_what_was_said_of_it(registry: Registry, tmp_path: Path) -> None:
    first, second = registry.record(made(), {}, {}), registry.record(made(shift=0.5), {}, {})
    said = {"by": "żółć", "evidence": {"conditions": [1, 2]}}
    registry.promote(second, first, PROMOTION, said)
    assert registry.champion("deal_win") == second
    assert registry.challenger("deal_win") is None
    assert json.loads(registry.version("deal_win", 2).tags[PROMOTION]) == said
    store = client(tmp_path)
    run = store.search_runs([store.get_experiment_by_name("dealml").experiment_id])[0]
    assert (run.info.run_name, run.info.status) == ("deal_win promotion", "FINISHED")
    file = store.download_artifacts(run.info.run_id, "promotion.json")
    assert json.loads(Path(file).read_text(encoding="utf-8")) == said


def test_what_was_promoted_and_left_is_no_challenger_again(registry: Registry) -> None:
    first, second = registry.record(made(), {}, {}), registry.record(made(shift=0.5), {}, {})
    registry.promote(second, first, PROMOTION, {})
    registry.promote(first, second, "rollback", {})
    third = registry.record(made(shift=0.7), {}, {})
    registry.record(made(shift=0.5), {}, {})
    assert registry.challenger("deal_win") == third


@pytest.mark.parametrize("step", ["log_text", "set_model_version_tag", "set_registered_model_alias"])
def test_a_succession_that_is_cut_short_leaves_the_champion(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    first, second = registry.record(made(), {}, {}), registry.record(made(shift=0.5), {}, {})

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(registry._client, step, killed)
        with pytest.raises(KeyboardInterrupt):
            registry.promote(second, first, PROMOTION, {"from": 1})
    again = Registry(f"sqlite:///{tmp_path / 'mlflow.db'}", tmp_path / "mlartifacts")
    assert again.champion("deal_win") == first
    assert again.challenger("deal_win") == second
    assert PROMOTION not in again.champion("deal_win").tags
    again.promote(second, first, PROMOTION, {"from": 1})
    assert again.champion("deal_win") == second


def test_a_succession_over_a_champion_that_has_changed_is_refused(registry: Registry) -> None:
    first, second, third = (registry.record(made(shift=shift), {}, {}) for shift in (0.0, 0.5, 0.7))
    registry.promote(second, first, PROMOTION, {})
    with pytest.raises(ModelError, match="deal_win: another version became champion in the meantime; see: dealml models list deal_win"):
        registry.promote(third, first, PROMOTION, {})
    assert registry.champion("deal_win") == second
    assert PROMOTION not in registry.version("deal_win", 3).tags


def test_models_have_champions_of_their_own(registry: Registry) -> None:
    registry.record(made(), {}, {})
    churn = registry.record(made("account_churn", 2.0), {}, {})
    assert registry.champion("account_churn") == churn
    assert churn.version == 1


def test_a_version_loads_as_it_was_saved(registry: Registry) -> None:
    registered = registry.record(made(shift=0.25), {}, {})
    assert registry.load(registered) == made(shift=0.25)
    with pytest.raises(ModelError, match="differs from what was registered"):
        registry.load(replace(registered, digest="0" * 64))


def test_what_is_not_there_is_told(registry: Registry) -> None:
    with pytest.raises(ModelError, match="no champion in the registry; train one with: dealml train deal_win"):
        registry.champion("deal_win")
    with pytest.raises(ModelError, match="no version 7"):
        registry.version("deal_win", 7)
    registered = registry.record(made(), {}, {})
    shutil.rmtree(registry.artefacts)
    with pytest.raises(ModelError, match=r"deal_win version 1: its files cannot be read .* roll back or train again"):
        registry.load(registered)


def test_a_run_that_fails_is_marked_so_and_registers_nothing(registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr(registry, "_log_files", fail)
    with pytest.raises(RuntimeError, match="disk full"):
        registry.record(made(), {}, {})
    store = client(tmp_path)
    run = store.search_runs([store.get_experiment_by_name("dealml").experiment_id])[0]
    assert run.info.status == "FAILED"
    with pytest.raises(ModelError):
        registry.champion("deal_win")


def test_pictures_are_kept_with_their_text(registry: Registry, tmp_path: Path) -> None:
    figure = plt.figure()
    registered = registry.record(made(), {}, {}, [DrawnFigure("roc", figure, "A curve.")], {"note.txt": "żółć"})
    plt.close(figure)
    found = {item.path for item in client(tmp_path).list_artifacts(registered.run_id, "figures")}
    assert found == {"figures/roc.svg", "figures/roc.txt"}


def test_more_numbers_than_mlflow_takes_at_once_are_all_kept(registry: Registry, tmp_path: Path) -> None:
    parameters, metrics = {f"p{i:03d}": i for i in range(250)}, {f"m{i:03d}": i / 2 for i in range(130)}
    run = client(tmp_path).get_run(registry.log_report("many", parameters, metrics, [], {}))
    assert run.data.params == {name: str(value) for name, value in parameters.items()}
    assert run.data.metrics == metrics


def test_a_training_run_keeps_what_is_needed_to_judge_it(company: Company) -> None:
    store, registered = client(company.project.folder), company.deal_win.registered
    run = store.get_run(registered.run_id)
    parameters = run.data.params
    assert parameters["ledger_digest"] == company.project.ledger.digest
    assert parameters["trained_through"].startswith("2025-02-03")
    assert parameters["rung"] == "lightgbm"
    assert {
        "version.dealml",
        "version.lightgbm",
        "version.python",
        "version.definitions",
        "version.code",
        "trees.learning_rate",
        "horizons",
    } <= set(parameters)
    for metric in ("log_loss", "brier", "auc", "calibration_error"):
        for who in ("model", "base_rate", "stage_rates", "logistic_regression"):
            assert f"{who}.{metric}" in run.data.metrics
    names = {Path(item.path).stem for item in store.list_artifacts(registered.run_id, "figures")}
    assert len(names) == 7
    for word in ("calibration", "roc", "precision", "lift", "beeswarm", "dependence", "contributions_by_segment"):
        assert any(word in name for name in names), names
    version = store.get_model_version("deal_win", "1")
    assert version.tags["digest"] == registered.digest == company.deal_win.fitted.digest
    assert run.info.status == "FINISHED"


def test_four_processes_may_begin_a_store_at_once(tmp_path: Path) -> None:
    """Unguarded, two processes that create one SQLite store destroy it for good."""
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["tests.test_tracking", "mlflow"])
    running = [processes.Process(target=record_from, args=(tmp_path, number)) for number in range(4)]
    for process in running:
        process.start()
    for process in running:
        process.join()
    assert [process.exitcode for process in running] == [0] * 4
    store = client(tmp_path)
    versions = store.search_model_versions("name = 'deal_win'")
    assert sorted(int(version.version) for version in versions) == [1, 2]
    assert len({version.tags["digest"] for version in versions}) == 2
    assert str(store.get_model_version_by_alias("deal_win", "champion").version) == "1"
    assert len(store.search_runs([store.get_experiment_by_name("dealml").experiment_id])) == 4


def test_threads_that_open_a_store_at_once_leave_warnings_as_they_were(registry: Registry, tmp_path: Path) -> None:
    """A review opens it in two threads, and each silences MLflow meanwhile."""
    before = list(warnings.filters)
    with ThreadPoolExecutor(3) as pool:
        opened = [pool.submit(Registry, f"sqlite:///{tmp_path / 'mlflow.db'}", tmp_path / "mlartifacts") for _ in range(9)]
    assert all(isinstance(each.result(), Registry) for each in opened)
    assert warnings.filters == before


def succeed_from(folder: Path, heir: ModelVersion, over: ModelVersion) -> None:
    """What each of several processes does: promote a version over the champion that it was held against."""
    registry = Registry(f"sqlite:///{folder / 'mlflow.db'}", folder / "mlartifacts")
    try:
        registry.promote(heir, over, PROMOTION, {"from": over.version, "to": heir.version})
    except ModelError:
        sys.exit(ModelError.exit_code)


def test_of_two_promotions_at_once_one_is_refused(registry: Registry, tmp_path: Path) -> None:
    first, second, third = (registry.record(made(shift=shift), {}, {}) for shift in (0.0, 0.5, 0.7))
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["tests.test_tracking", "mlflow"])
    running = [processes.Process(target=succeed_from, args=(tmp_path, heir, first)) for heir in (second, third)]
    for process in running:
        process.start()
    for process in running:
        process.join()
    assert sorted(process.exitcode or 0 for process in running) == [0, ModelError.exit_code]
    champion = registry.champion("deal_win")
    assert champion == (second if running[0].exitcode == 0 else third)
    assert json.loads(champion.tags[PROMOTION]) == {"from": 1, "to": champion.version}
    assert [PROMOTION in version.tags for version in registry.versions("deal_win")].count(True) == 1


def test_a_store_that_is_held_for_too_long_is_told(empty_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from filelock import FileLock

    monkeypatch.setattr("dealml.tracking.LOCK_SECONDS", 0.1)
    (tmp_path / "mlartifacts").mkdir()
    with FileLock(tmp_path / "mlartifacts" / ".lock"), pytest.raises(SetupError, match="wait for it to end"):
        Registry(f"sqlite:///{tmp_path / 'mlflow.db'}", tmp_path / "mlartifacts")
