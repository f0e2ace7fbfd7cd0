"""A training tells what it does otherwise than the one before it; one by the same recipe has nothing to tell."""

from dealml.learning.rungs.recipe_changes import ARTEFACT_FORMAT, READABLE_FORMATS, changes_since


def test_what_changed_since_an_older_format_is_told() -> None:
    assert changes_since(ARTEFACT_FORMAT) == []
    assert [change for change in changes_since(4) if "one overall rate" in change]
    assert READABLE_FORMATS == (4, 5)
