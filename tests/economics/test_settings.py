"""What people declare is read strictly: a wrong key or value is one line with file and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from dealml.economics.settings import EconomicsSettings, load_economics
from dealml.errors import InputError
from tests.conftest import ROOT


def written(folder: Path, text: str) -> Path:
    (folder / "models").mkdir(exist_ok=True)
    (folder / "models" / "economics.toml").write_text(text, encoding="utf-8")
    return folder


def test_the_file_that_new_projects_get_is_read() -> None:
    settings = load_economics(ROOT)
    assert set(settings.cost_per_hour) == {"seller", "sales_engineer", "legal", "executive"}
    assert settings.declared.model_dump() == dict.fromkeys(settings.declared.model_dump())


def test_without_the_file_the_defaults_count(tmp_path: Path) -> None:
    assert load_economics(tmp_path) == EconomicsSettings()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("horizon_months = -3", "horizon_months: Input should be greater than 0"),
        ("horizon = 3", "horizon: Extra inputs are not permitted"),
        ("[declared]\nyearly_churn = 1.5", "declared.yearly_churn: Input should be less than 1"),
        ("[look_alikes]\nleast_cases = 0", "look_alikes.least_cases: Input should be greater than or equal to 1"),
        ("[cost_per_hour]\nseller = -1", "cost_per_hour.seller: -1 is no cost of an hour; give 0 or more"),
        ("[cost_per_hour]\nseller = 'much'", "cost_per_hour.seller: Input should be a valid number"),
        ("[cost_per_hour\n", "not valid TOML"),
    ],
)
def test_a_wrong_setting_is_one_line_with_file_and_key(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=f"models/economics.toml: {message}".replace("(", r"\(")) as error:
        load_economics(written(tmp_path, text))
    assert "\n" not in str(error.value)
