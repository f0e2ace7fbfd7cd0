"""`dealml scenarios`: tables and one object of the same figures, and one line where it cannot be."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from dealml.project import Project
from tests.cli.conftest import Ran
from tests.cli.test_errors import one_line
from tests.conftest import CUT

Run = Callable[..., Ran]


def project_of(imported: Project, folder: Path, scenarios: str | None) -> Path:
    """A folder with the company's ledger and features, and with a definition of scenarios where one is given."""
    (folder / "models").mkdir()
    for name in ("dealml.toml", "ledger", "features"):
        (folder / name).symlink_to(imported.folder / name)
    if scenarios is not None:
        (folder / "models" / "scenarios.py").write_text(scenarios, encoding="utf-8")
    return folder


def shipped(imported: Project) -> str:
    return (imported.folder / "models" / "scenarios.py").read_text(encoding="utf-8")


def test_the_terminal_and_the_object_say_the_same(dealml: Run, imported: Project, tmp_path: Path) -> None:
    few = shipped(imported).replace("    bands={", "    fewest_deals=25,\n    bands={")
    folder = project_of(imported, tmp_path, few)
    shown, printed = (dealml("scenarios", "--as-of", CUT.isoformat(), "--project", folder, *json_) for json_ in ((), ("--json",)))
    content = json.loads(printed.out)
    names = [scenario["name"] for scenario in (*content["winning"], *content["losing"])]
    assert names
    assert all(name.split(" · ")[0] in shown.out for name in names)  # long names go over several lines
    assert f"{content['deals']:,} closed deals as of {CUT:%Y-%m-%d}" in shown.out
    assert "Advisory: a scenario says what went together in the past, not what causes a win." in shown.out
    assert content["stored"].startswith(str(folder))
    assert {entity["kind"] for entity in content["open"]} == {"deal", "lead"}


def test_a_project_without_the_definition_says_which_file_is_missing(dealml: Run, imported: Project, tmp_path: Path) -> None:
    ran = dealml("scenarios", "--project", project_of(imported, tmp_path, None))
    one_line(ran, 3, "models/scenarios.py: not there; copy it from a new project (dealml init DIR)")


def test_a_definition_that_makes_no_sense_is_named_by_its_file(dealml: Run, imported: Project, tmp_path: Path) -> None:
    text = shipped(imported).replace('"none yet": 0, ', '"none yet": 9, ')
    ran = dealml("scenarios", "--project", project_of(imported, tmp_path, text))
    one_line(ran, 3, "models/scenarios.py:", "bands of 'champion_depth' must be two or more, in ascending order")


def test_a_destination_that_cannot_be_written_is_refused_first(dealml: Run, imported: Project) -> None:
    ran = dealml("scenarios", "--project", imported.folder, "--out", "matches.txt")
    one_line(ran, 2, "matches.txt: end the file's name in .parquet or .csv")
