"""Versions: what is listed, what is promoted and what is gone back to, each with who, when and on which evidence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dealml.errors import ModelError, UsageError
from dealml.jobs.modelling.versions import promote, promote_if_earned, rollback, version, versions
from dealml.project import Project
from tests.registry_fixtures import GOOD, POOR, WORSE, registry_of


def champion_of(project: Project) -> int:
    return registry_of(project).champion("tiny").version


def test_what_earned_it_is_promoted_on_evidence(contest: Project) -> None:
    found = promote(contest, "tiny", GOOD, by="  Ada ", reason="after the spring clean-up")
    assert found.judgement.passed, found.judgement.message
    assert champion_of(contest) == GOOD
    record = version(contest, "tiny")["records"]["promotion"]
    assert (record["by"], record["reason"], record["from"], record["to"]) == ("Ada", "after the spring clean-up", POOR, GOOD)
    assert abs(datetime.now(UTC) - datetime.fromisoformat(record["at"])) < timedelta(minutes=10)
    evidence = record["evidence"]
    assert evidence == found.content()
    assert evidence["passed"] is True
    assert all(condition["passed"] for condition in evidence["conditions"])
    assert evidence["window"]["from"].startswith("2025-02-03")
    assert evidence["window"]["entities"] > evidence["window"]["with_outcome"] > 0
    assert evidence["challenger"]["measured"] == evidence["champion"]["measured"] == "as registered"
    assert 0 <= evidence["score_churn"]["share_moved"] <= 1
    assert evidence["ledger_digest"] == contest.ledger.digest


def test_what_did_not_is_refused_and_that_is_recorded_too(contest: Project) -> None:
    found = promote(contest, "tiny", by="Ada")
    assert found.challenger.registered.version == WORSE
    assert {"gain_over_champion", "calibration_error", "skill_over_base_rate"} <= set(found.judgement.failed)
    assert champion_of(contest) == POOR
    record = version(contest, "tiny", WORSE)["records"]["refused"]
    assert (record["by"], record["from"], record["to"]) == ("Ada", POOR, WORSE)
    assert record["evidence"]["passed"] is False
    assert [line["alias"] for line in versions(contest, "tiny")["tiny"]] == ["champion", "", "challenger"]


def test_the_gate_that_was_declared_before_the_training_counts(contest: Project) -> None:
    """The versions' gate is not that of the model's file."""
    found = promote(contest, "tiny", GOOD, by="Ada")
    assert found.gate.max_calibration_error == 0.15
    assert "the one declared before counts" in found.notes[0]


def test_going_back_takes_one_step_and_is_recorded(contest: Project) -> None:
    promote(contest, "tiny", GOOD, by="Ada")
    champion, replaced = rollback(contest, "tiny", by="Grace", reason="odd scores")
    assert (champion.version, replaced.version, champion_of(contest)) == (POOR, GOOD, POOR)
    record = version(contest, "tiny")["records"]["rollback"]
    assert {key: record[key] for key in ("by", "reason", "from", "to")} == {"by": "Grace", "reason": "odd scores", "from": GOOD, "to": POOR}
    with pytest.raises(ModelError, match=f"tiny: version {POOR} followed no other champion, so there is nothing to go back to"):
        rollback(contest, "tiny", by="Grace")
    assert champion_of(contest) == POOR


def test_nothing_is_gone_back_to_that_cannot_be_loaded(contest: Project) -> None:
    promote(contest, "tiny", GOOD, by="Ada")
    first = registry_of(contest).version("tiny", POOR)
    for file in (contest.folder / "mlartifacts").rglob(f"{first.run_id}/artifacts/model/model.json"):
        file.write_text("{}")
    with pytest.raises(ModelError, match="missing or changed since it was saved"):
        rollback(contest, "tiny", by="Ada")
    assert champion_of(contest) == GOOD


def test_a_damaged_champion_does_not_keep_a_sound_version_away(contest: Project) -> None:
    first = registry_of(contest).version("tiny", POOR)
    for file in (contest.folder / "mlartifacts").rglob(f"{first.run_id}/artifacts/model/model.json"):
        file.write_text("{}")
    found = promote(contest, "tiny", GOOD, by="Ada")
    assert any("missing, damaged or of an older format, so the base rate is what must be beaten" in note for note in found.notes)
    assert {c.name for c in found.judgement.conditions} >= {"gain_over_base_rate"}
    assert champion_of(contest) == (GOOD if found.judgement.passed else POOR)


def test_a_promotion_that_was_cut_short_is_not_listed(contest: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("mlflow.MlflowClient.set_registered_model_alias", killed)
        with pytest.raises(KeyboardInterrupt):
            promote(contest, "tiny", GOOD, by="Ada")
    assert champion_of(contest) == POOR
    assert [line["decided"] for line in versions(contest, "tiny")["tiny"]] == [{}, {}, {}]
    with pytest.raises(ModelError, match="nothing to go back to"):
        rollback(contest, "tiny", by="Ada")


def test_a_flow_promotes_what_earned_it_and_takes_a_refusal_for_an_answer(contest: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEALML_USER", "scheduler")
    refused = promote_if_earned(contest, "tiny")
    assert refused is not None
    assert not refused.judgement.passed
    assert version(contest, "tiny", WORSE)["records"]["refused"]["by"] == "scheduler"
    registry = registry_of(contest)
    good = registry.version("tiny", GOOD)
    registry.record(registry.load(good), {}, {})  # trained again: the challenger once more
    promoted = promote_if_earned(contest, "tiny")
    assert promoted is not None
    assert promoted.judgement.passed
    assert champion_of(contest) == GOOD
    assert promote_if_earned(contest, "tiny") is None


def test_who_decides_must_be_known(contest: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> str:
        raise OSError("no such user")

    monkeypatch.setattr("getpass.getuser", nobody)
    for by in (None, "  "):
        with pytest.raises(UsageError, match="--by NAME"):
            promote(contest, "tiny", GOOD, by=by)
    assert champion_of(contest) == POOR
