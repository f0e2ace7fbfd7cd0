"""Who the customer is, and what they have and pay."""

from dealml import per


def _told(change, field):
    return change.latest(change.text, where=change.field == field)


@per("account_id", "account_changes")
def gender(change):
    """Gender of the customer."""
    return _told(change, "gender")


@per("account_id", "account_changes")
def senior(change):
    """Whether the customer is a senior citizen."""
    return _told(change, "senior")


@per("account_id", "account_changes")
def partner(change):
    """Whether the customer has a partner."""
    return _told(change, "partner")


@per("account_id", "account_changes")
def dependents(change):
    """Whether the customer has dependents."""
    return _told(change, "dependents")


@per("account_id", "account_changes")
def phone_service(change):
    """Whether the customer has a telephone line."""
    return _told(change, "phone_service")


@per("account_id", "account_changes")
def multiple_lines(change):
    """Whether the customer has several telephone lines."""
    return _told(change, "multiple_lines")


@per("account_id", "account_changes")
def internet_service(change):
    """Kind of internet access that the customer has."""
    return _told(change, "internet_service")


@per("account_id", "account_changes")
def online_security(change):
    """Whether the customer has online security."""
    return _told(change, "online_security")


@per("account_id", "account_changes")
def online_backup(change):
    """Whether the customer has online backup."""
    return _told(change, "online_backup")


@per("account_id", "account_changes")
def device_protection(change):
    """Whether the customer has device protection."""
    return _told(change, "device_protection")


@per("account_id", "account_changes")
def tech_support(change):
    """Whether the customer has technical support."""
    return _told(change, "tech_support")


@per("account_id", "account_changes")
def streaming_tv(change):
    """Whether the customer streams television."""
    return _told(change, "streaming_tv")


@per("account_id", "account_changes")
def streaming_movies(change):
    """Whether the customer streams films."""
    return _told(change, "streaming_movies")


@per("account_id", "account_changes")
def contract(change):
    """Term of the customer's contract."""
    return _told(change, "contract")


@per("account_id", "account_changes")
def paperless_billing(change):
    """Whether the customer is billed without paper."""
    return _told(change, "paperless_billing")


@per("account_id", "account_changes")
def payment_method(change):
    """Way in which the customer pays."""
    return _told(change, "payment_method")


@per("account_id", "account_changes", unit="months", expect="-")
def tenure_months(change):
    """Months that the customer has been with the company."""
    return change.latest(change.number, where=change.field == "tenure_months")


@per("account_id", "account_changes", unit="dollars a month", expect="+")
def monthly_charges(change):
    """Charges of the customer a month."""
    return change.latest(change.amount, where=change.field == "monthly_charges")


@per("account_id", "account_changes", unit="dollars")
def total_charges(change):
    """Charges of the customer so far."""
    return change.latest(change.amount, where=change.field == "total_charges")
