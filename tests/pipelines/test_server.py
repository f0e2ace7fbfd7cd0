"""A schedule fires: a real server, the deployments of `prefect.yaml`, a worker, and scores in the database."""

from __future__ import annotations

import shutil
import sqlite3
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from prefect.client.schemas.actions import DeploymentScheduleCreate
from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.schedules import IntervalSchedule

from dealml.project import Project
from tests.close_date_fixtures import served_at_once
from tests.pipelines.conftest import AS_OF
from tests.pipelines.server_fixtures import Prefect, wait_for

MODEL = "account_churn"
ENDED = (StateType.COMPLETED, StateType.FAILED, StateType.CRASHED, StateType.CANCELLED)
pytestmark = [
    pytest.mark.server,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="ends processes by what /proc says"),
    # pyarrow reads zoned times of pandas by a property that pandas 4 will change
    pytest.mark.filterwarnings("ignore:Series.values returning an ndarray that drops timezone:pandas.errors.Pandas4Warning"),
]


@pytest.fixture
def trained(imported: Project, tmp_path: Path) -> Project:
    """A project with a champion, quick to fit, without the gates of training."""
    shutil.copytree(imported.folder, tmp_path / "project")
    project = Project(tmp_path / "project")
    served_at_once(project, MODEL)
    return project


@pytest.fixture
def prefect(trained: Project, tmp_path: Path) -> Iterator[Prefect]:
    """A server of its own, all of whose processes end."""
    running = Prefect(tmp_path / "home", trained.folder)
    with running:
        yield running
    assert running.alive() == []


def test_a_scheduled_run_scores_the_company(trained: Project, prefect: Prefect) -> None:
    prefect.run("work-pool", "create", "dealml", "--type", "process")
    prefect.run("deploy", "--all")
    reschedule(prefect)
    prefect.start("worker", "start", "--pool", "dealml", "--limit", "1")
    wait_for(lambda: ended(prefect) is not None, "a scheduled run to end", prefect.log)
    run = ended(prefect)
    assert run is not None
    assert run.state_type is StateType.COMPLETED, f"{run.state}\n{prefect.log()}"
    assert scored(trained) > 50


def reschedule(prefect: Prefect) -> None:
    """Let the nightly scoring come round within seconds, for the model and the day at hand."""
    every = IntervalSchedule(interval=timedelta(seconds=20), anchor_date=datetime.now(UTC))
    soon = DeploymentScheduleCreate(schedule=every, parameters={"models": [MODEL], "as_of": AS_OF})
    with prefect.client() as client:
        client.create_deployment_schedules(client.read_deployment_by_name("score/nightly").id, [soon])


def ended(prefect: Prefect) -> FlowRun | None:
    """The first run of the schedule above that has come to an end."""
    with prefect.client() as client:
        found = client.read_flow_runs(flow_run_filter=FlowRunFilter.model_validate({"state": {"type": {"any_": list(ENDED)}}}))
    # Around midnight the deployments' own schedules come round too, for models that are not trained here.
    return next((run for run in found if run.auto_scheduled and run.parameters.get("models") == [MODEL]), None)


def scored(project: Project) -> int:
    """How many entities the score database holds."""
    with sqlite3.connect(project.folder / "scores.db") as connection:
        return int(connection.execute("SELECT count(*) FROM scores WHERE model = ?", (MODEL,)).fetchone()[0])
