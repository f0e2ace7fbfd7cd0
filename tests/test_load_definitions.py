from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from dealml.errors import InputError, UsageError
from dealml.load_definitions import code_digest, completing_model, leading_models, load_model, load_scorecard, model_names
from tests.conftest import ROOT

FEATURE = '''from dealml import per


@per("deal_id", "deals")
def {name}(deal):
    """{meaning}."""
    return deal.count()
'''
MODEL = """from dealml import Model, Shown, Won
from features import one

MODEL = Model(name="m", entity="deal_id", outcomes=(Won(),), horizons=(30,), main_horizon=30, features=(one,), shown=Shown())
"""


def project(folder: Path, name: str = "count_a", meaning: str = "Things counted") -> Path:
    (folder / "features").mkdir(parents=True)
    (folder / "models").mkdir()
    (folder / "features" / "one.py").write_text(FEATURE.format(name=name, meaning=meaning), encoding="utf-8")
    (folder / "models" / "m.py").write_text(MODEL, encoding="utf-8")
    return folder


def names(folder: Path) -> list[str]:
    return [feature.name for feature in load_model(folder, "m").all_features]


def test_each_project_has_its_own_definitions(tmp_path: Path) -> None:
    a, b = project(tmp_path / "a", "count_a"), project(tmp_path / "b", "count_b")
    assert [names(a), names(b), names(a)] == [["count_a"], ["count_b"], ["count_a"]]


def test_a_project_inside_another_has_its_own_too(tmp_path: Path) -> None:
    outer = project(tmp_path / "outer", "count_outer")
    inner = project(outer / "demo", "count_inner")
    assert [names(inner), names(outer), names(inner)] == [["count_inner"], ["count_outer"], ["count_inner"]]


def test_definitions_are_packages_with_a_file_of_their_own_or_without(tmp_path: Path) -> None:
    folder = project(tmp_path)
    (folder / "features" / "__init__.py").write_text("from features import one\n", encoding="utf-8")
    assert names(folder) == ["count_a"]


def test_a_package_that_cannot_be_imported_is_named_each_time(tmp_path: Path) -> None:
    folder = project(tmp_path)
    (folder / "features" / "__init__.py").write_text("1 / 0\n", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(InputError, match=r"features/__init__\.py:1: ZeroDivisionError"):
            load_model(folder, "m")


def test_loading_leaves_the_path_as_it_is_for_other_threads(tmp_path: Path) -> None:
    """An entry that went while a second thread looked along the path made it miss the next one, where packages are."""
    folder, before = project(tmp_path), list(sys.path)
    (folder / "models" / "__init__.py").write_text("import sys\n\nPATH = list(sys.path)\n", encoding="utf-8")
    load_model(folder, "m")
    assert sys.modules["models"].PATH == before == sys.path


def test_threads_that_load_from_two_projects_do_not_mix_them(tmp_path: Path) -> None:
    folders = [project(tmp_path / name, f"count_{name}") for name in "ab"] * 100
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(names, folders)) == [["count_a"], ["count_b"]] * 100


def test_models_are_files_that_do_not_begin_with_an_underscore(tmp_path: Path) -> None:
    folder = project(tmp_path)
    (folder / "models" / "__init__.py").touch()
    (folder / "models" / "_draft.py").touch()
    assert model_names(folder) == ["m"]
    with pytest.raises(UsageError, match="no model '_draft' .* there is m"):
        load_model(folder, "_draft")
    with pytest.raises(UsageError, match="there is none"):
        load_model(tmp_path / "nothing", "m")


def test_a_model_that_completes_another_is_not_asked_first(tmp_path: Path) -> None:
    folder = project(tmp_path)
    second = MODEL.replace('name="m"', 'name="a"').replace("shown=Shown()", 'shown=Shown(), completes="m"')
    (folder / "models" / "a.py").write_text(second, encoding="utf-8")
    assert model_names(folder) == ["a", "m"]
    assert leading_models(folder) == ["m"]
    assert completing_model(folder, "m") == "a"
    assert completing_model(folder, "a") is None


