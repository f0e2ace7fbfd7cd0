"""How widely the product is used: how much of it, and by how many of those who could."""

from dealml import formula, happened, per, within


def _used(use, days):
    return use.metric.nunique(where=within(use, days) & (use.quantity > 0))


@per("account_id", "usage", unit="parts", empty=0, expect="-", actionable=True)
def parts_used_30d(use):
    """Different parts of the product used in the last 30 days."""
    return _used(use, 30)


@per("account_id", "usage", unit="parts", empty=0, expect="-", actionable=True)
def parts_used_90d(use):
    """Different parts of the product used in the last 90 days."""
    return _used(use, 90)


@per("account_id", "usage", unit="parts", empty=0, served=False)
def parts_used_120d(use):
    """Different parts of the product used in the last 120 days."""
    return _used(use, 120)


@per("account_id", "usage", unit="parts", empty=0, served=False)
def parts_used_ever(use):
    """Different parts of the product ever used."""
    return use.metric.nunique(where=happened(use) & (use.quantity > 0))


@per("account_id", "usage", unit="parts", empty=0, served=False)
def parts_used_a_quarter_ago(use):
    """Different parts of the product used until 90 days ago."""
    return use.metric.nunique(where=(use.days_ago > 90) & (use.quantity > 0))


@formula(unit="share", expect="-", actionable=True)
def parts_still_used(parts_used_30d, parts_used_ever):
    """Parts of the product used in the last 30 days, as a share of those ever used."""
    return parts_used_30d / parts_used_ever.nullif(0)


@formula(unit="parts", empty=0, expect="+", actionable=True)
def parts_dropped(parts_used_120d, parts_used_30d):
    """Parts of the product used in the 90 days before, and no more in the last 30."""
    return parts_used_120d - parts_used_30d


@formula(unit="parts", empty=0, expect="-", actionable=True)
def parts_taken_up_90d(parts_used_ever, parts_used_a_quarter_ago):
    """Parts of the product used for the first time in the last 90 days."""
    return parts_used_ever - parts_used_a_quarter_ago


@per("account_id", "usage_by_part", unit="units", served=False)
def main_part_use(use):
    """Use of the part of the product that is used most."""
    return use.so_far.max()


@per("account_id", "usage_by_part", unit="units", served=False)
def all_use(use):
    """Use of the product so far."""
    return use.quantity.sum()


@formula(unit="share", expect="+", actionable=True)
def main_part_share(main_part_use, all_use):
    """Share of all use so far that is of the most used part of the product."""
    return main_part_use / all_use.nullif(0)


@formula(unit="units a seat", expect="-", actionable=True)
def usage_per_seat(usage_30d, seats):
    """Product use of the last 30 days for each seat."""
    return usage_30d / seats.nullif(0)


@formula(unit="share", expect="-", actionable=True)
def seats_in_use(active_users_30d, seats):
    """People who use the product now, as a share of the seats paid for."""
    return active_users_30d / seats.nullif(0)
