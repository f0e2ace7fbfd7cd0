"""The verdict of a contest in words, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from dealml.ledger.entities import EntityWord
from dealml.page.head_to_head.content import Estimate, HeadToHeadPage
from dealml.page.shared import filters
from dealml.page.shared.outcome_words import Words

SCORECARDS: dict[EntityWord, str] = {"deal": "models/heuristic.py", "lead": "models/lead_points.py"}
"""Where the rules of a scorecard stand."""
_BY_CHANCE = "chance may explain the difference"


@dataclass(frozen=True)
class HeadToHeadVerdict:
    """A headline, what it rests on, and what to do."""

    headline: str
    grounds: tuple[str, ...]
    advice: str


def verdict_of(page: HeadToHeadPage, words: Words) -> HeadToHeadVerdict:
    """The verdict that the differences and their intervals give."""
    whole = page.worked_a_week >= page.open_a_week
    them, how = page.them.name, "whole" if whole else _ahead(page.wins_ahead)
    grounds = [_wins_sentence(page, words, how)]
    if page.customers_ahead is not None and page.us.customers is not None and page.them.customers is not None:
        grounds.append(_customers(page, page.customers_ahead, page.us.customers, page.them.customers))
    if page.money_ahead is not None and page.us.money is not None and page.them.money is not None:
        grounds.append(_money(page))
    grounds.append(_surer(page.log_loss_saved, them))
    lot = "This version serves the base rate, so its lists are drawn by lot. " if page.rung == "base_rate" else ""
    rules = SCORECARDS.get(page.subject_word, "") if page.is_scorecard else ""
    return HeadToHeadVerdict(_headline(how, them, page.is_scorecard), tuple(grounds), lot + _advice(how, them, rules))


def share(estimate: Estimate | None) -> str:
    """A share with its interval: ``31% (21% to 42%)``."""
    if estimate is None:
        return filters.MISSING
    if estimate.low is None or estimate.high is None:
        return filters.percent(estimate.value)
    return f"{filters.percent(estimate.value)} ({filters.percent(estimate.low)} to {filters.percent(estimate.high)})"


def ahead(estimate: Estimate | None) -> str:
    """A difference of shares with its interval: ``+4 percentage points (−7 to +15)``."""
    if estimate is None:
        return filters.MISSING
    text = f"{filters.signed(estimate.value)} percentage points"
    if estimate.low is None or estimate.high is None:
        return text
    return f"{text} ({filters.signed(estimate.low)} to {filters.signed(estimate.high)})"


def _ahead(estimate: Estimate) -> str:
    if estimate.low is None or estimate.high is None:
        return "unknown"
    return "more" if estimate.low > 0 else "fewer" if estimate.high < 0 else "same"


def _headline(how: str, them: str, is_scorecard: bool) -> str:
    return {
        "more": f"Retire {them}: dealml finds more." if is_scorecard else f"dealml finds more than {them}.",
        "same": f"{filters.capitalize_first(them)} does as well.",
        "fewer": f"Keep {them}: it finds more than dealml.",
        "unknown": "There is too little to tell.",
        "whole": "Both lists hold all that is open: there is nothing to choose.",
    }[how]


def _wins_sentence(page: HeadToHeadPage, words: Words, how: str) -> str:
    conclusion = {
        "more": "More than chance explains",
        "same": "A difference that chance may explain",
        "fewer": "Fewer, and more than chance explains",
        "unknown": "No interval could be given",
        "whole": "Two lists of everything cannot differ",
    }[how]
    return (
        f"Working {page.worked_a_week:,.0f} of {page.open_a_week:,.0f} {words.plural} a week, dealml's lists held "
        f"{filters.percent(page.us.wins.value)} of the {words.count(page.wins_all)} that {words.outcome.happened}, "
        f"those of {page.them.name} {filters.percent(page.them.wins.value)}. {conclusion}: {ahead(page.wins_ahead)}."
    )


def _customers(page: HeadToHeadPage, gain: Estimate, ours: Estimate, theirs: Estimate) -> str:
    conclusion = {"more": "more than chance explains", "fewer": "fewer, beyond chance"}.get(_ahead(gain), _BY_CHANCE)
    return (
        f"Of the {page.customers_all:,} among them that are customers by the end of the data, dealml's lists held "
        f"{filters.percent(ours.value)}, those of {page.them.name} {filters.percent(theirs.value)}: {conclusion}."
    )


def _money(page: HeadToHeadPage) -> str:
    assert page.money_ahead is not None
    assert page.us.money is not None
    assert page.them.money is not None
    how = _ahead(page.money_ahead)
    conclusion = {"more": "more than chance explains", "fewer": "less, beyond chance"}.get(how, _BY_CHANCE)
    return (
        f"Of their money, {filters.money(page.money_all, page.currency)}, dealml's lists held {filters.percent(page.us.money.value)}, "
        f"those of {page.them.name} {filters.percent(page.them.money.value)}: {conclusion}."
    )


def _surer(saved: Estimate, them: str) -> str:
    conclusion = {
        "more": f"The probabilities of dealml are better than those of {them}",
        "fewer": f"The probabilities of dealml are worse than those of {them}",
    }.get(_ahead(saved), f"The probabilities of dealml are not shown to be better than those of {them}")
    interval = filters.interval(saved.low, saved.high)
    return f"{conclusion}: log loss lower by {filters.figure(saved.value)}{f' ({interval})' if interval else ''}."


def _advice(how: str, them: str, rules: str) -> str:
    keeps = f"The rules may stay in {rules}, so that each evaluation goes on comparing."
    return {
        "more": f"Rank by dealml's probability from now on.{f' {keeps}' if rules else ''}",
        "same": f"Nothing here says that {them} should go. Compare again when more outcomes are known.",
        "fewer": f"Go on ranking by {them}. What it knows and the model does not is worth a feature.",
        "unknown": "Compare again when more outcomes are known.",
        "whole": "Give a smaller --capacity: what your team can work in a week.",
    }[how]