def test_a_model_that_completes_what_is_not_there_is_refused(tmp_path: Path) -> None:
    folder = project(tmp_path)
    text = MODEL.replace('name="m"', 'name="a"').replace("shown=Shown()", 'shown=Shown(), completes="gone"')
    (folder / "models" / "a.py").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="a.py: completes 'gone', which this project does not define"):
        load_model(folder, "a")


def test_the_models_that_ship(tmp_path: Path) -> None:
    assert leading_models(ROOT) == ["account_churn", "deal_win", "lead_conversion", "lead_win"]
    assert completing_model(ROOT, "deal_win") == "deal_loss"
    win, loss = load_model(ROOT, "deal_win"), load_model(ROOT, "deal_loss")
    assert (win.all_features, win.horizons, win.shown) == (loss.all_features, loss.horizons, loss.shown)


def test_a_feature_without_a_meaning_is_named_with_its_line(tmp_path: Path) -> None:
    folder = project(tmp_path)
    path = folder / "features" / "one.py"
    path.write_text(path.read_text(encoding="utf-8").replace('    """Things counted."""\n', ""), encoding="utf-8")
    with pytest.raises(InputError, match=r"features/one\.py:4: features: count_a needs a docstring"):
        load_model(folder, "m")


def test_a_digest_of_code_changes_with_it(tmp_path: Path) -> None:
    a, b, c = project(tmp_path / "a"), project(tmp_path / "b"), project(tmp_path / "c", meaning="Other things")
    (b / "features" / "notes.txt").write_text("no code", encoding="utf-8")
    digests = [code_digest(folder / "features", folder / "models") for folder in (a, b, c)]
    assert digests[0] == digests[1] != digests[2]


def test_a_scorecard_is_no_model(tmp_path: Path) -> None:
    folder = project(tmp_path)
    assert load_scorecard(folder, "deal_id") is None
    path = folder / "models" / "heuristic.py"
    path.write_text('from dealml import Points, Scorecard\n\nSCORECARD = Scorecard("s", (Points(5, "a", at_least=1),))\n', encoding="utf-8")
    assert model_names(folder) == ["m"]
    card = load_scorecard(folder, "deal_id")
    assert card is not None
    assert card.rules[0].points == 5
    with pytest.raises(UsageError, match="no model 'heuristic'"):
        load_model(folder, "heuristic")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("SCORECARD = 5\n", "heuristic.py: defines no SCORECARD"),
        ('from dealml import Points\n\nPoints(5, "a")\n', "heuristic.py:3: the rule on a needs either one_of"),
    ],
)
def test_a_scorecard_that_cannot_be_read_is_named(tmp_path: Path, text: str, told: str) -> None:
    folder = project(tmp_path)
    (folder / "models" / "heuristic.py").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=told):
        load_scorecard(folder, "deal_id")


@pytest.mark.parametrize(
    ("entity", "model", "wanted"),
    [
        ("deal_id", "deal_win", {"industry", "segment", "executive_depth", "demos", "emails", "meetings_30d", "source", "stage_place"}),
        ("lead_id", "lead_conversion", {"lead_industry", "lead_seniority", "lead_source", "lead_opens_30d", "lead_forms"}),
    ],
)
def test_the_scorecards_that_ship_have_rules_for_features_of_their_entity(entity: str, model: str, wanted: set[str]) -> None:
    card, features = load_scorecard(ROOT, entity), {feature.name for feature in load_model(ROOT, model).all_features}
    assert card is not None
    assert card.entity == entity
    assert wanted <= {rule.feature for rule in card.rules} <= features


def test_an_entity_without_points_has_no_scorecard() -> None:
    assert load_scorecard(ROOT, "account_id") is None


def test_tuned_settings_of_an_earlier_version_are_refused_with_their_new_names(tmp_path: Path) -> None:
    folder = project(tmp_path)
    (folder / "models" / "m.toml").write_text("[trees]\nmost_trees = 60\nseed = 7\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"m.toml: .*most_trees is num_boost_round\); run: dealml init --upgrade "):
        load_model(folder, "m")
