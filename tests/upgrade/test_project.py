"""A project that the version before the public API made is told what is outdated, and is brought up to date."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from dealml.cli.main import main
from dealml.errors import InputError
from dealml.load_definitions import load_model, model_names
from dealml.project import DEFINITIONS, template_folder
from dealml.upgrade.project import _digest, outdated_line, upgrade_project
from dealml.upgrade.shipped_digests import SHIPPED_BEFORE

BEFORE = Path(__file__).parent / "project_before.tar.xz"
"""`features/`, `models/`, `pipelines/` and the settings as `dealml init` copied them before."""
OWN_MODEL = """from dealml import Gate, Model, Shown, Trees, Won
from dealml.features.windows import within
from features import stage

MODEL = Model(
    name="own", entity="deal_id", outcomes=(Won(),), horizons=(90,), main_horizon=90, features=(stage.stage,), shown=Shown(),
    trees=Trees(most_trees=60, leaves=7), gate=Gate(least_gain=0.01),  # leaves=7 suits us
)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of the version before."""
    with tarfile.open(BEFORE) as archive:
        archive.extractall(tmp_path / "p", filter="data")
    return tmp_path / "p"


def sources(folder: Path) -> dict[str, str]:
    return {str(path.relative_to(folder)): path.read_text() for name in DEFINITIONS for path in sorted((folder / name).glob("*.py"))}


def test_the_digests_are_those_of_the_files_that_were_shipped(project: Path) -> None:
    assert {name: _digest(project / name) for name in SHIPPED_BEFORE} == SHIPPED_BEFORE


LEAD_FEATURES = ("behaviour", "company", "fit", "points", "progress", "record", "source", "speed")
NEW_SINCE = {
    *(f"features/lead_{name}.py" for name in LEAD_FEATURES),
    *(f"models/{name}.py" for name in ("lead_conversion", "lead_points", "lead_win", "scenarios", "commitments", "qualification")),
}
"""Files of models and features that the earlier version did not have: an upgrade adds no model that nobody asked for."""


def test_files_that_nobody_edited_are_replaced_by_the_new_version(project: Path) -> None:
    report = upgrade_project(project)
    new = sources(template_folder())
    assert sources(project) == {name: text for name, text in new.items() if name not in NEW_SINCE}
    assert f"{project / 'features' / 'usage.py'}: replaced by the new version" in report.changes
    assert report.by_hand == []
    assert not list(project.rglob("*.old"))


def test_a_second_upgrade_changes_nothing(project: Path) -> None:
    (project / "models" / "own.py").write_text(OWN_MODEL)
    upgrade_project(project)
    files = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    assert upgrade_project(project).changes == []
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == files


def test_an_edited_file_keeps_all_but_its_imports(project: Path) -> None:
    file = project / "features" / "usage.py"
    edited = file.read_text() + "\n\nOURS = 1\n"
    file.write_text(edited)
    report = upgrade_project(project)
    assert file.read_text() == edited.replace("from dealml.features.windows import happened, within", "from dealml import happened, within")
    assert (project / "features" / "usage.py.old").read_text() == edited
    assert f"{file}:4: from dealml import happened, within" in report.changes


def test_settings_of_an_own_model_take_their_new_names(project: Path) -> None:
    file = project / "models" / "own.py"
    file.write_text(OWN_MODEL)
    upgrade_project(project)
    assert "trees=Trees(num_boost_round=60, num_leaves=7), gate=Gate(min_log_loss_gain=0.01),  # leaves=7 suits us" in file.read_text()
    spec = load_model(project, "own")
    assert (spec.trees.num_boost_round, spec.trees.num_leaves, spec.gate.min_log_loss_gain) == (60, 7, 0.01)


def test_tuned_settings_take_their_new_names(project: Path) -> None:
    file = project / "models" / "deal_win.toml"
    file.write_text("[trees]\nlearning_rate = 0.1\nleaves = 31\nl2 = 2.5\n")
    upgrade_project(project)
    trees = load_model(project, "deal_win").trees
    assert (trees.learning_rate, trees.num_leaves, trees.lambda_l2) == (0.1, 31, 2.5)


def test_an_outdated_setting_is_one_line(project: Path) -> None:
    upgrade_project(project)
    (project / "models" / "own.py").write_text(OWN_MODEL.replace("dealml.features.windows", "dealml"))
    with pytest.raises(InputError) as refused:
        load_model(project, "own")
    assert str(refused.value) == (
        f"{project}/models/own.py:7 sets most_trees, which is called num_boost_round now; run: dealml init --upgrade {project}"
    )


def test_an_import_without_a_public_name_is_left_to_the_user(project: Path) -> None:
    file = project / "pipelines" / "score.py"
    file.write_text(file.read_text() + "\n# ours\n")
    (line, *_) = upgrade_project(project).by_hand
    assert line == f"{file}:8: imports dealml.jobs.score, which is not public; compare with {template_folder() / 'pipelines' / 'score.py'}"


def test_an_outdated_definition_is_one_line(project: Path) -> None:
    (project / "models" / "own.py").write_text(
        OWN_MODEL.replace("dealml.features.windows import within", "dealml.loading import model_names")
    )
    with pytest.raises(InputError) as refused:
        load_model(project, "own")
    assert str(refused.value) == f"{project}/models/own.py:2 imports dealml.loading, which moved; run: dealml init --upgrade {project}"


@pytest.mark.parametrize("flow", ["score", "retrain", "review", "importing"])
def test_an_outdated_flow_is_one_line(project: Path, flow: str) -> None:
    ended = subprocess.run([sys.executable, "-m", f"pipelines.{flow}", "--help"], cwd=project, capture_output=True, text=True)
    assert ended.returncode == 3
    assert ended.stderr.count("\n") == 1
    assert ended.stderr.startswith("dealml: pipelines/")
    assert ended.stderr.endswith("; run: dealml init --upgrade .\n")


def test_flows_run_after_an_upgrade(project: Path) -> None:
    upgrade_project(project)
    command = [sys.executable, "-m", "pipelines.score", "--help"]
    assert "--models" in subprocess.run(command, cwd=project, capture_output=True, text=True, check=True).stdout


def test_the_verb_prints_what_changed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for expected in ("replaced by the new version", "up to date"):
        with pytest.raises(SystemExit) as ended:
            main(["init", "--upgrade", str(project)])
        assert ended.value.code == 0
        assert expected in capsys.readouterr().out
    assert model_names(project) == ["account_churn", "deal_loss", "deal_win"]


def test_a_folder_that_is_no_project_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file; make a project with: dealml init"):
        upgrade_project(tmp_path)


def test_a_new_project_has_nothing_outdated() -> None:
    assert outdated_line(template_folder()) is None


def test_outdated_tuned_settings_are_one_line_that_names_the_upgrade(project: Path) -> None:
    upgrade_project(project)
    file = project / "models" / "deal_win.toml"
    file.write_text("[trees]\nmost_trees = 60\nleaves = 7\n")
    with pytest.raises(InputError) as refused:
        load_model(project, "deal_win")
    outdated = "settings of an earlier version (most_trees is num_boost_round, leaves is num_leaves)"
    assert str(refused.value) == f"{file}: {outdated}; run: dealml init --upgrade {project}"
    upgrade_project(project)
    assert load_model(project, "deal_win").trees.num_leaves == 7
