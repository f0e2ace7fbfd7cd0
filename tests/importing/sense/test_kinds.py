"""Every kind has a setting of its name, with the same default, and says what it means."""

from pathlib import Path

import pytest

from dealml.errors import InputError
from dealml.importing.notes import MEANINGS
from dealml.importing.sense.kinds import DEFAULTS
from dealml.settings import Imports, load_settings


def test_every_kind_is_a_setting() -> None:
    assert {kind: getattr(Imports(), kind) for kind in DEFAULTS} == DEFAULTS


def test_every_kind_that_can_be_counted_says_what_it_means() -> None:
    assert DEFAULTS.keys() - MEANINGS.keys() == {"after_extract"}


@pytest.mark.parametrize("kind", sorted(DEFAULTS))
def test_another_action_is_refused_by_the_setting_s_name(tmp_path: Path, kind: str) -> None:
    (tmp_path / "dealml.toml").write_text(f'[imports]\n{kind} = "ignore"\n', encoding="utf-8")
    with pytest.raises(InputError, match=rf"dealml\.toml: imports\.{kind}: Input should be "):
        load_settings(tmp_path)
