"""Errors: one line that says what to do, the exit code of their kind, and nothing written."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from dealml.errors import DealmlError, GateRefused, InputError, ModelError, SetupError, UsageError
from dealml.project import Project, make_project
from tests.cli.conftest import Ran
from tests.conftest import CUT, MAPPING, TINY, Company

Run = Callable[..., Ran]
DATE = f"{CUT:%Y-%m-%d}"


def files(folder: Path) -> dict[str, bytes]:
    """What is in a folder, but for caches and locks."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and path.name != ".lock"
    }


def one_line(ran: Ran, code: int, *words: str) -> None:
    assert ran.code == code, ran.err
    assert ran.out == ""
    assert ran.err.startswith("dealml: ")
    assert ran.err.count("\n") == 1
    assert ran.err.endswith("\n")
    assert "Traceback" not in ran.err
    for word in words:
        assert word in ran.err


@pytest.fixture
def untrained(copied: Callable[[Path], Project], tmp_path: Path) -> Path:
    """A project of its own, with facts and no model trained."""
    return copied(tmp_path / "untrained").folder


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A project without a fact."""
    make_project(tmp_path / "bare")
    (tmp_path / "bare" / "models" / "tiny.py").write_text(TINY, encoding="utf-8")
    return tmp_path / "bare"


def test_codes_are_those_of_the_contract() -> None:
    assert [e.exit_code for e in (DealmlError, UsageError, InputError, ModelError, SetupError, GateRefused)] == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nonsense"], "No such command 'nonsense'"),
        (["score"], "Missing argument 'MODEL'"),
        (["score", "tiny"], "Missing option '--as-of'"),
        (["train", "tiny", "--nonsense"], "No such option"),
        (["demo", "x", "--deals", "many"], "--deals"),
        (["features", "tiny"], "give --list, --plan, or MODEL --as-of DATE --out FILE"),
        (["score", "tiny", "--as-of", "yesterday"], "'yesterday' is no date; write it as 2026-01-31"),
        (["score", "tiny", "--as-of", "2025-02-30"], "is no date"),
        (["train", "tiny", "--as-of", "03/02/2025"], "is no date"),
        (["train", "deal_renewal"], "there is account_churn, deal_loss, deal_win, lead_conversion, lead_win, tiny"),
        (["score", "deal_renewal", "--as-of", DATE], "no model 'deal_renewal'"),
        (["score", "tiny", "--as-of", DATE, "--out", "scores.xlsx"], ".parquet or .csv"),
        (["score", "tiny", "--as-of", DATE, "--contributions", "scores.json"], ".parquet or .csv"),
        (["features", "tiny", "--as-of", DATE, "--out", "f.txt"], ".parquet or .csv"),
        (["review", "--as-of", DATE, "--out", "r.pdf"], ".html"),
        (["review", "--as-of", DATE, "--out", "r.html", "--model", "deal_loss"], "deal_loss completes deal_win and has no page of its own"),
        (["compare-baseline", "deal_loss"], "deal_loss completes deal_win and has no page of its own"),
        (["outlook", "D1"], "Missing option '--as-of'"),
        (["outlook", "--as-of", DATE, "--by", "soon"], "--by: 'soon' is no date"),
        (["outlook", "--as-of", DATE, "--by", "2025-02-01"], "--by: 2025-02-02 00:00 is not after 2025-02-03 00:00 UTC"),
        (["outlook", "--as-of", DATE, "--out", "o.xlsx"], ".parquet or .csv"),
        (["outlook", "--as-of", DATE, "--model", "account_churn"], "--model: account_churn does not say whether deals are won"),
        (["outlook", "--as-of", DATE, "--model", "deal_loss"], "--model: deal_loss does not say whether deals are won"),
        (["outlook", "--as-of", DATE, "--model", "nothing"], "no model 'nothing'"),
    ],
)
def test_a_wrong_call(
    dealml: Run, company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    needs_project = words[0] not in ("demo", "nonsense") and len(words) > 1
    one_line(dealml(*words, *(["--project", company.project.folder] if needs_project else [])), 2, message)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "verb",
    [
        ["train", "tiny"],
        ["evaluate", "tiny"],
        ["score", "tiny", "--as-of", DATE],
        ["explain", "D1", "--as-of", DATE],
        ["outlook", "--as-of", DATE],
        ["review", "--as-of", DATE, "--out", "r.html"],
        ["features", "--list"],
        ["import", ".", "--mapping", str(MAPPING)],
    ],
)
def test_no_project_here(dealml: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verb: list[str]) -> None:
    monkeypatch.chdir(tmp_path)
    one_line(dealml(*verb), 3, "dealml.toml: no such file; make a project with: dealml init")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("verb", [["train", "tiny"], ["features", "tiny", "--as-of", DATE, "--out", "f.csv"]])
def test_an_empty_ledger(dealml: Run, bare: Path, monkeypatch: pytest.MonkeyPatch, verb: list[str]) -> None:
    monkeypatch.chdir(bare)
    before = files(bare)
    one_line(dealml(*verb), 3, "the ledger is empty; import an extract first: dealml import SOURCE --mapping FILE")
    assert files(bare) == before


@pytest.mark.parametrize(
    "verb",
    [
        ["evaluate", "tiny"],
        ["score", "tiny", "--as-of", DATE, "--out", "s.csv"],
        ["explain", "D000001", "--as-of", DATE],
        ["outlook", "--as-of", DATE, "--out", "o.csv"],
        ["review", "--as-of", DATE, "--out", "r.html", "--model", "tiny"],
    ],
)
def test_nothing_trained_yet(dealml: Run, untrained: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verb: list[str]) -> None:
    monkeypatch.chdir(tmp_path)
    one_line(dealml(*verb, "--project", untrained), 4, "no champion in the registry; train one with: dealml train ")
    assert [path.name for path in tmp_path.iterdir()] == ["untrained"]
    assert not (untrained / "scores.db").exists()


def test_asking_for_scores_makes_no_registry(dealml: Run, bare: Path) -> None:
    before = files(bare)
    one_line(
        dealml("score", "tiny", "--as-of", DATE, "--project", bare),
        4,
        "tiny: no champion in the registry; train one with: dealml train tiny",
    )
    assert files(bare) == before


@pytest.mark.parametrize("version", ["99", "0", "-1"])
def test_a_version_that_is_not_there(dealml: Run, company: Company, version: str) -> None:
    one_line(
        dealml("score", "tiny", "--as-of", DATE, "--version", version, "--project", company.project.folder), 4, f"no version {version}"
    )


def test_nothing_settled_before_the_date(dealml: Run, company: Company) -> None:
    for verb in ("train", "evaluate"):
        one_line(
            dealml(verb, "tiny", "--as-of", "2023-01-03", "--project", company.project.folder),
            4,
            "no outcome was settled before 2023-01-03",
        )


def test_an_entity_that_is_not_at_stake(dealml: Run, company: Company) -> None:
    one_line(
        dealml("explain", "D999999", "--as-of", DATE, "--model", "tiny", "--project", company.project.folder),
        3,
        "D999999: no deal, account or lead of this name is on record",
    )


def test_a_folder_that_is_not_there(dealml: Run, company: Company, tmp_path: Path) -> None:
    one_line(
        dealml("score", "tiny", "--as-of", DATE, "--out", tmp_path / "no" / "s.csv", "--project", company.project.folder),
        3,
        "no such folder",
    )


def test_the_second_file_is_checked_before_the_first_is_written(dealml: Run, company: Company, tmp_path: Path) -> None:
    ran = dealml(
        "score",
        "tiny",
        "--as-of",
        "2025-01-20",
        "--out",
        tmp_path / "s.csv",
        "--contributions",
        tmp_path / "no" / "c.csv",
        "--project",
        company.project.folder,
    )
    one_line(ran, 3, "no such folder")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[company\n", "not valid TOML"),
        ('[company]\nnome = "x"\n', "company.nome: Extra inputs are not permitted"),
        ("[compny]\n", "compny: Extra inputs"),
        ("[machine]\nthreads = 0\n", "machine.threads: "),
        ('[machine]\nmemory = "lots"\n', "machine.memory: "),
        ('[company]\ncurrency = "euro"\n', "company.currency: "),
    ],
)
def test_damaged_settings(dealml: Run, bare: Path, text: str, message: str) -> None:
    (bare / "dealml.toml").write_text(text, encoding="utf-8")
    one_line(dealml("train", "tiny", "--project", bare), 3, "dealml.toml: ", message)


def test_settings_that_are_no_text(dealml: Run, bare: Path) -> None:
    (bare / "dealml.toml").write_bytes(b"\xff\xfe\x00")
    one_line(dealml("train", "tiny", "--project", bare), 3, "not valid TOML")


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("features/stage.py", "from dealml import per\n\nthis is no Python\n", "stage.py:3: SyntaxError"),
        ("features/stage.py", "from dealml import per\n\nx = 1 / 0\n", "stage.py:3: ZeroDivisionError"),
        ("features/stage.py", "from dealml import nonsense\n", "stage.py:1: ImportError"),
        (
            "features/stage.py",
            'from dealml import per\n\n@per("deal_id", "deals")\ndef stage(deal):\n    return deal.count()\n',
            "stage.py:",
        ),
        ("models/tiny.py", "MODEL = 3\n", "models/tiny.py: defines no MODEL"),
        ("models/tiny.py", "", "models/tiny.py: defines no MODEL"),
    ],
)
def test_a_broken_definition_is_named_with_its_line(dealml: Run, bare: Path, file: str, text: str, message: str) -> None:
    (bare / file).write_text(text, encoding="utf-8")
    one_line(dealml("features", "tiny", "--list", "--project", bare), 3, message, str(bare))


def test_a_feature_that_asks_for_what_it_may_not_see(dealml: Run, untrained: Path, tmp_path: Path) -> None:
    path = untrained / "features" / "champion.py"
    path.write_text(
        path.read_text(encoding="utf-8").replace("person.engagement.max(where=person.role", "person.recorded_at.max(where=person.role", 1),
        encoding="utf-8",
    )
    one_line(
        dealml("features", "tiny", "--as-of", DATE, "--out", tmp_path / "f.csv", "--project", untrained),
        3,
        "features/champion.py: champion_depth: asks for 'recorded_at'; it may see",
    )
    assert not (tmp_path / "f.csv").exists()


def test_a_broken_definition_stops_an_import_before_it_writes(dealml: Run, bare: Path, simulated: Path) -> None:
    (bare / "models" / "tiny.py").write_text("MODEL = 1 / 0\n", encoding="utf-8")
    before = files(bare)
    one_line(dealml("import", simulated / "export", "--mapping", MAPPING, "--project", bare), 3, "tiny.py:1: ZeroDivisionError")
    assert files(bare) == before


def test_an_import_of_nothing(dealml: Run, bare: Path, tmp_path: Path) -> None:
    before = files(bare)
    one_line(dealml("import", tmp_path / "no", "--mapping", MAPPING, "--project", bare), 3, "no such folder")
    one_line(dealml("import", tmp_path, "--mapping", tmp_path / "no.yaml", "--project", bare), 3, "no.yaml")
    assert files(bare) == before


def test_the_registry_is_locked(dealml: Run, untrained: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dealml.tracking.LOCK_SECONDS", 0.1)
    (untrained / "mlartifacts").mkdir(exist_ok=True)
    with FileLock(untrained / "mlartifacts" / ".lock"):
        one_line(
            dealml("score", "tiny", "--as-of", DATE, "--project", untrained),
            5,
            "another process has held MLflow's lock",
            "wait for it to end",
        )


def test_the_ledger_is_locked(dealml: Run, bare: Path, simulated: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dealml.ledger.batches.LOCK_SECONDS", 0.1)
    (bare / "ledger").mkdir()
    with FileLock(bare / "ledger" / ".lock"):
        one_line(dealml("import", simulated / "export", "--mapping", MAPPING, "--project", bare), 5, "another import has held the lock")


def test_a_score_database_that_cannot_be_reached(dealml: Run, company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("DEALML_SCORES__URL", f"sqlite:///{tmp_path / 'file' / 'scores.db'}")
    one_line(dealml("score", "tiny", "--as-of", DATE, "--out", tmp_path / "s.csv", "--project", company.project.folder), 5, "scores.url")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_tracking_store_that_cannot_be_opened(dealml: Run, untrained: Path) -> None:
    (untrained / "mlflow.db").write_bytes(b"this is no database" * 1000)
    one_line(dealml("score", "tiny", "--as-of", DATE, "--project", untrained), 5, "tracking.uri: MLflow's store at")


@pytest.mark.parametrize("damage", ["delete", "truncate"])
def test_a_damaged_model(dealml: Run, company: Company, tmp_path: Path, damage: str) -> None:
    """The artefacts stand where training put them; this test moves them aside and back."""
    artefacts = company.project.folder / "mlartifacts"
    shutil.copytree(artefacts, tmp_path / "kept")
    try:
        if damage == "delete":
            shutil.rmtree(artefacts)
        else:
            for path in artefacts.rglob("model.json"):
                path.write_bytes(path.read_bytes()[:1000])
        one_line(dealml("score", "tiny", "--as-of", DATE, "--project", company.project.folder), 4, "roll back or train again")
    finally:
        shutil.rmtree(artefacts, ignore_errors=True)
        shutil.copytree(tmp_path / "kept", artefacts)


@pytest.mark.parametrize("error", [OSError(28, "No space left on device", "s.csv"), ValueError("two\nlines")])
def test_what_nobody_foresaw_is_one_line_too(dealml: Run, company: Company, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr("dealml.jobs.scoring.score.score_all", fail)
    ran = dealml("score", "tiny", "--as-of", DATE, "--project", company.project.folder)
    if isinstance(error, OSError):
        one_line(ran, 5, "s.csv: No space left on device")
    else:
        one_line(ran, 1, "internal error: ValueError: two lines", "--debug")


def test_debug_shows_the_traceback(company: Company) -> None:
    from dealml.cli import main

    with pytest.raises(UsageError):
        main(["train", "deal_renewal", "--project", str(company.project.folder), "--debug"])


def test_an_interrupt_is_one_line(dealml: Run, company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("dealml.jobs.scoring.score.score_all", stop)
    ran = dealml("score", "tiny", "--as-of", DATE, "--project", company.project.folder)
    assert (ran.code, ran.out, ran.err.strip()) == (130, "", "dealml: stopped")
