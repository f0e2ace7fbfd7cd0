"""The facts of an extract that are news, by the kind of their table and by the clocks that the extract has."""

from __future__ import annotations

from dealml.importing.identity.changed_records import new_records
from dealml.importing.identity.contradictions import holds_records, is_current_state
from dealml.importing.identity.corrected_outcomes import corrects, new_outcomes
from dealml.importing.identity.events.corrected_events import may_correct
from dealml.importing.identity.events.repeated_events import new_events, on_record
from dealml.importing.identity.lives.merged_ids import without_merged, without_relisted
from dealml.importing.identity.lives.record_events import new_record_events
from dealml.importing.identity.overwritten_facts import corrected_facts, one_at_a_time, returning_facts
from dealml.importing.identity.sql import columns_of, listed
from dealml.importing.identity.values.changed_values import new_current_values
from dealml.importing.identity.values.value_sets import new_current_sets, new_sets_of_history, sets_of
from dealml.importing.identity.workspace import Workspace
from dealml.importing.mapping.extract import CHANGE_TABLES, Extract
from dealml.ledger.schema import CHANGES_OF
from dealml.ledger.sql import literal


def new_facts(work: Workspace, name: str, incoming: str, extract: Extract) -> str:
    """The query of the facts, each with its `row`, that an extract adds to a table.

    Parameters
    ----------
    incoming
        The extract's facts of that table, as a table in SQL.
    """
    news = _not_on_record(work, name, incoming, extract)
    columns = listed([*columns_of(name), "row"])
    returning = _returning(work, name, incoming, extract)
    return f"SELECT {columns} FROM ({news}) UNION ALL SELECT {columns} FROM ({returning})" if returning else news


def _not_on_record(work: Workspace, name: str, incoming: str, extract: Extract) -> str:
    columns = listed(columns_of(name))
    stored = on_record(work, name, columns_of(name)) if may_correct(name, extract) else work.stored(name)
    fresh = _FRESH.format(columns=columns, incoming=incoming, stored=stored)
    if name in CHANGE_TABLES and extract.into in CHANGES_OF:
        return _new_changes(work, name, incoming, _with_returning(work, name, incoming, extract, fresh), extract)
    if work.mapping.cross_section:
        return fresh
    if name == "record_events":
        return new_record_events(work, incoming, fresh, extract)
    if name == extract.into and holds_records(work, extract):
        return new_records(work, name, fresh, incoming, extract)
    if name == "outcomes" and is_current_state(work, extract.file) and corrects(work, extract, incoming):
        return new_outcomes(work, incoming)
    if "recorded_at" not in extract.columns and extract.keep == "all":
        return new_events(work, name, incoming, extract)
    if name in CHANGE_TABLES:
        return _new_changes(work, name, incoming, fresh, extract)
    return corrected_facts(work, name, fresh) if one_at_a_time(name) else without_relisted(work, name, fresh, stored)


def _returning(work: Workspace, name: str, incoming: str, extract: Extract) -> str | None:
    """The query of facts that were written over and that the extract shows again; None where there are none.

    Today's values, and outcomes of a file that holds today's deals, are compared with the last ones as it is.
    """
    is_current = extract.into in CHANGES_OF or (name == "outcomes" and is_current_state(work, extract.file))
    if is_current or extract.keep != "all" or work.mapping.cross_section:
        return None
    sets = sets_of(work, extract) if name in CHANGE_TABLES else None
    singles = f"(SELECT * FROM {incoming} WHERE NOT ({sets}))" if sets else incoming
    return returning_facts(work, name, singles, has_both_clocks="recorded_at" in extract.columns)


def _new_changes(work: Workspace, name: str, incoming: str, fresh: str, extract: Extract) -> str:
    """The query of changes that are news, in sets where an attribute may have several values at once."""
    is_current = extract.into in CHANGES_OF
    single, several = (new_current_values, new_current_sets) if is_current else (corrected_facts, new_sets_of_history)
    fresh = without_merged(work, name, fresh) if is_current else fresh
    sets = sets_of(work, extract)
    if not sets:
        return single(work, name, fresh)
    columns = listed([*columns_of(name), "row"])
    singles = single(work, name, f"SELECT * FROM ({fresh}) WHERE NOT ({sets})")
    whole = several(work, name, f"(SELECT * FROM {incoming} WHERE {sets})", f"SELECT * FROM ({fresh}) WHERE {sets}")
    return f"SELECT {columns} FROM ({singles}) UNION ALL SELECT {columns} FROM ({whole})"


def _with_returning(work: Workspace, name: str, incoming: str, extract: Extract, fresh: str) -> str:
    """The facts that are not on record, and those on record that may have been true again since another value was seen.

    Only of attributes that no other extract feeds: a history may have changed the value since, and rightly.
    """
    fields = [field for field, attribute in extract.attributes.items() if attribute.known and _feeds_alone(work, name, extract, field)]
    if not fields or not work.ledger.files(name):
        return fresh
    columns, wanted = listed(columns_of(name)), ", ".join(map(literal, fields))
    others = f"(SELECT * FROM {incoming} WHERE field NOT IN ({wanted}))"
    return f"""
        {_FRESH.format(columns=columns, incoming=others, stored=work.stored(name))}
        UNION ALL SELECT {columns}, min("row") AS "row" FROM {incoming} WHERE field IN ({wanted}) GROUP BY {columns}"""


def _feeds_alone(work: Workspace, name: str, extract: Extract, field: str) -> bool:
    others = [e for e in work.mapping.extracts if e != extract and CHANGES_OF.get(e.into, e.into) == name]
    return not any(field in e.attributes or (e.into == name and not e.melts and _may_name(e, field)) for e in others)


def _may_name(extract: Extract, field: str) -> bool:
    return extract.columns["field"].constant in (None, field)


# Each fact once, with the first row that has it, unless it is stored already.
_FRESH = """
    SELECT {columns}, min("row") AS "row"
    FROM (SELECT {columns}, "row", false AS is_held FROM {incoming} UNION ALL SELECT {columns}, NULL, true FROM {stored})
    GROUP BY {columns} HAVING NOT bool_or(is_held)"""
