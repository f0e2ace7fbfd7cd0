"""What trainings do otherwise than those of earlier artefact formats: told when a model is trained anew."""

from __future__ import annotations

ARTEFACT_FORMAT = 5
"""Of the artefacts that are written."""

READABLE_FORMATS = (4, ARTEFACT_FORMAT)
"""Another one is refused; an older one keeps its scores and reasons to the last bit."""

CHANGES = {
    5: "trees start from one overall rate instead of the base rate of each horizon, so probabilities of long horizons may move "
    "(docs/compatibility.md)",
}
"""By the format that came with it: what a training does otherwise since."""


def changes_since(artefact_format: int) -> list[str]:
    """What changed in training since an artefact of that format was written, the oldest change first."""
    return [change for since, change in sorted(CHANGES.items()) if since > artefact_format]
