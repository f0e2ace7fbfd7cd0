"""The architecture page names modules and boxes that exist."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
LIFE = PAGE.split("## The life of a row\n")[1].split("\n## ")[0]
MODULES = sorted(set(re.findall(r"`(dealml\.[\w.]+)`", LIFE)))
SVG = "{http://www.w3.org/2000/svg}"


def test_every_step_names_its_module() -> None:
    rows = [line for line in LIFE.splitlines() if line.startswith("|")][2:]
    assert len(rows) >= 10
    assert [row for row in rows if "`dealml." not in row] == []


@pytest.mark.parametrize("name", MODULES)
def test_a_named_module_exists(name: str) -> None:
    assert find_spec(name) is not None


def test_the_boxes_of_the_picture_are_packages_or_folders() -> None:
    picture = ElementTree.parse(ROOT / "docs" / "architecture.svg").getroot()
    titles = [text.text or "" for text in picture.iter(f"{SVG}text") if text.get("class") == "t"]
    assert len(titles) == 13
    names = [name for title in titles if title != "export + mapping" for name in title.split(" · ")]
    for name in names:
        package = ROOT / "src" / "dealml" / name
        assert (ROOT / name).is_dir() if name.endswith("/") else package.is_dir() or Path(f"{package}.py").is_file(), name
