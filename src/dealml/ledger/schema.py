"""The canonical fact tables: what a ledger can hold.

Every table has an entity, two clocks (`occurred_at`: when it was true; `recorded_at`: when the company knew) and a
`sequence` that breaks ties.
`docs/data-contract.md` is generated from here.
"""

from __future__ import annotations

from dealml.ledger.delivery_tables import DELIVERY_TABLES
from dealml.ledger.fact_table import FactColumn, FactTable


def _id(name: str, meaning: str, words: tuple[str, ...] = ()) -> FactColumn:
    return FactColumn(name, "text", meaning, required=True, words=words)


_CHANGE = (
    _id("field", "which attribute: stage, amount, close_date, owner, segment, industry, trigger …"),
    FactColumn("text", "text", "the new value of a text attribute"),
    FactColumn("number", "number", "the new value of a number attribute; for a stage, its place in the funnel"),
    FactColumn("amount", "amount", "the new value of a money attribute, in its own currency"),
    FactColumn("moment", "time", "the new value of a date attribute"),
)

_SPAN = (
    FactColumn("period_start", "time", "when the time begins that it is for; empty, with `period_end`, is `occurred_at` alone"),
    FactColumn("period_end", "time", "when that time is over; the moment itself is no part of it"),
)
_ORIGIN = (
    FactColumn("source", "text", "where it came from: inbound, event, referral …"),
    FactColumn("segment", "text", "the segment it belongs to"),
    FactColumn("team", "text", "the team it belongs to"),
)

