"""Views of a cross-section: one snapshot of each entity, which knows everything but the outcome."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from dealml import Cancelled, Model, Shown, Silent, Won, per
from dealml.errors import InputError, ModelError
from dealml.importing.import_source import import_source
from dealml.learning.training_rows import labelled
from dealml.learning.view import View
from dealml.ledger.batches import Manifest, manifests, publish
from dealml.ledger.cross_section import END, HORIZON_DAYS, SNAPSHOT_AT
from dealml.ledger.ledger import Ledger
from dealml.ledger.schema import TABLES
from dealml.load_definitions import load_model
from dealml.project import Project
from tests.importing.company_fixtures import Company
from tests.ledger_fixtures import ledger_of as facts_of

HEAD = "dealml: 1\ncross_section: true\n"
DEALS = """
    extracts:
      - file: deals.csv
        into: deals
        columns: {deal_id: id}
        attributes: {size: {column: size, type: number}, stage: stage}
      - file: deals.csv
        into: outcomes
        where: {end: {empty: false}}
        columns: {deal_id: id, outcome: {column: end, values: {W: won, L: lost}}}
    """
ACCOUNTS = """
    extracts:
      - file: accounts.csv
        into: subscriptions
        columns: {account_id: id, event: {constant: start}, seats: seats}
      - file: accounts.csv
        into: subscriptions
        where: {left: {empty: false}}
        columns: {account_id: id, event: {column: left, values: {"yes": cancellation, "no": renewal}}}
    """


@per("deal_id", "deal_changes")
def size(change: Any) -> Any:
    """Size of the deal."""
    return change.latest(change.number, where=change.field == "size")


@per("deal_id", "deal_changes")
def stage(change: Any) -> Any:
    """Stage of the deal."""
    return change.latest(change.text, where=change.field == "stage")


@per("deal_id", "outcomes", empty=0)
def endings_known(outcome: Any) -> Any:
    """Endings on record."""
    return outcome.count()


@per("account_id", "subscriptions", empty=0)
def events_known(event: Any) -> Any:
    """Events of subscriptions on record."""
    return event.count()


def model(entity: Any, outcome: Any, *features: Any) -> Model:
    """A model of an outcome; its horizons mean nothing in a cross-section."""
    return Model("m", entity, (outcome,), (30, 90), 90, features, Shown())


DEAL_MODEL = model("deal_id", Won(), size, stage, endings_known)
ACCOUNT_MODEL = model("account_id", Cancelled(), events_known)


def deals(seed: int, count: int = 200) -> list[tuple[str, str, str, str]]:
    """Random deals: id, size, stage, how it ended."""
    chance = random.Random(seed)
    return [(f"d{n}", chance.choice(["", "1", "2"]), chance.choice(["", "a", "b"]), chance.choice(["W", "L", ""])) for n in range(count)]


def ledger_of(folder: Path, rows: list[tuple[str, ...]], header: str, mapping: str) -> Ledger:
    company = Company(folder)
    company.maps(mapping, HEAD)
    name = mapping.split("file: ")[1].split("\n")[0]
    company.has("\n".join([header, *(",".join(row) for row in rows)]) + "\n", name)
    company.imports()
    return company.ledger


@pytest.fixture(scope="module", params=[1, 2])
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[tuple[str, str, str, str]], View]:
    rows = deals(request.param)
    return rows, View.of(ledger_of(tmp_path_factory.mktemp("deals"), rows, "id,size,stage,end", DEALS), DEAL_MODEL)


Told = tuple[list[tuple[str, str, str, str]], View]


def test_each_settled_deal_is_one_row_with_its_label(told: Told) -> None:
    rows, view = told
    found = view.labelled(view.history())
    assert dict(zip(found.entities, found.label, strict=True)) == {d: float(end == "W") for d, _, _, end in rows if end}
    assert len(found) == sum(bool(end) for *_, end in rows)
    assert found.outcomes() == tuple(sum(end == e for *_, end in rows) for e in "WL")
    assert found.cross_section
    assert found.keep(found.label > 0).cross_section
    assert set(found.horizon) == {HORIZON_DAYS} == set(view.horizons)


def test_what_is_over_has_its_own_label_and_values(told: Told) -> None:
    rows, view = told
    over = view.settled()
    assert dict(zip(over["deal_id"], over["had"], strict=True)) == {d: float(end == "W") for d, _, _, end in rows if end}
    assert dict(zip(over["deal_id"], over["stage"].fillna(""), strict=True)) == {d: stage for d, _, stage, end in rows if end}


def test_the_rest_is_at_stake(told: Told) -> None:
    rows, view = told
    assert view.at_stake()["deal_id"].tolist() == sorted(d for d, _, _, end in rows if not end)


def test_a_snapshot_knows_everything_but_the_outcome(told: Told) -> None:
    rows, view = told
    table = pd.concat([view.history(), view.at_stake()])
    assert set(table["as_of"]) == set(table["known_by"]) == {pd.Timestamp(SNAPSHOT_AT)}
    assert (table["endings_known"] == 0).all()
    found = {r.deal_id: (None if pd.isna(r.size) else r.size, None if pd.isna(r.stage) else r.stage) for r in table.itertuples()}
    assert found == {d: (float(size) if size else None, stage or None) for d, size, stage, _ in rows}


def test_rows_that_agree_in_every_feature_have_one_code(told: Told) -> None:
    rows, view = told
    found = view.labelled(view.history())
    features = {d: (size, stage) for d, size, stage, _ in rows}
    kinds = [features[d] for d in found.entities]
    assert set(found.codes) == set(range(len(set(kinds))))
    assert len({(kind, code) for kind, code in zip(kinds, found.codes, strict=True)}) == len(set(kinds))
    some = found.keep(np.array([kind == kinds[-1] for kind in kinds]))
    assert set(some.codes) == {0}


def test_rows_of_dated_snapshots_have_the_codes_of_their_entities() -> None:
    frame = pd.DataFrame({"deal_id": ["b", "a"], "as_of": SNAPSHOT_AT, "event_at": [None, None], "size": 1.0})
    frame = frame.astype({"as_of": "datetime64[us, UTC]", "event_at": "datetime64[us, UTC]"})
    assert len(set(labelled(frame, "deal_id", [1], END).codes)) == 2
    assert len(set(labelled(frame, "deal_id", [1], END, cross_section=True).codes)) == 1


def test_an_account_left_or_stayed_or_it_is_not_told(tmp_path: Path) -> None:
    rows = [("a1", "3", "yes"), ("a2", "3", "no"), ("a3", "3", "")]
    view = View.of(ledger_of(tmp_path, rows, "id,seats,left", ACCOUNTS), ACCOUNT_MODEL)
    history, stake = view.history(), view.at_stake()
    found = view.labelled(history)
    assert dict(zip(found.entities, found.label, strict=True)) == {"a1": 1.0, "a2": 0.0}
    assert stake["account_id"].tolist() == ["a3"]
    assert set(history["events_known"]) | set(stake["events_known"]) == {1.0}


def test_a_cross_section_has_no_moments_to_choose_from(tmp_path: Path) -> None:
    ledger = ledger_of(tmp_path, deals(3, 5), "id,size,stage,end", DEALS)
    with pytest.raises(InputError, match="no dates; leave --as-of out"):
        View.of(ledger, DEAL_MODEL, datetime(2026, 1, 5, tzinfo=UTC))


def test_nobody_falls_silent_in_a_cross_section(tmp_path: Path) -> None:
    bought = "\n    extracts:\n      - {file: b.csv, into: purchases, columns: {account_id: id}}\n    "
    mapping, source = tmp_path / "m.yaml", tmp_path / "source"
    source.mkdir()
    (source / "b.csv").write_text("id\na1\n", encoding="utf-8")
    mapping.write_text(HEAD + bought.replace("\n    ", "\n"), encoding="utf-8")
    ledger = Ledger(tmp_path / "ledger")
    import_source(source, mapping, ledger)
    with pytest.raises(ModelError, match="cannot tell who is silent"):
        View.of(ledger, model("account_id", Silent(), events_known))


def at(day: int) -> dict[str, Any]:
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day)
    return {"occurred_at": moment, "recorded_at": moment}


OLD = {"deals": [{"deal_id": "d", **at(0)}], "outcomes": [{"deal_id": "d", "outcome": "won", **at(9)}]}


def test_the_digest_of_an_older_ledger_is_what_it_was(tmp_path: Path) -> None:
    survey = {"surveys": [{"account_id": "a", "survey": "nps", "score": 9.0, **at(3)}]}
    assert facts_of(tmp_path / "l", OLD | survey).digest == "d306483436ba83316a772337cd444793e823a10359b8c53d1773e22d74baae94"


@pytest.mark.parametrize("name", ["deal_win", "account_churn"])
def test_leads_costs_quotas_and_employees_change_no_feature(imported: Project, tmp_path: Path, name: str) -> None:
    older, spec = tmp_path / "older", load_model(imported.folder, name)
    older.mkdir()
    for batch, manifest in manifests(imported.ledger.folder):
        tables = {table: pq.read_table(batch / f"{table}.parquet") for table in manifest.files if table in TABLES}
        kept = {table: rows for table, rows in tables.items() if table not in ("leads", "costs", "quotas")}
        kept["surveys"] = kept["surveys"].filter(pc.is_valid(kept["surveys"]["account_id"]))
        assert len(kept) == len(tables) - 3
        assert kept["surveys"].num_rows < tables["surveys"].num_rows
        publish(older, Manifest(manifest.batch, manifest.source, manifest.counts), kept)
    moment = datetime(2025, 2, 3, tzinfo=UTC)
    then, now = (View.of(ledger, spec, moment).at_stake() for ledger in (Ledger(older), imported.ledger))
    pd.testing.assert_frame_equal(then, now)
