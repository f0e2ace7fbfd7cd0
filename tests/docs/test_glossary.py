"""The glossary: sorted, each term once, in plain words, and every module that it names is there."""

import re

from scripts.house import ROOT, STOP_PHRASES

ROWS = re.findall(r"^\| ([^|]+) \| ([^|]+) \| `([^`|]+)` \|$", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"), re.M)
TERMS = [term for term, _, _ in ROWS]


def test_terms_are_sorted_and_stand_once() -> None:
    assert len(TERMS) >= 60
    assert sorted(set(TERMS)) == TERMS


def test_every_line_of_the_table_is_read() -> None:
    lines = [line for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    assert len(lines) == len(ROWS) + 2


def test_modules_are_there() -> None:
    assert [path for _, _, path in ROWS if not (ROOT / "src" / "dealml" / path).is_file()] == []


def test_meanings_are_plain_and_short() -> None:
    assert [term for term, meaning, _ in ROWS if STOP_PHRASES.search(meaning) or len(meaning) > 160 or not meaning.endswith(".")] == []