_TABLES = (
    FactTable(
        "deals",
        "a deal was created",
        (_id("deal_id", "the deal"), FactColumn("account_id", "text", "the buying company")),
    ),
    FactTable("deal_changes", "an attribute of a deal got a value", (_id("deal_id", "the deal"), *_CHANGE)),
    FactTable(
        "outcomes",
        "a deal was won, lost or reopened",
        (
            _id("deal_id", "the deal"),
            _id("outcome", "won, lost or reopened", words=("won", "lost", "reopened")),
            FactColumn("reason", "text", "why, as the company notes it"),
            FactColumn("competitor", "text", "who won it instead"),
        ),
    ),
    FactTable(
        "milestones",
        "a decision milestone was reached",
        (
            _id("deal_id", "the deal"),
            _id("milestone", "problem_confirmed, criteria_agreed, stakeholders_known, budget_set, timeline_set …"),
        ),
    ),
    FactTable(
        "stakeholders",
        "a person's role or engagement in a deal became known",
        (
            _id("deal_id", "the deal"),
            FactColumn("contact_id", "text", "the person"),
            FactColumn("role", "text", "champion, economic_buyer, executive, user, technical …"),
            FactColumn("engagement", "integer", "0 none, 1 contact, 2 supporter, 3 coach, 4 sells for us internally", unit="level 0–4"),
        ),
    ),
    FactTable(
        "activities",
        "a meeting, call, e-mail or other touch",
        (
            FactColumn("deal_id", "text", "the deal it belongs to"),
            FactColumn("account_id", "text", "the account it belongs to"),
            FactColumn("lead_id", "text", "the lead it belongs to", added_later=True),
            FactColumn("contact_id", "text", "the person on the other side"),
            _id("activity", "meeting, call, email, demo, asset …, or the source's own kind"),
            FactColumn("direction", "text", "in (they came to us) or out", words=("in", "out")),
            FactColumn("channel", "text", "web, phone, in person, event …"),
            FactColumn("asset", "text", "the marketing asset shared"),
            FactColumn("person", "text", "who of us did it"),
            FactColumn("minutes", "number", "how long it took", unit="minutes"),
        ),
    ),
    FactTable(
        "offers",
        "an offer to the buyer changed state",
        (
            _id("deal_id", "the deal"),
            FactColumn("offer_id", "text", "the offer"),
            _id(
                "event",
                "created, sent, returned, accepted, cancelled, refused",
                words=("created", "sent", "returned", "accepted", "cancelled", "refused"),
            ),
            FactColumn("price", "amount", "price asked", unit="deal's currency"),
            FactColumn("discount", "number", "share of the list price given away", unit="share 0–1"),
            FactColumn("customisation", "number", "share of the scope made for this buyer", unit="share 0–1"),
            FactColumn("services", "amount", "services included", unit="deal's currency"),
            FactColumn("timeline_promise", "boolean", "a delivery date was promised"),
            FactColumn("roadmap_promise", "boolean", "a feature that does not exist yet was promised"),
        ),
    ),
    FactTable(
        "assessments",
        "a person or a rule judged a deal",
        (
            _id("deal_id", "the deal"),
            _id(
                "kind",
                "rep (the salesperson's probability), crm (the CRM's, such as its stage's) or heuristic (points of a scorecard)",
                words=("rep", "crm", "heuristic"),
            ),
            FactColumn(
                "value", "number", "probability of winning the deal at all, or a scorecard's points", required=True, unit="see unit"
            ),
            FactColumn(
                "unit", "text", "of a probability: share (0–1; also where this is empty) or percent (0–100)", words=("share", "percent")
            ),
            FactColumn("who", "text", "who judged"),
        ),
    ),
    FactTable("accounts", "an account was created", (_id("account_id", "the account"),)),
    FactTable("account_changes", "an attribute of an account got a value", (_id("account_id", "the account"), *_CHANGE)),
    FactTable(
        "contacts",
        "a person at an account became known",
        (
            _id("contact_id", "the person"),
            FactColumn("account_id", "text", "their company"),
            FactColumn("title", "text", "job title"),
            FactColumn("seniority", "integer", "1 staff, 2 manager, 3 director, 4 executive", unit="level 1–4"),
        ),
    ),
    FactTable(
        "subscriptions",
        "a subscription started, renewed, changed or ended",
        (
            _id("account_id", "the account"),
            FactColumn("subscription_id", "text", "the subscription"),
            _id(
                "event",
                "start, renewal, expansion, contraction, cancellation",
                words=("start", "renewal", "expansion", "contraction", "cancellation"),
            ),
            FactColumn("arr", "amount", "annual recurring revenue after the event", unit="account's currency a year"),
            FactColumn("plan", "text", "the plan after the event"),
            FactColumn("seats", "number", "seats paid for after the event", unit="seats"),
            FactColumn("term_end", "time", "when the current term ends"),
        ),
    ),
    FactTable(
        "purchases",
        "an account bought or returned something",
        (
            _id("account_id", "the account"),
            FactColumn("order_id", "text", "the order or invoice"),
            FactColumn("product", "text", "what was bought"),
            FactColumn("quantity", "number", "how many; negative for a return", unit="pieces"),
            FactColumn("value", "amount", "money; negative for a return", unit="account's currency"),
        ),
    ),
    FactTable(
        "usage",
        "an account used the product",
        (
            _id("account_id", "the account"),
            FactColumn("metric", "text", "which part of the product"),
            FactColumn("quantity", "number", "how much", unit="the metric's own"),
            FactColumn("users", "number", "distinct people who used it", unit="people"),
        ),
    ),
    FactTable(
        "surveys",
        "somebody at an account, or one of our own people, answered a survey",
        (
            FactColumn("account_id", "text", "the account; empty where one of our own people answered"),
            FactColumn("contact_id", "text", "who answered"),
            _id(
                "survey",
                "nps (0–10), csat (1–5), esat (1–5) or win_loss (the interview after a deal was won or lost, 1–5)",
                words=("nps", "csat", "esat", "win_loss"),
            ),
            FactColumn("score", "number", "the answer", required=True, unit="points"),
            FactColumn("text", "text", "what was answered in words", added_later=True),
        ),
    ),
    FactTable(
        "tickets",
        "a support ticket was opened, escalated or resolved",
        (
            _id("account_id", "the account"),
            FactColumn("ticket_id", "text", "the ticket"),
            _id("event", "opened, escalated, resolved", words=("opened", "escalated", "resolved")),
            FactColumn("severity", "integer", "1 low, 2 normal, 3 high, 4 urgent", unit="level 1–4"),
            FactColumn("hours", "number", "hours from opening to this event", unit="hours"),
        ),
    ),
    FactTable(
        "leads",
        "a lead came in, or something became of it",
        (
            _id("lead_id", "the lead"),
            _id(
                "event",
                "created, touched, qualified, converted (it became a deal), disqualified, recycled (back in play)",
                words=("created", "touched", "qualified", "converted", "disqualified", "recycled"),
            ),
            FactColumn("deal_id", "text", "the deal that it became"),
            FactColumn("account_id", "text", "the company behind it"),
            *_ORIGIN,
        ),
    ),
    FactTable("lead_changes", "an attribute of a lead got a value", (_id("lead_id", "the lead"), *_CHANGE)),
    FactTable(
        "costs",
        "a cost was booked",
        (
            _id("cost_id", "the booking; of several rows of one booking the last recorded counts"),
            _id(
                "kind",
                "sales, marketing, service (of serving customers); of a deal: goods, services, customisation, third_party; or another",
            ),
            FactColumn("value", "amount", "how much", required=True, unit="its currency"),
            FactColumn("currency", "text", "the currency, ISO 4217; empty is the project's"),
            *_SPAN,
            *_ORIGIN,
            FactColumn("deal_id", "text", "the deal that it was spent on, to win it or to deliver it", added_later=True),
            FactColumn("account_id", "text", "the account that it was spent on", added_later=True),
        ),
    ),
    FactTable(
        "quotas",
        "a quota was set",
        (
            _id("quota_id", "the quota; of several rows of one quota the last recorded counts"),
            FactColumn("value", "amount", "the won amount aimed at", required=True, unit="its currency"),
            FactColumn("currency", "text", "the currency, ISO 4217; empty is the project's"),
            *_SPAN,
            FactColumn("team", "text", "the team whose it is; empty, with `person`, is the whole company's"),
            FactColumn("person", "text", "the salesperson whose it is"),
        ),
    ),
    FactTable(
        "rates",
        "an exchange rate was published",
        (
            _id("currency", "the currency, ISO 4217"),
            FactColumn(
                "rate", "number", "units of the project's currency for one unit of this one", required=True, unit="project's currency"
            ),
        ),
    ),
    FactTable(
        "record_events",
        "the CRM deleted a record, restored it, or merged it into another",
        (
            _id("record_id", "the record"),
            _id("kind", "deal, account, lead or contact"),
            _id("event", "deleted, restored or merged"),
            FactColumn("into_id", "text", "of a merge: the record that it became part of"),
        ),
    ),
)

TABLES = {table.name: table for table in (*_TABLES, *DELIVERY_TABLES)}

AHEAD = ("assessments", "costs", "quotas", "time_entries")
"""What is judged, budgeted or booked, also long ahead or afterwards: no events that tell how far the data reach."""

CHANGES_OF = {"deals": "deal_changes", "accounts": "account_changes", "leads": "lead_changes"}
"""Where the attributes of a table of entities are kept, one row per change."""
