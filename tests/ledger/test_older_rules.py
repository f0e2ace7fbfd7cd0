"""A ledger of an older meaning says how to rebuild it."""

from __future__ import annotations

import json

import pytest

from dealml.cli.main import main
from dealml.cli.older_rules import tell_older_rules
from dealml.ledger.older_rules import older_rules
from dealml.project import Project, make_project
from tests.importing.company_fixtures import Company


def made_older(company: Company) -> None:
    """Make the company's batch one of the first version."""
    path = next(company.ledger.folder.glob("*/manifest.json"))
    manifest = json.loads(path.read_text(encoding="utf-8"))
    del manifest["version"]
    path.write_text(json.dumps(manifest), encoding="utf-8")


def test_a_ledger_of_today_s_rules_says_nothing_and_an_older_one_how_to_rebuild_it(company: Company) -> None:
    assert older_rules(company.ledger.folder) is None
    company.has("id,account,created\nd1,a,2025-01-01\n")
    company.imports()
    assert older_rules(company.ledger.folder) is None
    made_older(company)
    line = older_rules(company.ledger.folder)
    assert line is not None
    assert line.startswith(f"{company.ledger.folder}: 1 of 1 batches were imported under the rules of an earlier dealml")
    assert line.endswith("move this folder away and import every extract again, the oldest first")
    assert "\n" not in line


def test_the_line_is_a_warning_of_the_verbs(company: Company, capsys) -> None:  # type: ignore[no-untyped-def]
    company.has("id,account,created\nd1,a,2025-01-01\n")
    company.imports()
    made_older(company)
    make_project(company.ledger.folder.parent)
    line = older_rules(company.ledger.folder)
    assert tell_older_rules(Project(company.ledger.folder.parent)) == {"older_rules": line}
    assert capsys.readouterr() == ("", f"{line}\n")
    with pytest.raises(SystemExit):
        main(["metrics", "--from", "2025-01-01", "--to", "2025-02-01", "--json", "--project", str(company.ledger.folder.parent)])
    out, err = capsys.readouterr()
    assert json.loads(out)["older_rules"] == line
    assert err.startswith(f"{line}\n")
