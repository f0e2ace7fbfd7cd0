"""How much the account uses the product, against its own past."""

from dealml import FamilyMeasure, family, formula, happened, per, within


@per("account_id", "usage", unit="units", empty=0, expect="-", actionable=True)
def usage_7d(use):
    """Product use in the last 7 days."""
    return use.quantity.sum(where=within(use, 7))


@per("account_id", "usage", unit="units", empty=0, expect="-", actionable=True)
def usage_30d(use):
    """Product use in the last 30 days."""
    return use.quantity.sum(where=within(use, 30))


@per("account_id", "usage", unit="units", empty=0, expect="-", actionable=True)
def usage_90d(use):
    """Product use in the last 90 days."""
    return use.quantity.sum(where=within(use, 90))


@per("account_id", "usage", unit="units", empty=0, served=False)
def usage_quarter_before(use):
    """Product use in the 90 days before the last 30."""
    return use.quantity.sum(where=within(use, 90, before=30))


@per("account_id", "usage", unit="units", empty=0, served=False)
def usage_half_year_before(use):
    """Product use in the 180 days before the last 30."""
    return use.quantity.sum(where=within(use, 180, before=30))


@formula(unit="times", expect="-", actionable=True)
def usage_trend_quarter(usage_30d, usage_quarter_before):
    """Product use in the last 30 days, against the 90 days before (1 = as before)."""
    return (usage_30d / 30) / (usage_quarter_before.nullif(0) / 90)


@formula(unit="times", expect="-", actionable=True)
def usage_trend_half_year(usage_30d, usage_half_year_before):
    """Product use in the last 30 days, against the 180 days before (1 = as before)."""
    return (usage_30d / 30) / (usage_half_year_before.nullif(0) / 180)


@formula(unit="times", expect="-", actionable=True)
def usage_trend_month(usage_7d, usage_30d):
    """Product use in the last 7 days, against the last 30 (1 = as usual)."""
    return (usage_7d / 7) / (usage_30d.nullif(0) / 30)


@per("account_id", "usage", unit="days", expect="+", actionable=True)
def usage_mean_age_90d(use):
    """How long ago, on average, the product use of the last 90 days took place."""
    recent = within(use, 90)
    return (use.quantity * use.days_ago).sum(where=recent) / use.quantity.sum(where=recent).nullif(0)


@per("account_id", "usage", unit="days", empty=0, expect="-", actionable=True)
def usage_days_30d(use):
    """Different days with any product use in the last 30 days."""
    return use.days_ago.ceil().cast("int64").nunique(where=within(use, 30) & (use.quantity > 0))


@per("account_id", "usage", unit="days", expect="+", actionable=True)
def days_since_use(use):
    """Days since the product was last used."""
    return use.days_ago.min(where=happened(use) & (use.quantity > 0))


@per("account_id", "usage", unit="days", expect="-")
def days_since_first_use(use):
    """Days since the product was first used."""
    return use.days_ago.max(where=happened(use) & (use.quantity > 0))


@per("account_id", "usage", unit="people", expect="-", actionable=True)
def active_users_30d(use):
    """Most people seen using the product at once in the last 30 days."""
    return use.users.max(where=within(use, 30))


@per("account_id", "usage", unit="people", served=False)
def active_users_peak(use):
    """Most people ever seen using the product at once."""
    return use.users.max(where=happened(use))


@per("account_id", "usage", unit="people", served=False)
def active_users_quarter_before(use):
    """Most people seen using the product at once in the 90 days before the last 30."""
    return use.users.max(where=within(use, 90, before=30))


@formula(unit="share", expect="-", actionable=True)
def active_users_of_peak(active_users_30d, active_users_peak):
    """People who use the product now, as a share of the most there ever were."""
    return active_users_30d / active_users_peak.nullif(0)


@formula(unit="times", expect="-", actionable=True)
def active_users_trend(active_users_30d, active_users_quarter_before):
    """People who use the product now, against the 90 days before (1 = as before)."""
    return active_users_30d / active_users_quarter_before.nullif(0)


@family(
    "account_id",
    "usage",
    of="metric",
    most=40,
    unit="units",
    measures=(
        FamilyMeasure(
            "30d",
            "{what} in the last 30 days.",
            lambda use, counts, is_value: use.quantity.sum(where=counts & is_value() & within(use, 30)),
            empty=0,
        ),
        FamilyMeasure(
            "days_since",
            "{what}: days since the last one.",
            lambda use, counts, is_value: use.days_ago.min(where=counts & is_value()),
            unit="days",
        ),
    ),
)
def usage_part(use):
    """Use of the part “{value}”."""
    return happened(use) & (use.quantity > 0)
