"""Aggregation by intervals: the features of one kind of facts, in time that grows with facts and snapshots."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property, partial

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.types as ir

from dealml.as_of.corrected_events import SUPERSEDED
from dealml.features.aggregate import aggregate, left_joined, value_of
from dealml.features.calendar import days_between
from dealml.features.definition import Feature
from dealml.features.linear.cutoffs import Cutoff, depends_on_snapshot, is_moving
from dealml.features.linear.pieces import ADDED, Piece, pieces_of, time_behind
from dealml.features.linear.spots import KNOWN, Draft, ages_of, known_places, places, spots_of
from dealml.features.linear.sums import KNOWN_FACTS, Column, cumulated, in_window
from dealml.features.point_in_time import CLOCKS, MOMENT, PastFacts, known_facts, with_ages


class IntervalAggregation:
    """Aggregates like `dealml.features.aggregate.aggregate`: entities with many snapshots by intervals, others by the join.

    Parameters
    ----------
    draft
        Where queries are written.
    few
        How many snapshots of an entity are few.
    in_utc
        Whether the company's zone is UTC, where dates need no clock of their own.
    """

    def __init__(self, draft: Draft, few: int, *, in_utc: bool) -> None:
        self._draft, self._few, self._in_utc = draft, few, in_utc
        self._spots: dict[str, tuple[ir.Table, ir.Table]] = {}

    def __call__(
        self, moments: ir.Table, facts: ir.Table, entity: str, features: Sequence[Feature], contacts: ir.Table | None = None
    ) -> ir.Table:
        """One row for each moment that knows facts, one column for each feature."""
        past = symbol_of_past(facts, entity)
        values = {feature: value_of(feature, PastFacts(past)) for feature in features}
        linear = {feature: value for feature, value in values.items() if not _why_joined(value, contacts)}
        if not linear:
            return aggregate(moments, facts, entity, features, contacts)
        if entity not in self._spots:
            spots = spots_of(self._draft, moments, entity, self._few)
            self._spots[entity] = spots, ages_of(self._draft, spots, in_utc=self._in_utc)
        facts = self._draft.add(facts)
        spots, ages = self._of_uncorrected(facts, entity, *self._spots[entity])
        joined = partial(aggregate, facts=facts, entity=entity, contacts=contacts)
        few = self._draft.add(joined(_moments(spots, entity, is_linear=False), features=features))
        group = _Group(self._draft, facts, entity, past, spots, ages, self._in_utc)
        parts = [self._draft.add(group.features(linear))]
        if rest := [feature for feature in features if feature not in linear]:
            parts.append(self._draft.add(joined(_moments(spots, entity, is_linear=True), features=rest)))
        return ibis.union(few, left_joined(parts[0], parts[1:]).select(few.columns))

    def _of_uncorrected(self, facts: ir.Table, entity: str, spots: ir.Table, ages: ir.Table) -> tuple[ir.Table, ir.Table]:
        """Of entities whose facts were corrected, no snapshot is linear: what was known of them is no longer."""
        if SUPERSEDED not in facts.columns:
            return spots, ages
        corrected = facts.filter(facts[SUPERSEDED].notnull()).select(_corrected=entity).distinct()
        marked = spots.left_join(corrected, spots[entity] == corrected["_corrected"])
        is_linear = marked["_is_linear"] & marked["_corrected"].isnull()
        spots = self._draft.add(marked.mutate(_is_linear=is_linear).select(spots.columns))
        return spots, ages_of(self._draft, spots, in_utc=self._in_utc)


def symbol_of_past(facts: ir.Table, entity: str) -> ir.Table:
    """A table like that of known facts, for expressions to be read."""
    moments = ibis.table({entity: "string"} | dict.fromkeys(MOMENT, "timestamp('UTC')"), name="moments")
    return ibis.table(known_facts(moments, facts, entity).schema(), name="past")


def _why_joined(value: ir.Value, contacts: ir.Table | None) -> str:
    if contacts is not None and any(field.name == "contact_id" for field in value.op().find(ops.Field)):
        return "people were merged"
    return next((piece.why for piece in pieces_of(value) if piece.way == "join"), "")


def _moments(spots: ir.Table, entity: str, *, is_linear: bool) -> ir.Table:
    chosen = spots["_is_linear"] if is_linear else ~spots["_is_linear"]
    return spots.filter(chosen).select(entity, *MOMENT)


class _Group:
    """The features of one kind of facts, for the snapshots that are linear."""

    def __init__(self, draft: Draft, facts: ir.Table, entity: str, past: ir.Table, spots: ir.Table, ages: ir.Table, in_utc: bool) -> None:
        self.draft, self.facts, self.entity, self.past, self.spots, self.ages = draft, facts, entity, past, spots, ages
        self._in_utc = in_utc
        self._values: dict[ops.Node, str] = {}
        self._cutoffs: dict[Cutoff, str] = {}
        self._raw: dict[str, None] = {}
        self._columns: dict[Column, str] = {KNOWN_FACTS: "_facts"}

    def features(self, values: dict[Feature, ir.Value]) -> ir.Table:
        """A row for each linear snapshot that knows facts."""
        pieces = list({piece.node: piece for value in values.values() for piece in pieces_of(value)}.values())
        by_intervals = {piece: self._columns_of(piece) for piece in pieces if piece.function}
        facts_of_days = [piece for piece in pieces if piece.function is None]
        for piece in facts_of_days:
            self._value(piece.where), self._places_of(piece)
            self._raw |= dict.fromkeys(time_behind(f) if is_moving(f) else str(f.name) for f in piece.node.find(ops.Field))
        table = self._table([column for columns in by_intervals.values() for column in columns])
        table = left_joined(table, [self._reduced(piece, number) for number, piece in enumerate(facts_of_days)])
        results = {piece.node: self._result(piece, columns, table).op() for piece, columns in by_intervals.items()}
        for number, piece in enumerate(facts_of_days):
            results[piece.node] = _or_nothing(piece, table[f"_reduced{number}"]).op()
        known = table.filter(table["_facts"] > 0)
        in_known = {node: value.replace({table.op(): known.op()}) for node, value in results.items()}
        return known.select(self.entity, *MOMENT, **{f.name: value.op().replace(in_known).to_expr() for f, value in values.items()})

    def _table(self, columns: Sequence[Column]) -> ir.Table:
        of_days = {column for column in columns if column.until and column.function != "distinct"}
        named = {column: self._columns.setdefault(column, f"_c{len(self._columns)}") for column in columns}
        so_far = {column: name for column, name in self._columns.items() if column not in of_days}
        table = cumulated(self.draft, self._rows, self.spots, self.entity, so_far)
        spans = dict.fromkeys((column.where, column.since, column.until) for column in named if column in of_days)
        windows = [
            in_window(self.draft, self._rows, {c: n for c, n in named.items() if c in of_days and (c.where, c.since, c.until) == span})
            for span in spans
        ]
        return left_joined(table, windows)

    @cached_property
    def _base(self) -> ir.Table:
        """The facts of linear entities, each with a number and with what is computed of it alone."""
        spots = self.spots.filter(self.spots["_is_linear"])
        chains = spots.select("_chain", "_places", _entity=self.entity).distinct()
        facts = self.facts.inner_join(chains, self.facts[self.entity] == chains["_entity"]).drop("_entity")
        computed = {name: node.replace({self.past.op(): facts.op()}).to_expr() for node, name in self._values.items()}
        wanted = dict.fromkeys(name for name in ("_chain", "_places", "_order", *CLOCKS, *self._raw) if name in facts.columns)
        return self.draft.add(facts.select(*wanted, _row=ibis.row_number(), **computed))

    @cached_property
    def _rows(self) -> ir.Table:
        """The same with the places from which on they count; of facts that some snapshot knows."""
        known = known_places(self.draft, self._base, self.spots)
        if self._cutoffs:
            known = places(self.draft, known, self.ages, self._cutoffs, in_utc=self._in_utc)
        base = self._base.drop(*(name for name in CLOCKS if name in self._base.columns and name not in self._raw))
        return self.draft.add(base.inner_join(known.select("_row", KNOWN, *self._cutoffs.values()), "_row"))

    def _value(self, node: ops.Node | None) -> str:
        return "" if node is None else self._values.setdefault(node, f"_x{len(self._values)}")

    def _since(self, cutoff: Cutoff | None) -> str:
        return KNOWN if cutoff is None else self._cutoffs.setdefault(cutoff, f"_p{len(self._cutoffs)}")

    def _places_of(self, piece: Piece) -> tuple[str, str]:
        return self._since(piece.since), "" if piece.until is None else self._since(piece.until)

    def _columns_of(self, piece: Piece) -> list[Column]:
        """What is cumulated for a piece; of what is taken back, first what has come and then what has gone."""
        since, until = self._places_of(piece)
        where, function = self._value(piece.where), str(piece.function)
        values = [self._value(node) for node in piece.carried] or [""]
        kinds = [node.dtype for node in piece.carried] or [dt.int64]
        if function in ADDED:
            functions = ["count"] if function == "count" else ["sum", "count"]
            ends = [since] if piece.until is None else [since, until]
            return [Column(f, values[0], where, end, piece.node.dtype if f == "sum" else dt.int64) for end in ends for f in functions]
        if function == "distinct":
            return [Column(function, values[0], where, since, dt.int64, until)]
        if self._is_age(piece):
            # Of the youngest fact, the last one to have occurred.
            function = {"min": "max", "max": "min"}[function]
        if self._is_age(piece) and not self._in_utc:
            dates = self._dates()
            wheres = [f"({where or 'true'}) AND {dates}", f"({where or 'true'}) AND NOT {dates}"]
            return [Column(function, values[0], each, since, kinds[0], until) for each in wheres]
        return [Column(function, value, where, since, kind, until) for value, kind in zip(values, kinds, strict=True)]

    def _is_age(self, piece: Piece) -> bool:
        return piece.function in ("max", "min") and depends_on_snapshot(piece.node.args[0])

    def _dates(self) -> str:
        occurred = self.past.occurred_at
        return self._value((occurred == occurred.truncate("D")).op())

    def _result(self, piece: Piece, columns: Sequence[Column], table: ir.Table) -> ir.Value:
        """The value of a piece from its columns."""
        results = [table[self._columns[column]] for column in columns]
        if piece.function == "count" and piece.until:
            return results[0] - results[1]
        if piece.function == "sum":
            return results[0] if not piece.until else _taken_back(*results)
        argument = None if not piece.carried else piece.node.args[0]
        if argument is None or not depends_on_snapshot(argument):
            return results[0]
        if self._is_age(piece):
            ages = [days_between(moment, table.as_of, fact=moment) for moment in results]
            return ages[0] if len(ages) == 1 else (ibis.least if piece.node.__class__ is ops.Min else ibis.greatest)(*ages)
        by_time = dict(zip((node.name for node in piece.carried), results, strict=True))
        moving = {
            field: _days(field, by_time[time_behind(field)], table.as_of).op() for field in argument.find(ops.Field) if is_moving(field)
        }
        return argument.replace(moving).to_expr()

    def _reduced(self, piece: Piece, number: int) -> ir.Table:
        """A piece that looks at the facts of some days as of each snapshot, for the snapshots that have some."""
        since, until = self._places_of(piece)
        where = self._value(piece.where)
        rows = self._rows if not where else self._rows.filter(self._rows[where])
        end = rows[until].fill_null(rows["_places"] + 1)
        spans = rows.mutate(_place=ibis.range(rows[since], end).unnest()).filter(lambda t: t[since].notnull())
        spots = self.spots.filter(self.spots["_is_linear"]).select("_chain", "_place", *MOMENT)
        seen = with_ages(spans.inner_join(spots, ["_chain", "_place"]), self.facts.select(*self._raw))
        reduced = piece.node.replace({self.past.op(): seen.op()}).to_expr()
        return self.draft.add(seen.group_by("_chain", "_place").agg(**{f"_reduced{number}": reduced}))


def _days(field: ops.Field, moment: ir.Value, as_of: ir.Value) -> ir.Value:
    return days_between(moment, as_of, fact=moment) if field.name == "days_ago" else days_between(as_of, moment, fact=moment)


def _taken_back(come: ir.Value, came: ir.Value, gone: ir.Value, went: ir.Value) -> ir.Value:
    """A sum of what has come without what has gone since; missing where nothing is left."""
    return (came > went).ifelse(come - gone.fill_null(0), ibis.null(come.type()))


def _or_nothing(piece: Piece, value: ir.Value) -> ir.Value:
    is_count = isinstance(piece.node, ops.CountStar | ops.Count | ops.CountDistinct)
    return value.fill_null(0) if is_count else value
