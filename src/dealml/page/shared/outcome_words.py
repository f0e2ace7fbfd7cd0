"""The few words in which a page about winning deals differs from one about accounts that may leave or leads that may convert."""

from dataclasses import dataclass, replace

from dealml.ledger.entities import EntityWord, OutcomeWord


@dataclass(frozen=True)
class OutcomeWords:
    """Wording that depends on what is predicted."""

    chance: str
    happened: str
    amount: str
    expected: str
    due: str
    stage: str
    adjective: str
    worth: str
    headline: str
    speaks_for: str
    speaks_against: str
    adding_up: str
    segment: str = "Segment"
    happened_once: str = ""
    """What happened to one of them, where `happened` does not say it of one too."""
    counts: bool = False
    """Whether entities are added up and not money: then a page has no amounts, and `due` is the last touch."""


@dataclass(frozen=True)
class Words:
    """Wording of one page: the subject's two forms and the outcome's phrases."""

    singular: str
    plural: str
    outcome: OutcomeWords

    def count(self, number: int) -> str:
        """Say "1 deal" or "1,234 deals"."""
        return f"{number:,} {self.singular if number == 1 else self.plural}"


_CONVERT = OutcomeWords(
    chance="Chance to become a deal",
    happened="became deals",
    happened_once="became a deal",
    amount="Amount",
    expected="Expected value",
    due="Last touch",
    stage="Status",
    adjective="open",
    worth="worth",
    headline="expected to become deals",
    speaks_for="Speaks for a deal",
    speaks_against="Speaks against a deal",
    adding_up="Added up, the chances are the deals to expect",
    segment="Source",
    counts=True,
)

_OUTCOMES: dict[OutcomeWord, OutcomeWords] = {
    "win": OutcomeWords(
        chance="Chance to win",
        happened="were won",
        amount="Amount",
        expected="Expected value",
        due="Close date",
        stage="Stage",
        adjective="open",
        worth="worth",
        headline="expected to be won",
        speaks_for="Speaks for winning",
        speaks_against="Speaks against winning",
        adding_up="added up, it is what the pipeline is expected to bring",
    ),
    "leave": OutcomeWords(
        chance="Risk of leaving",
        happened="left",
        amount="ARR",
        expected="ARR at risk",
        due="Renewal",
        stage="Plan",
        adjective="subscribed",
        worth="paying",
        headline="a year at risk of leaving",
        speaks_for="Speaks for leaving",
        speaks_against="Speaks for staying",
        adding_up="added up, it is the yearly revenue expected to be lost",
    ),
    "convert": _CONVERT,
    "buy": replace(
        _CONVERT,
        chance="Chance to become a customer",
        happened="became customers",
        happened_once="became a customer",
        headline="expected to become customers",
        speaks_for="Speaks for a customer",
        speaks_against="Speaks against a customer",
        adding_up="Added up, the chances are the customers to expect",
    ),
}


def words_of(subject: EntityWord, outcome: OutcomeWord) -> Words:
    """Wording for a subject and an outcome."""
    return Words(singular=subject, plural=f"{subject}s", outcome=_OUTCOMES[outcome])
