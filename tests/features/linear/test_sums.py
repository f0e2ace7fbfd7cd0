"""Sums over the facts of an entity's snapshots, against a loop over places."""

import random
from typing import Any

import ibis.expr.datatypes as dt
import pyarrow as pa

from dealml.as_of.connection import connect, temporary
from dealml.features.linear.sums import KNOWN_FACTS, Column, cumulated, in_window
from tests.features.linear.drafts import Drafted

PLACES = 9
DISTINCT, DISTINCT_LATELY = Column("distinct", "v", "", "_known", dt.int64), Column("distinct", "v", "w", "_known", dt.int64, "_p")
LATEST, MOST_LATELY = Column("latest", "v", "w", "_known", dt.string), Column("max", "v", "w", "_known", dt.string, "_p")


def facts() -> list[dict[str, Any]]:
    chance = random.Random(3)
    rows: list[dict[str, Any]] = []
    for order in range(60):
        start = chance.randint(1, PLACES)
        until = chance.choice([None, *range(start, PLACES + 1)])
        more = {"_order": order, "v": chance.choice(["a", "b", "c", None]), "w": chance.random() < 0.7}
        rows.append({"_chain": order % 2, "_places": PLACES, "_known": start, "_p": until} | more)
    return chance.sample(rows, len(rows))


def test_columns_are_those_of_a_loop() -> None:
    con, rows = connect(), facts()
    draft = Drafted(con)
    table = temporary(con, "facts", pa.Table.from_pylist(rows))
    con.raw_sql(f"""CREATE TEMP TABLE places AS SELECT c AS account_id, now() AS as_of, now() AS known_by, c AS _chain, p AS _place,
        {PLACES} AS _places, true AS _is_linear FROM range(2) t(c), range(1, {PLACES + 1}) s(p)""")
    columns = {KNOWN_FACTS: "n", DISTINCT: "kinds", DISTINCT_LATELY: "kinds_lately", LATEST: "latest"}
    made = cumulated(draft, table, con.table("places"), "account_id", columns)
    lately = in_window(draft, table, {MOST_LATELY: "most_lately"})
    seen = con.to_pyarrow(made.left_join(lately, ["_chain", "_place"])).to_pylist()
    assert len(seen) == 2 * PLACES
    for row in seen:
        known = [f for f in rows if f["_chain"] == row["_chain"] and f["_known"] <= row["_place"]]
        still = [f for f in known if f["w"] and (f["_p"] is None or f["_p"] > row["_place"])]
        assert row["n"] == len(known)
        assert row["kinds"] == len({f["v"] for f in known} - {None})
        assert row["kinds_lately"] == len({f["v"] for f in still} - {None})
        assert row["latest"] == max(((f["_order"], f["v"]) for f in known if f["w"]), default=(0, None))[1]
        assert row["most_lately"] == max((str(f["v"]) for f in still if f["v"]), default=None)
