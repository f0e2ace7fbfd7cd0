"""What the rows of a file say about the state of their deals, where only the outcomes of the file tell it.

Two rows of one deal, one of them won and the other open, have the same facts about the deal itself, and only one has an outcome.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pyarrow as pa

from dealml.importing.identity.contradictions import is_current_state
from dealml.importing.identity.workspace import Workspace
from dealml.importing.mapping.extract import Extract
from dealml.importing.parse import cells
from dealml.importing.read import BROKEN, LINE
from dealml.importing.selection import rows_where, selected_rows
from dealml.importing.source_rows import SourceRows

ROW_STATES = pa.schema([("record", pa.string()), ("row", pa.int64()), ("state", pa.string())])
"""`state`: the text that becomes the outcome; empty where the row has none."""


def outcomes_of_deals(work: Workspace, extract: Extract) -> Extract | None:
    """The extract that reads outcomes from a file of deals, where nothing says which of two rows of a deal is the later.

    None for an extract that is neither of the two.
    """
    fed = [e for e in work.mapping.extracts if e.file == extract.file and e.into in ("deals", "outcomes")]
    if extract not in fed or not is_current_state(work, extract.file) or work.mapping.cross_section or any(e.latest for e in fed):
        return None
    outcomes, deals = ([e for e in fed if e.into == into] for into in ("outcomes", "deals"))
    if len(outcomes) != 1 or (extract.into == "deals" and _compares_states(deals, outcomes[0])):
        return None
    return outcomes[0]


def _compares_states(deals: Sequence[Extract], outcomes: Extract) -> bool:
    """Whether what tells the outcome is among the attributes of the deals, of which rows are compared anyway."""
    attributes = {attribute.column for extract in deals for attribute in extract.attributes.values()}
    return {*outcomes.where, outcomes.columns["outcome"].column} - {None} <= attributes


def row_states(work: Workspace, chunk: pd.DataFrame, outcomes: Extract) -> pa.Table:
    """The state that each row of a chunk gives its deal, in the form of `ROW_STATES`; rows that are not taken as deals say nothing."""
    deals = next(e for e in work.mapping.extracts if e.file == outcomes.file and e.into == "deals" and e.keep == "all")
    rows = chunk[selected_rows(chunk, deals, work.mapping) & chunk[BROKEN].isna()]
    origin = outcomes.columns["outcome"]
    texts = cells(rows, origin, work.mapping) if origin.column else pd.Series(origin.constant, index=rows.index, dtype="str")
    closed = rows_where(rows, outcomes.where.items(), work.mapping)
    record = SourceRows(rows, outcomes, work.mapping).parse_id(outcomes.columns["deal_id"], required=False)
    columns = {"record": record, "row": rows[LINE], "state": texts.where(closed, "").fillna("")}
    return pa.Table.from_pandas(pd.DataFrame(columns), ROW_STATES, preserve_index=False)
