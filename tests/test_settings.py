from __future__ import annotations

from pathlib import Path

import pytest

from dealml.errors import InputError
from dealml.settings import SETTINGS_FILE, Settings, load_settings, settings_page, with_driver
from tests.conftest import ROOT


def settings_file(folder: Path, text: str) -> Path:
    (folder / SETTINGS_FILE).write_text(text, encoding="utf-8")
    return folder


def test_the_page_is_what_the_model_says() -> None:
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == settings_page(), "run: make docs"


def test_every_setting_is_described() -> None:
    for holder in Settings.model_fields.values():
        for name, field in type(holder.default).model_fields.items():
            assert field.description, name


def test_the_shipped_file_holds_every_setting_at_its_default() -> None:
    import tomllib

    content = tomllib.loads((ROOT / SETTINGS_FILE).read_text(encoding="utf-8"))
    assert content == Settings().model_dump()


def test_an_environment_variable_takes_precedence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings_file(tmp_path, '[company]\nname = "Łódź AG"\ncurrency = "PLN"\n')
    monkeypatch.setenv("DEALML_COMPANY__CURRENCY", "CZK")
    found = load_settings(tmp_path).company
    assert (found.name, found.currency) == ("Łódź AG", "CZK")


def test_an_empty_file_means_the_defaults(tmp_path: Path) -> None:
    assert load_settings(settings_file(tmp_path, "")) == Settings()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[machine]\nthreads = 0\n", r"dealml\.toml: machine\.threads"),
        ("[nonsense]\nx = 1\n", r"dealml\.toml: nonsense"),
        ("[machine]\nthreds = 2\n", r"dealml\.toml: machine\.threds"),
        ("[imports.largest_amount]\neuro = 5\n", r"dealml\.toml: imports\.largest_amount: .*euro = 5 is no currency"),
        ("[imports.largest_amount]\nEUR = -5\n", r"dealml\.toml: imports\.largest_amount: .*EUR = -5 is no currency"),
        ('[company]\ntime_zone = "Mars/Olympus"\n', r"dealml\.toml: company\.time_zone: no zone of this name; give one such as"),
        ("[company]\nfiscal_year_starts = 13\n", r"dealml\.toml: company\.fiscal_year_starts: "),
        ("[machine\n", r"dealml\.toml: not valid TOML"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        load_settings(settings_file(tmp_path, text))


def test_a_folder_without_settings_is_no_project(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="make a project with: dealml init"):
        load_settings(tmp_path)


def test_postgresql_is_reached_by_the_driver_that_is_installed() -> None:
    assert with_driver("postgresql://u@h/d") == "postgresql+psycopg://u@h/d"
    assert with_driver("postgresql+asyncpg://u@h/d") == "postgresql+asyncpg://u@h/d"
    assert with_driver("sqlite:///x.db") == "sqlite:///x.db"
