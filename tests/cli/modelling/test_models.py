"""`dealml models`: tables for people, one object for machines, and a line with a code for whatever is not there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dealml.project import Project
from tests.cli.conftest import Ran
from tests.cli.test_errors import files, one_line
from tests.conftest import Company
from tests.registry_fixtures import GOOD, POOR, WORSE, contested, registry_of

Run = Callable[..., Ran]
DECISIONS_BEFORE = Path(__file__).parents[2] / "jobs" / "modelling" / "decisions_before.json"
"""By kind: decisions as the tags of versions held them before their keys were renamed."""


@pytest.fixture
def contest(copied: Callable[[Path], Project], company: Company, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project of its own with a champion and two versions after it."""
    return contested(copied, company, tmp_path_factory, tmp_path / "contest")


def test_from_challenger_to_champion_and_back(dealml: Run, contest: Project) -> None:
    at = ("--project", contest.folder)
    compared = dealml("models", "compare", "tiny", "--challenger", GOOD, *at)
    assert compared.code == 0
    for text in ("challenger: version 2", "champion: version 1", "as registered", "holds  gain_over_champion", "score churn, no condition"):
        assert text in compared.out
    assert "note: the gate in the model's file was changed" in compared.err
    promoted = dealml("models", "promote", "tiny", "--version", GOOD, "--by", "Ada", "--reason", "spring", *at)
    assert promoted.code == 0, promoted.err
    assert "tiny: version 2 is the champion now; back with: dealml models rollback tiny" in promoted.out
    assert registry_of(contest).champion("tiny").version == GOOD
    shown = dealml("models", "show", "tiny", *at)
    assert shown.code == 0
    for text in (
        "tiny version 2",
        "trained through",
        "promotion: version 2 over 1, ",
        " by Ada: spring",
        "gain_over_champion",
        "min_log_loss_gain",
    ):
        assert text in shown.out
    back = dealml("models", "rollback", "tiny", "--by", "Grace", "--json", *at)
    assert (back.code, back.json) == (0, {"model": "tiny", "champion": POOR, "from": GOOD})
    listed = dealml("models", "list", "tiny", "--json", *at).json["models"]["tiny"]
    assert [line["alias"] for line in listed] == ["champion", "", "challenger"]
    assert listed[0]["decided"]["rollback"]["by"] == "Grace"
    assert listed[1]["decided"]["promotion"]["reason"] == "spring"
    one_line(dealml("models", "rollback", "tiny", *at), 4, "tiny: version 1 followed no other champion, so there is nothing to go back to")


def test_a_refusal_prints_the_conditions_and_exits_with_6(dealml: Run, contest: Project) -> None:
    at = ("--project", contest.folder)
    output = dealml("models", "promote", "tiny", *at)
    assert output.code == 6
    assert "FAILS  gain_over_champion" in output.out
    assert output.err.splitlines()[-1].startswith("dealml: tiny: version 3 does not beat the baseline: ")
    assert "the champion stays (docs/promotion.md)" in output.err
    ran = dealml("models", "promote", "tiny", "--json", *at)
    assert ran.code == 6
    assert ran.json["passed"] is False
    assert {"name", "passed", "value", "limit", "message"} == set(ran.json["conditions"][0])
    assert registry_of(contest).champion("tiny").version == POOR
    compared = dealml("models", "compare", "tiny", "--json", *at)
    assert (compared.code, compared.json["passed"]) == (0, False)
    listed = dealml("models", "list", *at)
    assert "account_churn: no version yet; train one with: dealml train account_churn" in listed.out
    assert "refused " in listed.out
    shown = dealml("models", "show", "tiny", "--version", WORSE, "--json", *at).json
    assert shown["records"]["refused"]["evidence"]["passed"] is False


