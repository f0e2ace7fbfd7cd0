"""`dealml qualify`: tables, a deal's page and one object of the same figures, and one line where it cannot be."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from dealml.project import Project
from tests.cli.conftest import Ran
from tests.cli.test_errors import one_line
from tests.conftest import CUT, Company

Run = Callable[..., Ran]


def test_the_terminal_and_the_object_say_the_same(dealml: Run, company: Company) -> None:
    here = ("--as-of", CUT.isoformat(), "--project", company.project.folder)
    shown, printed = (dealml("qualify", *here, *json_) for json_ in ((), ("--json",)))
    content = json.loads(printed.out)
    counts = content["counts"]["deal"]
    assert f"open deals as of {CUT:%Y-%m-%d}: " + ", ".join(f"{advice} {count:,}" for advice, count in counts.items()) in shown.out
    assert sum(counts.values()) == sum(entity["kind"] == "deal" for entity in content["entities"])
    assert "Advisory: people decide." in shown.out


def test_a_declined_deal_has_its_evidence_and_a_draft(dealml: Run, company: Company) -> None:
    here = ("--as-of", CUT.isoformat(), "--project", company.project.folder)
    entities = json.loads(dealml("qualify", *here, "--json").out)["entities"]
    declined = next(entity for entity in entities if entity["advice"] == "decline" and entity["kind"] == "deal")
    shown = dealml("qualify", declined["id"], *here).out
    assert "Draft of an honest no (never sent):\nDear …," in shown
    assert all(f"{verdict['test']}: {verdict['title']}: {verdict['state']}" in shown for verdict in declined["verdicts"])
    assert all(f"- {line}" in shown for line in declined["comes_back"])


def test_a_project_without_the_definition_says_which_file_is_missing(dealml: Run, imported: Project, tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    for name in ("dealml.toml", "ledger", "features"):
        (tmp_path / name).symlink_to(imported.folder / name)
    one_line(
        dealml("qualify", "--project", tmp_path), 3, "models/qualification.py: not there; copy it from a new project (dealml init DIR)"
    )


def test_a_threshold_for_no_test_is_named(dealml: Run, imported: Project, tmp_path: Path) -> None:
    for name in ("dealml.toml", "ledger", "features"):
        (tmp_path / name).symlink_to(imported.folder / name)
    (tmp_path / "models").mkdir()
    for path in (imported.folder / "models").glob("*.py"):
        (tmp_path / "models" / path.name).symlink_to(path)
    (tmp_path / "models" / "choosing.toml").write_text("[needed]\nluck = 1\n", encoding="utf-8")
    one_line(dealml("qualify", "--project", tmp_path), 3, "models/choosing.toml: needed.luck: no test of that name; there is sponsor, pain")


def test_thresholds_are_written_by_somebody_and_from_a_proposal(dealml: Run, imported: Project) -> None:
    one_line(dealml("qualify", "--write", "--project", imported.folder), 2, "--write goes with --propose")
    ran = dealml("qualify", "--propose", "--write", "--project", imported.folder)
    one_line(ran, 2, "give --by NAME with --write: the file keeps who changed it")
