"""Which facts are new: neither in the ledger, nor repeated, nor an old value observed again."""

from __future__ import annotations

from datetime import datetime

import duckdb
import pyarrow as pa

from dealml.ledger.ledger import Ledger
from dealml.ledger.tables import CHANGES_OF, TABLES


def new_facts(incoming: dict[str, pa.Table], ledger: Ledger, earlier: dict[str, list[pa.Table]],
              extracted_at: datetime) -> dict[str, pa.Table]:
    """The facts that add something, each once, with the first row that told it.

    Parameters
    ----------
    incoming
        Facts of each table with their `row`.
    earlier
        Facts of the same batch that stand already.
    extracted_at
        When values without a clock of their own were seen.
    """
    return {name: _new(name, table, ledger, earlier.get(name, []), extracted_at) for name, table in incoming.items()}


def _new(name: str, incoming: pa.Table, ledger: Ledger, earlier: list[pa.Table], extracted_at: datetime) -> pa.Table:
    columns = ", ".join(f'"{column.name}"' for column in TABLES[name].columns)
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    con.register("incoming", incoming)
    con.register("earlier", pa.concat_tables([TABLES[name].schema.empty_table(), *earlier]))
    stored = "".join(f" UNION ALL SELECT {columns} FROM read_parquet('{path}')" for path in ledger.files(name))
    con.execute(f"CREATE TEMP VIEW held AS SELECT {columns} FROM earlier{stored}")
    fresh = con.sql(f"""
        SELECT {columns}, min("row") AS "row"
        FROM (SELECT {columns}, "row", false AS held FROM incoming UNION ALL SELECT {columns}, NULL, true FROM held)
        GROUP BY {columns} HAVING NOT bool_or(held)""")
    if name in CHANGES_OF.values():
        con.register("fresh", fresh.to_arrow_table())
        fresh = con.sql(_NOT_SEEN_AGAIN.format(entity=TABLES[name].own[0].name), params={"seen": extracted_at})
    return fresh.order('"row"').to_arrow_table().cast(incoming.schema)


# A current value that a later extract shows unchanged is no news; a value that differs from the last one is.
_NOT_SEEN_AGAIN = """
    WITH last AS (
        SELECT {entity}, field, max_by(struct_pack("text", "number", amount, moment), recorded_at) AS value
        FROM held WHERE recorded_at <= $seen GROUP BY ALL)
    SELECT fresh.* FROM fresh LEFT JOIN last USING ({entity}, field)
    WHERE NOT (recorded_at = $seen AND occurred_at = $seen AND last.value IS NOT NULL
               AND struct_pack("text", "number", amount, moment) IS NOT DISTINCT FROM last.value)"""
