from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dealml.errors import InputError, UsageError
from dealml.scoring.export import MOST_FLATTENED, write_table
from dealml.scoring.score import CONTRIBUTIONS, SCORES
from tests.scoring.score_fixtures import MONDAY, reason, scores


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def texts(*values: str) -> pa.Table:
    """Scores whose reasons hold these texts."""
    rows = scores("D1").slice(0, 1).to_pylist()
    return pa.Table.from_pylist([rows[0] | {"entity_id": text, "reasons": [reason(value=text)]} for text in values], schema=SCORES)


def test_parquet_keeps_the_schema_and_every_value(tmp_path: Path) -> None:
    given = scores("D1", "D2")
    assert write_table(tmp_path / "out.parquet", SCORES, [given.slice(0, 1), given.slice(1)]) == 4
    back = pq.read_table(tmp_path / "out.parquet")
    assert back.schema.equals(SCORES)
    assert back.to_pylist() == given.to_pylist()


def test_the_same_scores_give_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.parquet", "b.parquet", "a.csv", "b.csv"):
        write_table(tmp_path / name, SCORES, [scores("D1", "D2")])
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_csv_has_reasons_as_numbered_columns(tmp_path: Path) -> None:
    write_table(tmp_path / "out.csv", SCORES, [scores("D1", reasons=3), scores("D2", reasons=0)])
    rows = read(tmp_path / "out.csv")
    assert list(rows[0])[:4] == ["score_id", "entity_id", "as_of", "horizon_days"]
    assert list(rows[0])[13:18] == ["reason_1_feature", "reason_1_value", "reason_1_log_odds", "reason_1_points", "reason_1_sentence"]
    assert f"reason_{MOST_FLATTENED}_sentence" in rows[0]
    assert (rows[0]["reason_3_feature"], rows[0]["reason_4_feature"]) == ("stage", "")
    assert rows[2]["reason_1_feature"] == ""
    assert float(rows[0]["probability"]) == scores("D1")["probability"][0].as_py()


@pytest.mark.parametrize(
    "dangerous", ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=", "-", "- new deal", "+48 22 123"]
)
def test_a_text_that_a_spreadsheet_would_run_is_led_by_an_apostrophe(tmp_path: Path, dangerous: str) -> None:
    write_table(tmp_path / "out.csv", SCORES, [texts(dangerous)])
    row = read(tmp_path / "out.csv")[0]
    assert row["entity_id"] == row["reason_1_value"] == f"'{dangerous}"


@pytest.mark.parametrize("plain", ["Proposal", "-3", "-0.25", "+4", "-1.5e-07", "a=b", "żółć", 'say "hi", twice', "two\nlines", "0012", ""])
def test_other_texts_and_negative_numbers_stay_as_they_are(tmp_path: Path, plain: str) -> None:
    write_table(tmp_path / "out.csv", SCORES, [texts(plain)])
    assert read(tmp_path / "out.csv")[0]["reason_1_value"] == plain


def test_numbers_stay_numbers(tmp_path: Path) -> None:
    table = pa.Table.from_pylist(
        [{"entity_id": "D1", "as_of": MONDAY, "horizon_days": 30, "feature": "f", "value": "-3", "log_odds": -0.5, "points": -0.1}],
        schema=CONTRIBUTIONS,
    )
    write_table(tmp_path / "out.csv", CONTRIBUTIONS, [table])
    assert read(tmp_path / "out.csv")[0]["log_odds"] == "-0.5"


def test_texts_of_a_feature_table_are_made_harmless_too(tmp_path: Path) -> None:
    table = pa.Table.from_pandas(
        pd.DataFrame({"deal_name": pd.array(["=1+1", "x"], dtype="str"), "age": [-1.5, 2.0]}), preserve_index=False
    )
    write_table(tmp_path / "out.csv", table.schema, [table])
    assert [row["deal_name"] for row in read(tmp_path / "out.csv")] == ["'=1+1", "x"]


@pytest.mark.parametrize("name", ["out.parquet", "out.csv"])
def test_no_rows_make_a_valid_file_with_the_columns(tmp_path: Path, name: str) -> None:
    assert write_table(tmp_path / name, SCORES, [SCORES.empty_table()]) == 0
    if name.endswith("csv"):
        assert (tmp_path / name).read_text(encoding="utf-8").startswith('"score_id","entity_id","as_of"')
        assert read(tmp_path / name) == []
    else:
        assert pq.read_table(tmp_path / name).schema.equals(SCORES)


@pytest.mark.parametrize("name", ["out.parquet", "out.csv"])
def test_a_failure_in_the_middle_leaves_the_old_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("old", encoding="utf-8")

    def batches() -> Iterator[pa.Table]:
        yield scores("D1")
        raise RuntimeError("power cut")

    with pytest.raises(RuntimeError):
        write_table(tmp_path / name, SCORES, batches())
    assert (tmp_path / name).read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_name_without_a_known_ending_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.parquet or \.csv"):
        write_table(tmp_path / "out.xlsx", SCORES, [scores("D1")])
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder; make it first"):
        write_table(tmp_path / "no" / "out.csv", SCORES, [scores("D1")])


def test_a_folder_in_the_files_place_is_told(tmp_path: Path) -> None:
    (tmp_path / "out.csv").mkdir()
    with pytest.raises(InputError, match="is a folder; name a file"):
        write_table(tmp_path / "out.csv", SCORES, [scores("D1")])