def test_show_tells_the_rungs_that_were_tried(dealml: Run, company: Company) -> None:
    report = dealml("models", "show", "tiny", "--project", company.project.folder, "--json").json
    assert [rung["rung"] for rung in report["rungs_tried"]] == ["base_rate", "shrunken_rates", "logistic", "lightgbm"]
    assert report["settings"]["num_boost_round"] == 60
    assert report["records"] == {}
    assert report["alias"] == "champion"
    assert report["log_loss"] == pytest.approx(report["held_out"]["metrics"]["log_loss"][0])
    ran = dealml("models", "show", "tiny", "--project", company.project.folder)
    assert "behind the best" in ran.out
    assert "held out: log loss" in ran.out


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (["models"], 2, "Missing command. See: dealml models --help"),
        (["models", "nonsense"], 2, "No such command 'nonsense'"),
        (["models", "promote"], 2, "Missing argument 'MODEL'"),
        (["models", "promote", "tiny", "--force"], 2, "No such option"),
        (["models", "promote", "tiny", "--version", "two"], 2, "--version"),
        (["models", "promote", "tiny", "--by", " "], 2, "who decides? Give --by NAME"),
        (["models", "list", "deal_gone"], 2, "no model 'deal_gone'"),
        (["models", "show", "deal_gone"], 2, "no model 'deal_gone'"),
        (["models", "rollback", "deal_gone"], 2, "no model 'deal_gone'"),
        (["models", "compare", "deal_gone"], 2, "no model 'deal_gone'"),
        (["models", "show", "tiny", "--version", "9"], 4, "tiny: no version 9 in the registry"),
        (["models", "compare", "tiny"], 4, "tiny: no challenger; train one with: dealml train tiny"),
        (["models", "promote", "tiny"], 4, "tiny: no challenger; train one with: dealml train tiny"),
        (["models", "promote", "tiny", "--version", "9"], 4, "tiny: no version 9 in the registry"),
        (["models", "promote", "tiny", "--version", "1"], 4, "tiny: version 1 is the champion already"),
        (["models", "compare", "tiny", "--challenger", "1", "--champion", "1"], 4, "version 1 cannot be compared with itself"),
        (["models", "compare", "tiny", "--challenger", "1", "--champion", "9"], 4, "tiny: no version 9 in the registry"),
        (["models", "rollback", "tiny"], 4, "followed no other champion, so there is nothing to go back to"),
        (["models", "show", "account_churn"], 4, "account_churn: no champion in the registry; train one with"),
        (["models", "rollback", "account_churn"], 4, "account_churn: no champion in the registry; train one with"),
    ],
)
def test_a_wrong_call_is_one_line_and_changes_nothing(dealml: Run, company: Company, words: list[str], code: int, message: str) -> None:
    here = company.project.folder
    before = registry_of(company.project).versions("tiny")
    one_line(dealml(*words, *(["--project", here] if len(words) > 2 else [])), code, message)
    assert [version.tags for version in registry_of(company.project).versions("tiny")] == [version.tags for version in before]


@pytest.mark.parametrize("verb", ["show", "compare", "promote", "rollback"])
def test_nothing_trained_yet_makes_no_registry(dealml: Run, imported: Project, verb: str) -> None:
    before = files(imported.folder)
    one_line(
        dealml("models", verb, "tiny", "--project", imported.folder), 4, "no champion in the registry; train one with: dealml train tiny"
    )
    assert files(imported.folder) == before


def test_a_list_of_nothing_is_no_error(dealml: Run, imported: Project) -> None:
    before = files(imported.folder)
    listed = dealml("models", "list", "--project", imported.folder)
    assert (listed.code, listed.err) == (0, "")
    assert "tiny: no version yet; train one with: dealml train tiny" in listed.out
    assert dealml("models", "list", "tiny", "--project", imported.folder, "--json").json == {"models": {"tiny": []}}
    assert files(imported.folder) == before


def test_no_project_here(dealml: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    one_line(dealml("models", "list"), 3, "dealml.toml: no such file; make a project with: dealml init")


@pytest.mark.parametrize("verb", ["list", "show", "compare", "promote", "rollback"])
def test_every_verb_explains_itself(dealml: Run, verb: str) -> None:
    ran = dealml("models", verb, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: dealml models {verb} ")


def test_decisions_that_an_earlier_version_stored_are_listed_and_shown(dealml: Run, contest: Project) -> None:
    registry, records = registry_of(contest), json.loads(DECISIONS_BEFORE.read_text(encoding="utf-8"))
    registry.note(registry.version("tiny", POOR), "promotion", records["promotion"])
    registry.note(registry.version("tiny", WORSE), "refused", records["refused"])
    at = ("--project", contest.folder)
    shown = dealml("models", "show", "tiny", *at)
    assert (shown.code, shown.err) == (0, "")
    for text in ("has earned promotion: all 7 conditions hold", "it gains 0.328 (0.220 to 0.426) of log loss", "0% of 178 entities"):
        assert text in shown.out
    refused = dealml("models", "show", "tiny", "--version", WORSE, "--json", *at).json["records"]["refused"]["evidence"]
    assert refused["message"].startswith("does not beat the baseline: 5 of 7 conditions failed")
    assert refused["score_churn"]["share_moved"] == 0.0
    assert "refused 2026-11-27 by ada" in dealml("models", "list", "tiny", *at).out
    assert dealml("models", "compare", "tiny", *at).code == 0
