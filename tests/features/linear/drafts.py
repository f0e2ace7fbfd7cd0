"""A draft whose queries are run at once."""

import ibis
import ibis.expr.types as ir
from ibis.backends.duckdb import Backend


class Drafted:
    """Makes a table of each query on a connection."""

    def __init__(self, con: Backend) -> None:
        self.con = con

    def add(self, table: ir.Table) -> ir.Table:
        """A table of an expression."""
        return self.add_sql(str(self.con.compile(table)), table.schema())

    def add_sql(self, query: str, schema: ibis.Schema) -> ir.Table:
        """A table of a query."""
        name = ibis.util.gen_name("drafted")
        self.con.raw_sql(f'CREATE TEMP TABLE "{name}" AS {query}')
        return self.con.table(name)
