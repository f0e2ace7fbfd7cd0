"""`dealml check-commitments`: a table and one object of the same promises, and one line where it cannot be."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from dealml.project import Project
from tests.cli.conftest import Ran
from tests.cli.test_errors import one_line
from tests.conftest import CUT

Run = Callable[..., Ran]


def test_the_terminal_and_the_object_say_the_same(dealml: Run, imported: Project) -> None:
    shown, printed = (
        dealml("check-commitments", "--as-of", CUT.isoformat(), "--project", imported.folder, *more) for more in ((), ("--json",))
    )
    content = json.loads(printed.out)
    beyond = [promise for promise in content["promises"] if promise["state"] != "free"]
    assert beyond[0]["deal_id"] in shown.out
    assert f"not requested {sum(promise['state'] == 'not requested' for promise in beyond)}" in shown.out
    assert any(part["subject"] == "any" and part["broken"] for part in content["won_deals"])
    assert "Advisory:" in shown.out


def test_a_policy_that_contradicts_itself_is_named_by_file_and_subject(dealml: Run, imported: Project, tmp_path: Path) -> None:
    for name in ("dealml.toml", "ledger", "features"):
        (tmp_path / name).symlink_to(imported.folder / name)
    (tmp_path / "models").mkdir()
    one_line(dealml("check-commitments", "--project", tmp_path), 3, "models/commitments.py: not there; copy it from a new project")
    policy = (imported.folder / "models" / "commitments.py").read_text(encoding="utf-8")
    (tmp_path / "models" / "commitments.py").write_text(policy.replace("free=0.20, most=0.40", "free=0.50, most=0.40"), encoding="utf-8")
    ran = dealml("check-commitments", "--project", tmp_path)
    one_line(ran, 3, "models/commitments.py:", "commitment 'price': free=0.5 promises more than most=0.4 allows")


def test_a_destination_that_cannot_be_written_is_refused_first(dealml: Run, imported: Project) -> None:
    one_line(
        dealml("check-commitments", "--project", imported.folder, "--out", "p.txt"), 2, "p.txt: end the file's name in .parquet or .csv"
    )
