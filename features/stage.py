"""Where the deal stands in the funnel, and how it got there."""

from dealml import FamilyMeasure, family, formula, happened, per


@per("deal_id", "deal_changes")
def stage(change):
    """Stage that the deal is in."""
    return change.latest(change.text, where=change.field == "stage")


@per("deal_id", "deal_changes", unit="place", expect="+")
def stage_place(change):
    """Place of the deal's stage in the funnel."""
    return change.latest(change.number, where=change.field == "stage")


@per("deal_id", "stage_changes", unit="place", expect="+", served=False)
def furthest_place(move):
    """Furthest place in the funnel that the deal has reached."""
    return move.number.max()


@formula(unit="places", expect="-")
def fallen_back(furthest_place, stage_place):
    """Places in the funnel that the deal stands behind its furthest point."""
    return furthest_place - stage_place


@per("deal_id", "stage_changes", unit="days", expect="-", actionable=True)
def days_in_stage(move):
    """Days since the deal last moved to another stage."""
    return move.days_ago.min()


@per("deal_id", "stage_changes", unit="moves", empty=0)
def stage_moves(move):
    """Moves from one stage to another so far."""
    return move.count(where=move.previous.notnull())


@per("deal_id", "stage_changes", unit="moves", empty=0, expect="+")
def moves_forward(move):
    """Moves to a later stage so far."""
    return move.count(where=move.number > move.previous_number)


@per("deal_id", "stage_changes", unit="moves", empty=0, expect="-")
def moves_back(move):
    """Moves back to an earlier stage so far."""
    return move.count(where=move.number < move.previous_number)


@per("stage", "passages", unit="days", served=False)
def won_days_at_stage(passage):
    """Days that won deals have usually spent at this stage."""
    return passage.won_days.sum() / passage.won.sum().nullif(0)


@formula(unit="times", expect="-", actionable=True)
def pace_at_stage(days_in_stage, won_days_at_stage):
    """Time at this stage compared with that of won deals (1 is as long as theirs)."""
    return days_in_stage / won_days_at_stage.clip(lower=1)


def _days_in(move, counts, is_stage):
    """From each entry to now, less from each exit to now."""
    entries = move.days_ago.sum(where=counts & is_stage(move.text)).fill_null(0)
    return entries - move.days_ago.sum(where=counts & is_stage(move.previous)).fill_null(0)


@family(
    "deal_id",
    "stage_changes",
    of="text",
    most=20,
    unit="times",
    measures=(
        FamilyMeasure("entered", "{what}: times entered.", lambda move, counts, is_stage: move.count(where=counts & is_stage()), empty=0),
        FamilyMeasure("days", "{what}: days in it so far.", _days_in, unit="days", empty=0),
    ),
)
def stage_passed(move):
    """Stage “{value}”."""
    return happened(move)
