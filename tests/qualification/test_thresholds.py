"""Thresholds come from one file, and each mistake in it is named by its key."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dealml import InputError
from dealml.qualification.thresholds import KindThresholds, Pursue, Thresholds, load_thresholds, write_thresholds

TESTS = ("sponsor", "fit")


def loaded(folder: Path, text: str) -> Thresholds:
    (folder / "models").mkdir()
    (folder / "models" / "choosing.toml").write_text(text, encoding="utf-8")
    return load_thresholds(folder, TESTS)


def test_without_a_file_there_are_defaults(tmp_path: Path) -> None:
    assert load_thresholds(tmp_path, TESTS) == Thresholds()


def test_a_file_changes_what_it_names(tmp_path: Path) -> None:
    thresholds = loaded(tmp_path, "[needed]\nfit = 2\n[deals.pursue]\nwin_rate = 1.2\n[[history]]\nat = '2026-01-05'\nby = 'Ana'\n")
    assert thresholds.needed == {"fit": 2}
    assert (thresholds.deals.pursue.win_rate, thresholds.deals.pursue.most_failed) == (1.2, 1)
    assert thresholds.history == ({"at": "2026-01-05", "by": "Ana"},)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[needed]\npain = 1", "choosing.toml: needed.pain: no test of that name; there is sponsor, fit"),
        ("[needed]\nfit = 0", "choosing.toml: needed.fit=0 is not between 1 and 20"),
        ("[deals.pursue]\nwin_rate = 20", "choosing.toml: deals.pursue.win_rate=20 is not between 0 and 10"),
        ("[deals.pursue]\nmost_failed = 1.5", "choosing.toml: deals.pursue.most_failed=1.5 is no whole number"),
        ("[deals.pursue]\nwin_rate = '1'", "choosing.toml: deals.pursue.win_rate='1' is no number"),
        ("[leads.decline]\nwin_rate = 2", "choosing.toml: leads.decline.win_rate=2 lies above leads.pursue.win_rate=1"),
        ("[deals.nurture]\nwin_rate = 1", "choosing.toml: deals.nurture: no such threshold; there is pursue, decline"),
        ("[deals.pursue]\nwinrate = 1", "choosing.toml: deals.pursue.winrate: no such threshold"),
        ("deals = 3", "choosing.toml: deals: must be a table"),
        ("[[history]]\nwhen = 'x'", "choosing.toml: history: must be tables"),
        ("[deals", "choosing.toml: "),
    ],
)
def test_a_mistake_is_one_line_with_file_and_key(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError) as refused:
        loaded(tmp_path, text)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_what_is_written_is_read_again_with_who_changed_it(tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    change = {"at": "2026-01-05T00:00:00+00:00", "by": 'Zoë "Z"', "why": "proposed from the past", "change": "deals"}
    thresholds = replace(Thresholds(), needed={"fit": 2}, deals=KindThresholds(Pursue(1.3, 0, 4)), history=(change,))
    path = write_thresholds(tmp_path, thresholds)
    assert path == tmp_path / "models" / "choosing.toml"
    assert load_thresholds(tmp_path, TESTS) == thresholds
