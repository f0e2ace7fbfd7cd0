from __future__ import annotations

from pathlib import Path

import pytest

from dealml.errors import InputError, UsageError
from dealml.loading import code_digest, load_model, model_names

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


def test_models_are_files_that_do_not_begin_with_an_underscore(tmp_path: Path) -> None:
    folder = project(tmp_path)
    (folder / "models" / "__init__.py").touch()
    (folder / "models" / "_draft.py").touch()
    assert model_names(folder) == ["m"]
    with pytest.raises(UsageError, match="no model '_draft' .* there is m"):
        load_model(folder, "_draft")
    with pytest.raises(UsageError, match="there is none"):
        load_model(tmp_path / "nothing", "m")


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
