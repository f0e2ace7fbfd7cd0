"""What `prefect.yaml` deploys exists, runs at the times meant, and never twice at once."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path
from typing import Any

import pytest
import yaml
from prefect.client.schemas.schedules import CronSchedule

ROOT = Path(__file__).parents[2]
CONTENT: dict[str, Any] = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))
DEPLOYMENTS = {f"{d['entrypoint'].rpartition(':')[2]}/{d['name']}": d for d in CONTENT["deployments"]}


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_each_entrypoint_is_a_flow_that_takes_the_parameters(name: str) -> None:
    path, _, flow = DEPLOYMENTS[name]["entrypoint"].partition(":")
    module = importlib.import_module(path.removesuffix(".py").replace("/", "."))
    assert getattr(module, flow).name == flow
    inspect.signature(getattr(module, flow).fn).bind_partial(**DEPLOYMENTS[name]["parameters"])


@pytest.mark.parametrize("name", DEPLOYMENTS)
def test_each_runs_in_the_pool_one_at_a_time(name: str) -> None:
    assert DEPLOYMENTS[name]["work_pool"] == {"name": "dealml"}
    assert DEPLOYMENTS[name]["concurrency_limit"] == {"limit": 1, "collision_strategy": "ENQUEUE"}


def test_schedules_are_nightly_and_weekly_in_utc() -> None:
    schedules = {name: d["schedules"] for name, d in DEPLOYMENTS.items() if d.get("schedules")}
    assert set(schedules) == {"score/nightly", "retrain/weekly", "choose/weekly", "review/weekly"}
    for (schedule,) in schedules.values():
        assert CronSchedule(**schedule).timezone == "UTC"
    days = {name: schedule["cron"].split()[-1] for name, (schedule,) in schedules.items()}
    assert days["score/nightly"] == "*"
    assert "*" not in (days["retrain/weekly"], days["choose/weekly"], days["review/weekly"])


def test_where_the_code_stands_is_said() -> None:
    ((step,),) = [list(pull) for pull in CONTENT["pull"]]
    assert step == "prefect.deployments.steps.set_working_directory"
