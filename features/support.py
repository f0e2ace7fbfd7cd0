"""The account's support tickets."""

from dealml import family, formula, happened, per, within

URGENT = 4


def _now(ticket, event):
    return (ticket.event == event) & happened(ticket)


def _opened(ticket, days, before=0):
    return (ticket.event == "opened") & within(ticket, days, before)


@per("account_id", "tickets", unit="tickets", empty=0, expect="+", actionable=True)
def tickets_open(ticket):
    """Support tickets open now."""
    return (ticket.count(where=_now(ticket, "opened")) - ticket.count(where=_now(ticket, "resolved"))).clip(lower=0)


@per("account_id", "tickets", unit="tickets", empty=0, expect="+", actionable=True)
def urgent_tickets_open(ticket):
    """Urgent support tickets open now."""
    urgent = ticket.severity >= URGENT
    opened = ticket.count(where=urgent & _now(ticket, "opened"))
    return (opened - ticket.count(where=urgent & _now(ticket, "resolved"))).clip(lower=0)


@per("account_id", "tickets", unit="tickets", empty=0, expect="+", actionable=True)
def tickets_30d(ticket):
    """Support tickets opened in the last 30 days."""
    return ticket.count(where=_opened(ticket, 30))


@per("account_id", "tickets", unit="tickets", empty=0, expect="+", actionable=True)
def tickets_90d(ticket):
    """Support tickets opened in the last 90 days."""
    return ticket.count(where=_opened(ticket, 90))


@per("account_id", "tickets", unit="tickets", empty=0, served=False)
def tickets_quarter_before(ticket):
    """Support tickets opened in the 90 days before the last 30."""
    return ticket.count(where=_opened(ticket, 90, before=30))


@formula(unit="tickets a month", empty=0, expect="+", actionable=True)
def tickets_trend(tickets_30d, tickets_quarter_before):
    """Support tickets a month, against the 90 days before (0 = as before)."""
    return tickets_30d - tickets_quarter_before / 3


@per("account_id", "tickets", unit="tickets", empty=0, expect="+", actionable=True)
def urgent_tickets_90d(ticket):
    """Urgent support tickets opened in the last 90 days."""
    return ticket.count(where=_opened(ticket, 90) & (ticket.severity >= URGENT))


@per("account_id", "tickets", unit="level 1–4", expect="+", actionable=True)
def ticket_severity_90d(ticket):
    """Average severity of the support tickets opened in the last 90 days (4 = urgent)."""
    return ticket.severity.mean(where=_opened(ticket, 90))


@per("account_id", "tickets", unit="escalations", empty=0, expect="+", actionable=True)
def escalations_90d(ticket):
    """Support tickets escalated in the last 90 days."""
    return ticket.count(where=(ticket.event == "escalated") & within(ticket, 90))


@per("account_id", "tickets", unit="escalations", empty=0, expect="+", actionable=True)
def escalations_365d(ticket):
    """Support tickets escalated in the last 365 days."""
    return ticket.count(where=(ticket.event == "escalated") & within(ticket, 365))


@per("account_id", "tickets", unit="hours", expect="+", actionable=True)
def hours_to_resolve(ticket):
    """Average hours in which the support tickets of the last 365 days were resolved."""
    return ticket.hours.mean(where=(ticket.event == "resolved") & within(ticket, 365))


@per("account_id", "tickets", unit="hours", expect="+", actionable=True)
def longest_hours_to_resolve_90d(ticket):
    """Longest hours that a support ticket of the last 90 days took to resolve."""
    return ticket.hours.max(where=(ticket.event == "resolved") & within(ticket, 90))


@per("account_id", "tickets", unit="days")
def days_since_ticket(ticket):
    """Days since the account last opened a support ticket."""
    return ticket.days_ago.min(where=_now(ticket, "opened"))


@formula(unit="tickets a seat", expect="+", actionable=True)
def tickets_per_seat(tickets_90d, seats):
    """Support tickets of the last 90 days for each seat."""
    return tickets_90d / seats.nullif(0)


@family("account_id", "tickets", of="event", most=20, unit="tickets")
def ticket_event(ticket):
    """Support tickets “{value}”."""
    return happened(ticket)
