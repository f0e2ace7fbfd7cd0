"""Facts about the people of a deal: who they are at their company, as the CRM had it when their part in the deal was recorded."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

Tables = Mapping[str, ir.Table]


def people(tables: Tables) -> ir.Table:
    """Each fact of `stakeholders` with `seniority` and `title` of the person, as recorded by then.

    What is recorded of a contact afterwards shows from the person's next fact on, so no row depends on anything later than itself.
    """
    contacts = tables["contacts"]
    newest = ibis.window(group_by=["contact_id", "recorded_at"], order_by=contacts["_order"].desc())
    contacts = contacts.mutate(_newest=ibis.row_number().over(newest)).filter(lambda t: t["_newest"] == 0)
    contacts = contacts.select("seniority", "title", _contact="contact_id", _since="recorded_at")
    facts = tables["stakeholders"]
    return facts.asof_join(contacts, facts.recorded_at >= contacts["_since"], facts.contact_id == contacts["_contact"]).drop(
        "_contact", "_since"
    )
