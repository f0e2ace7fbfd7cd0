"""Links to a deal's row."""

from urllib.parse import quote

from dealml.page.review.content import Review
from dealml.page.shared import filters
from dealml.page.shared.outcome_words import Words


def anchor(words: Words, entity_id: str) -> str:
    """Id of a row's element and fragment of its link; the unreserved marks are those of encodeURIComponent."""
    return f"{words.singular}-" + quote(filters.clean(entity_id), safe="!'()*")


def anchors_of(review: Review, words: Words) -> dict[str, str]:
    """Link of each row by its id."""
    return {row.entity_id: anchor(words, row.entity_id) for row in review.rows}
