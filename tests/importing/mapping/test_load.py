"""Every mistake in a mapping is said in one line with its line and key."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from dealml.errors import InputError
from dealml.importing.facts import used_columns
from dealml.importing.mapping.load import load_mapping

GOOD = """\
dealml: 1
time_zone: Europe/Warsaw
extracts:
  - file: a.csv
    into: deals
    columns:
      deal_id: id
      occurred_at: created
    attributes:
      industry: {column: industry, known: created}
  - file: b.csv
    into: offers
    columns: {deal_id: id, event: {constant: sent}, occurred_at: at, price: {column: unit, times: pieces}}
"""
ROOT = Path(__file__).parents[3]


def mistake(tmp_path: Path, text: str) -> str:
    """What is said of a mapping, without its path."""
    path = tmp_path / "m.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_mapping(path)
    said = str(caught.value)
    assert "\n" not in said
    assert said.startswith(f"{path}:")
    return said.removeprefix(f"{path}:")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("time_zone: Europe/Warsaw", "time_zone: Europe/Atlantis", "2: time_zone: no such time zone: 'Europe/Atlantis'"),
        ("time_zone: Europe/Warsaw", "timezone: UTC", "2: timezone: no such key"),
        ("dealml: 1", "dealml: 2", "1: dealml: Input should be 1"),
        ("    into: deals", "    into: dealz", "5: extracts.0.into: no such fact table; there are deals, deal_changes"),
        ("      deal_id: id", "      deal: id", "4: extracts.0: deals has no column 'deal'; it has deal_id, account_id"),
        ("      occurred_at: created\n", "", "4: extracts.0: deals needs the column 'occurred_at'"),
        (
            "{column: industry, known: created}",
            "{column: industry, known: sometimes}",
            "10: extracts.0.attributes.industry.known: Input should be",
        ),
        ("{column: industry, known: created}", "{column: industry, kind: text}", "10: extracts.0.attributes.industry.kind: no such key"),
        (
            "{column: industry, known: created}",
            "{column: industry, constant: x}",
            "10: extracts.0.attributes.industry: give either 'column' or 'constant'",
        ),
        (
            "{column: industry, known: created}",
            "{known: created}",
            "10: extracts.0.attributes.industry: give either 'column' or 'constant'",
        ),
        (
            "{column: industry, known: created}",
            "{column: industry, extract: '('}",
            "10: extracts.0.attributes.industry.extract: not a regular expression",
        ),
        (
            "{column: industry, known: created}",
            "{column: industry, extract: 'a+'}",
            "10: extracts.0.attributes.industry.extract: needs exactly one group",
        ),
        ("{column: industry, known: created}", "{column: industry, times: n}", "4: extracts.0: 'times' makes amounts; industry is none"),
        ("  - file: b.csv", "  - file: b.csv\n    keep: first", "11: extracts.1: 'keep: first' goes with deals, accounts and contacts"),
        ("    into: deals", "    into: deals\n    keep: first", "4: extracts.0: 'keep: first' goes with deals, accounts and contacts"),
        ("    into: offers", "    into: offers\n    attributes: {a: b}", "11: extracts.1: 'attributes' go with deals, accounts, leads"),
        ("    into: offers", "    into: offers\n    where: {x: {begins: a}}", "13: extracts.1.where.x.begins: no such key"),
        ("dealml: 1", "dealml: 1\ncsv: {delimiter: ';;'}", "2: csv.delimiter: String should have at most 1 character"),
        ("dealml: 1", "dealml: 1\nextracted_at: yesterday", "2: extracted_at: Input should be a valid datetime"),
        ("dealml: 1", "dealml: [1", "2: not valid YAML"),
    ],
)
def test_a_mistake_names_line_and_key(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    assert mistake(tmp_path, GOOD.replace(old, new, 1)).startswith(said)


@pytest.mark.parametrize("text", ["", "just words", "- a\n- b\n", "dealml: 1\nextracts: []\n", "dealml: 1\n", "a: &a [*a]\n"])
def test_what_is_no_mapping_at_all(tmp_path: Path, text: str) -> None:
    mistake(tmp_path, text)


def test_a_day_that_does_not_exist(tmp_path: Path) -> None:
    assert (
        mistake(tmp_path, GOOD.replace("time_zone", "extracted_at: 2026-02-29\ntime_zone"))
        == "2: no such date (day is out of range for month)"
    )


def test_a_history_row_cannot_be_known_since(tmp_path: Path) -> None:
    history = GOOD.replace("into: deals", "into: deal_changes")
    assert mistake(tmp_path, history).startswith("4: extracts.0: 'known' goes with deals, accounts and leads only")


UNDATED = """\
dealml: 1
cross_section: true
extracts:
  - file: a.csv
    into: deals
    columns:
      deal_id: {row: content}
    attributes:
      industry: {column: industry, known: never}
  - file: a.csv
    into: outcomes
    columns: {deal_id: {row: content}, outcome: end}
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("true\n", "true\nextracted_at: 2026-01-05\n", "3: extracted_at: a cross-section has no dates; leave it out"),
        (
            "deal_id: {row: content}\n",
            "deal_id: id\n      occurred_at: at\n",
            "8: extracts.0.columns.occurred_at: a cross-section has no dates; leave it out",
        ),
        ("outcome: end}", "outcome: end, recorded_at: at}", "12: extracts.1.columns.recorded_at: a cross-section has no dates"),
        ("known: never", "known: created", "9: extracts.0.attributes.industry.known: in a cross-section a value is known or it is 'never'"),
        ("known: never", "known: {column: at}", "9: extracts.0.attributes.industry.known: in a cross-section a value is known or"),
        ("cross_section: true", "cross_section: perhaps", "2: cross_section: Input should be a valid boolean"),
        ("cross_section: true\n", "", "3: extracts.0: deals needs the column 'occurred_at'"),
        ("{row: content}\n", "{row: number}\n", "7: extracts.0.columns.deal_id.row: Input should be 'content'"),
        ("{row: content}\n", "{row: content, column: id}\n", "7: extracts.0.columns.deal_id: give either 'column' or 'constant'"),
        ("outcome: end}", "outcome: {row: content}}", "10: extracts.1: 'row' makes ids; outcome is none"),
        ("{column: industry, known: never}", "{row: content}", "4: extracts.0: 'row' makes ids; industry is none"),
    ],
)
def test_a_mistake_in_a_cross_section_names_line_and_key(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in UNDATED
    assert mistake(tmp_path, UNDATED.replace(old, new, 1)).startswith(said)


def test_a_good_cross_section_loads(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(UNDATED, encoding="utf-8")
    assert load_mapping(path).cross_section
    assert used_columns(load_mapping(path).extracts[0]) == ["industry"]


def test_a_mapping_that_is_not_there_or_not_text(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot read the mapping"):
        load_mapping(tmp_path / "none.yaml")
    (tmp_path / "m.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match="cannot read the mapping"):
        load_mapping(tmp_path / "m.yaml")


def test_a_good_mapping_loads(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(GOOD, encoding="utf-8")
    mapping = load_mapping(path)
    assert used_columns(mapping.extracts[0]) == ["id", "created", "industry"]
    assert used_columns(mapping.extracts[1]) == ["id", "at", "unit", "pieces"]


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ("2026-01-05", datetime(2026, 1, 4, 23, tzinfo=UTC)),
        ("2026-01-05T12:00:00", datetime(2026, 1, 5, 11, tzinfo=UTC)),
        ("2026-01-05T12:00:00Z", datetime(2026, 1, 5, 12, tzinfo=UTC)),
    ],
)
def test_the_time_of_the_extract_is_local(tmp_path: Path, given: str, at: datetime) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(GOOD + f"extracted_at: {given}\n", encoding="utf-8")
    assert load_mapping(path).extract_time("UTC") == at


@pytest.mark.parametrize("path", sorted((ROOT / "examples").glob("*/mapping.yaml")), ids=lambda path: path.parent.name)
def test_every_example_loads(path: Path) -> None:
    assert load_mapping(path).extracts


def test_the_guide_s_example_loads(tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "mapping.md").read_text(encoding="utf-8")
    path = tmp_path / "m.yaml"
    path.write_text(guide.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    assert yaml.safe_load(path.read_text(encoding="utf-8"))
    assert len(load_mapping(path).extracts) == 3


def test_the_guide_s_cross_section_loads(tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "mapping.md").read_text(encoding="utf-8")
    path = tmp_path / "m.yaml"
    path.write_text(guide.split("## Cross-sections")[1].split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    assert load_mapping(path).cross_section


def test_a_mapping_is_read_in_the_composed_form_of_unicode(tmp_path: Path) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(GOOD.replace("{column: industry,", "{column: Bran\u0301a,"), encoding="utf-8")
    assert load_mapping(path).extracts[0].attributes["industry"].column == "Bra\u0144a"


def test_yes_and_no_are_texts_and_true_and_false_are_not(tmp_path: Path) -> None:
    text = GOOD.replace("deal_id: id\n", "deal_id: No\n").replace(
        "into: deals\n", "into: deals\n    full: true\n    where: {Won: [Yes, On]}\n"
    )
    path = tmp_path / "m.yaml"
    path.write_text(text, encoding="utf-8")
    deals = load_mapping(path).extracts[0]
    assert (deals.columns["deal_id"].column, deals.where["Won"].any_of, deals.full) == ("No", ("Yes", "On"), True)
