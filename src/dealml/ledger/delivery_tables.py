"""The fact tables of what a deal takes and what it promises: hours, approvals and deliveries."""

from __future__ import annotations

from dealml.ledger.fact_table import FactColumn, FactTable

DELIVERY_TABLES = (
    FactTable(
        "time_entries",
        "hours that our own people spent on a deal or a lead were booked",
        (
            FactColumn("entry_id", "text", "the booking; of several rows of one booking the last recorded counts", required=True),
            FactColumn("deal_id", "text", "the deal that the hours were for"),
            FactColumn("lead_id", "text", "the lead that the hours were for"),
            FactColumn("role", "text", "seller, sales_engineer, legal, executive or another", required=True),
            FactColumn("hours", "number", "how many hours", required=True, unit="hours"),
        ),
    ),
    FactTable(
        "approvals",
        "an approval of an offer or a promise was requested, granted or refused",
        (
            FactColumn("deal_id", "text", "the deal", required=True),
            FactColumn("offer_id", "text", "the offer that it is about"),
            FactColumn("subject", "text", "what is to be approved: price, customisation, timeline, roadmap …", required=True),
            FactColumn("event", "text", "requested, granted or refused", required=True, words=("requested", "granted", "refused")),
            FactColumn("role", "text", "whose approval it is: product, delivery, finance …"),
        ),
    ),
    FactTable(
        "deliveries",
        "something was promised to the buyer with a date, or delivered",
        (
            FactColumn("deal_id", "text", "the deal", required=True),
            FactColumn("delivery", "text", "what is delivered: implementation, customisation, roadmap …", required=True),
            FactColumn("event", "text", "promised or delivered", required=True, words=("promised", "delivered")),
            FactColumn("due_at", "time", "of a promise: by when it is to be delivered"),
        ),
    ),
)
