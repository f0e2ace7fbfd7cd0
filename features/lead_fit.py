"""Fit: who the lead is, and at what kind of company."""

from dealml import FREE_MAIL, formula, per


@per("lead_id", "lead_changes")
def lead_industry(change):
    """Industry of the lead's company."""
    return change.latest(change.text, where=change.field == "industry")


@per("lead_id", "lead_changes", unit="employees")
def lead_employees(change):
    """Employees of the lead's company."""
    return change.latest(change.number, where=change.field == "employees")


@per("lead_id", "lead_changes")
def lead_country(change):
    """Country of the lead."""
    return change.latest(change.text, where=change.field == "country")


@per("lead_id", "lead_changes")
def lead_seniority(change):
    """Seniority of the lead, as the CRM has it."""
    return change.latest(change.text, where=change.field == "seniority")


@per("lead_id", "lead_changes")
def lead_function(change):
    """Function of the lead in its company."""
    return change.latest(change.text, where=change.field == "function")


@per("lead_id", "lead_changes", served=False)
def lead_email_domain(change):
    """Domain of the lead's e-mail address."""
    return change.latest(change.text, where=change.field == "email_domain").lower()


@formula(unit="yes or no", expect="-")
def lead_free_mail(lead_email_domain):
    """Whether the lead's address is with a free-mail provider."""
    return lead_email_domain.isin(sorted(FREE_MAIL))


@per("lead_id", "lead_changes", served=False)
def lead_name(change):
    """Name of the lead."""
    return change.latest(change.text, where=change.field == "name")


@per("lead_id", "lead_changes", served=False)
def lead_owner(change):
    """Owner of the lead."""
    return change.latest(change.text, where=change.field == "owner")
