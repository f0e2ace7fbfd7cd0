"""The canonical fact tables: what a ledger can hold.

Every table has an entity, two clocks (`occurred_at`: when it was true;
`recorded_at`: when the company knew) and a `sequence` that breaks ties.
`docs/data-contract.md` is generated from here.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

TYPES = {
    "text": pa.string(),
    "number": pa.float64(),
    "integer": pa.int64(),
    "amount": pa.decimal128(18, 4),
    "time": pa.timestamp("us", tz="UTC"),
    "boolean": pa.bool_(),
}


@dataclass(frozen=True)
class Column:
    """A column of a fact table: its name, type (a key of `TYPES`), meaning and unit."""

    name: str
    type: str
    meaning: str
    required: bool = False
    unit: str = ""


@dataclass(frozen=True)
class Table:
    """A kind of fact: its name, the entity it speaks of and its own columns."""

    name: str
    meaning: str
    own: tuple[Column, ...]

    @property
    def columns(self) -> tuple[Column, ...]:
        """The table's own columns followed by the two clocks and the sequence."""
        return self.own + CLOCKS

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema of a batch of this table."""
        return pa.schema([(c.name, TYPES[c.type]) for c in self.columns])

    @property
    def empty(self) -> pa.Table:
        """The table without a fact."""
        return self.schema.empty_table()

    @property
    def empty_in_order(self) -> pa.Table:
        """The table without a fact, with the column `_order` that `connect.in_order` adds."""
        return self.empty.append_column("_order", pa.array([], pa.int64()))

    def column(self, name: str) -> Column | None:
        """The column of that name, or None."""
        return next((c for c in self.columns if c.name == name), None)


CLOCKS = (
    Column("occurred_at", "time", "when it was true", required=True),
    Column("recorded_at", "time", "when the company knew; only earlier facts are visible to a snapshot", required=True),
    Column("sequence", "integer", "breaks ties between facts of the same instant"),
)


def _id(name: str, meaning: str) -> Column:
    return Column(name, "text", meaning, required=True)


_CHANGE = (
    _id("field", "which attribute: stage, amount, close_date, owner, segment, industry, trigger …"),
    Column("text", "text", "the new value of a text attribute"),
    Column("number", "number", "the new value of a number attribute; for a stage, its place in the funnel"),
    Column("amount", "amount", "the new value of a money attribute, in its own currency"),
    Column("moment", "time", "the new value of a date attribute"),
)

_SPAN = (
    Column("period_start", "time", "when the time begins that it is for; empty, with `period_end`, is `occurred_at` alone"),
    Column("period_end", "time", "when that time is over; the moment itself is no part of it"),
)
_PLACE = (
    Column("source", "text", "where it came from: inbound, event, referral …"),
    Column("segment", "text", "the segment it belongs to"),
    Column("team", "text", "the team it belongs to"),
)

_TABLES = (
    Table(
        "deals",
        "a deal was created",
        (
            _id("deal_id", "the deal"),
            Column("account_id", "text", "the buying company"),
        ),
    ),
    Table("deal_changes", "an attribute of a deal got a value", (_id("deal_id", "the deal"), *_CHANGE)),
    Table(
        "outcomes",
        "a deal was won, lost or reopened",
        (
            _id("deal_id", "the deal"),
            Column("outcome", "text", "won, lost or reopened", required=True),
            Column("reason", "text", "why, as the company notes it"),
            Column("competitor", "text", "who won it instead"),
        ),
    ),
    Table(
        "milestones",
        "a decision milestone was reached",
        (
            _id("deal_id", "the deal"),
            _id("milestone", "problem_confirmed, criteria_agreed, stakeholders_known, budget_set, timeline_set …"),
        ),
    ),
    Table(
        "stakeholders",
        "a person's role or engagement in a deal became known",
        (
            _id("deal_id", "the deal"),
            Column("contact_id", "text", "the person"),
            Column("role", "text", "champion, economic_buyer, executive, user, technical …"),
            Column("engagement", "integer", "0 none, 1 contact, 2 supporter, 3 coach, 4 sells for us internally", unit="level 0–4"),
        ),
    ),
    Table(
        "activities",
        "a meeting, call, e-mail or other touch",
        (
            Column("deal_id", "text", "the deal it belongs to"),
            Column("account_id", "text", "the account it belongs to"),
            Column("contact_id", "text", "the person on the other side"),
            _id("activity", "meeting, call, email, demo, asset …, or the source's own kind"),
            Column("direction", "text", "in (they came to us) or out"),
            Column("channel", "text", "web, phone, in person, event …"),
            Column("asset", "text", "the marketing asset shared"),
            Column("person", "text", "who of us did it"),
            Column("minutes", "number", "how long it took", unit="minutes"),
        ),
    ),
    Table(
        "offers",
        "an offer to the buyer changed state",
        (
            _id("deal_id", "the deal"),
            Column("offer_id", "text", "the offer"),
            _id("event", "created, sent, returned, accepted, cancelled, refused"),
            Column("price", "amount", "price asked", unit="deal's currency"),
            Column("discount", "number", "share of the list price given away", unit="share 0–1"),
            Column("customisation", "number", "share of the scope made for this buyer", unit="share 0–1"),
            Column("services", "amount", "services included", unit="deal's currency"),
            Column("timeline_promise", "boolean", "a delivery date was promised"),
            Column("roadmap_promise", "boolean", "a feature that does not exist yet was promised"),
        ),
    ),
    Table(
        "assessments",
        "a person or a rule judged a deal",
        (
            _id("deal_id", "the deal"),
            _id("kind", "rep (the salesperson's probability), crm (the CRM's, such as its stage's) or heuristic (points of a scorecard)"),
            Column("value", "number", "probability of winning the deal at all, or a scorecard's points", required=True, unit="see unit"),
            Column("unit", "text", "of a probability: share (0–1; also where this is empty) or percent (0–100)"),
            Column("who", "text", "who judged"),
        ),
    ),
    Table("accounts", "an account was created", (_id("account_id", "the account"),)),
    Table("account_changes", "an attribute of an account got a value", (_id("account_id", "the account"), *_CHANGE)),
    Table(
        "contacts",
        "a person at an account became known",
        (
            _id("contact_id", "the person"),
            Column("account_id", "text", "their company"),
            Column("title", "text", "job title"),
            Column("seniority", "integer", "1 staff, 2 manager, 3 director, 4 executive", unit="level 1–4"),
        ),
    ),
    Table(
        "subscriptions",
        "a subscription started, renewed, changed or ended",
        (
            _id("account_id", "the account"),
            Column("subscription_id", "text", "the subscription"),
            _id("event", "start, renewal, expansion, contraction, cancellation"),
            Column("arr", "amount", "annual recurring revenue after the event", unit="account's currency a year"),
            Column("plan", "text", "the plan after the event"),
            Column("seats", "number", "seats paid for after the event", unit="seats"),
            Column("term_end", "time", "when the current term ends"),
        ),
    ),
    Table(
        "purchases",
        "an account bought or returned something",
        (
            _id("account_id", "the account"),
            Column("order_id", "text", "the order or invoice"),
            Column("product", "text", "what was bought"),
            Column("quantity", "number", "how many; negative for a return", unit="pieces"),
            Column("value", "amount", "money; negative for a return", unit="account's currency"),
        ),
    ),
    Table(
        "usage",
        "an account used the product",
        (
            _id("account_id", "the account"),
            Column("metric", "text", "which part of the product"),
            Column("quantity", "number", "how much", unit="the metric's own"),
            Column("users", "number", "distinct people who used it", unit="people"),
        ),
    ),
    Table(
        "surveys",
        "somebody at an account, or one of our own people, answered a survey",
        (
            Column("account_id", "text", "the account; empty where one of our own people answered"),
            Column("contact_id", "text", "who answered"),
            _id("survey", "nps (0–10), csat (1–5) or esat (1–5)"),
            Column("score", "number", "the answer", required=True, unit="points"),
        ),
    ),
    Table(
        "tickets",
        "a support ticket was opened, escalated or resolved",
        (
            _id("account_id", "the account"),
            Column("ticket_id", "text", "the ticket"),
            _id("event", "opened, escalated, resolved"),
            Column("severity", "integer", "1 low, 2 normal, 3 high, 4 urgent", unit="level 1–4"),
            Column("hours", "number", "hours from opening to this event", unit="hours"),
        ),
    ),
    Table(
        "leads",
        "a lead came in, or something became of it",
        (
            _id("lead_id", "the lead"),
            _id("event", "created, qualified, converted (it became a deal) or disqualified"),
            Column("deal_id", "text", "the deal that it became"),
            Column("account_id", "text", "the company behind it"),
            *_PLACE,
        ),
    ),
    Table(
        "costs",
        "a cost was booked",
        (
            _id("cost_id", "the booking; of several rows of one booking the last recorded counts"),
            _id("kind", "sales, marketing, service (what serving customers costs) or another"),
            Column("value", "amount", "how much", required=True, unit="its currency"),
            Column("currency", "text", "the currency, ISO 4217; empty is the project's"),
            *_SPAN,
            *_PLACE,
        ),
    ),
    Table(
        "quotas",
        "a quota was set",
        (
            _id("quota_id", "the quota; of several rows of one quota the last recorded counts"),
            Column("value", "amount", "the won amount aimed at", required=True, unit="its currency"),
            Column("currency", "text", "the currency, ISO 4217; empty is the project's"),
            *_SPAN,
            Column("team", "text", "the team whose it is; empty, with `person`, is the whole company's"),
            Column("person", "text", "the salesperson whose it is"),
        ),
    ),
    Table(
        "rates",
        "an exchange rate was published",
        (
            _id("currency", "the currency, ISO 4217"),
            Column("rate", "number", "units of the project's currency for one unit of this one", required=True, unit="project's currency"),
        ),
    ),
)

TABLES = {table.name: table for table in _TABLES}

AHEAD = ("assessments", "costs", "quotas")
"""What is judged, budgeted or booked, also long ahead or afterwards: no events that tell how far the data reach."""

CHANGES_OF = {"deals": "deal_changes", "accounts": "account_changes"}
"""Where the attributes of a table of entities are kept, one row per change."""
