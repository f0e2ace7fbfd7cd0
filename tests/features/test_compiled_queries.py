"""Scripts: written once, whatever the moment."""

from __future__ import annotations

from datetime import datetime

from dealml.features.compiled_queries import compile_queries
from dealml.learning.view import View
from dealml.load_definitions import load_model
from tests.conftest import CUT, Company


def view(company: Company, before: datetime | None) -> View:
    return View.of(company.project.ledger, load_model(company.project.folder, "tiny"), before)


def test_a_later_moment_writes_nothing_anew(company: Company) -> None:
    early = view(company, CUT)
    early.at_stake()
    written = compile_queries.cache_info().misses
    early.history()
    late = view(company, None)
    assert late.at_stake()["as_of"].min() == late.end
    assert compile_queries.cache_info().misses == written


def test_tables_are_named_apart_by_company_and_batch(company: Company) -> None:
    at = view(company, CUT)
    script = compile_queries(at.plan.features, "deal_id", tuple((name, table.schema()) for name, table in at.tables.items()))
    assert all(name.startswith("company__record_") for name in script.company)
    assert all(name.startswith("batch__step_") for name in script.batch)
    assert all("batch__" not in query for query in script.company.values())
    assert CUT.date().isoformat() not in " ".join([*script.company.values(), *script.batch.values()])
