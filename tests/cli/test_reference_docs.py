"""The page of the command line is up to date, and names every verb, option and exit code."""

from __future__ import annotations

from dealml.cli.reference_docs import markdown
from tests.conftest import ROOT


def test_the_page_is_what_the_verbs_say() -> None:
    assert (ROOT / "docs" / "cli.md").read_text(encoding="utf-8") == markdown(), "run: make docs"


def test_the_page_names_every_verb_option_and_exit_code() -> None:
    page = markdown()
    for word in ("dealml init DIR", "dealml import SOURCE", "dealml score MODEL", "--contributions FILE", "--project DIR", "--json"):
        assert f"`{word}`" in page
    for code in range(7):
        assert f"\n| {code} | " in page
