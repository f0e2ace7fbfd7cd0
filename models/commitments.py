"""Commitment guardrails for `dealml check-commitments`: what may be promised freely, what needs whose approval, what is not on offer."""

from dealml import Commitment, CommitmentPolicy

COMMITMENTS = CommitmentPolicy(
    commitments=(
        # Price: a fifth off is the seller's own decision, up to two fifths finance decides, more is not on offer.
        Commitment("price", "discount", free=0.20, most=0.40, approver="finance", days=2),
        # A fifth of the scope may be made for the buyer; more is a project for the product team, half of it is none of ours.
        Commitment("customisation", "customisation", free=0.20, most=0.50, approver="product", days=5),
        Commitment("implementation", "implementation_days", free=30, most=15, approver="delivery", days=3),
        # A promised date, and a feature that does not exist yet.
        Commitment("timeline", "timeline_promise", free=0, approver="delivery", days=3),
        Commitment("roadmap", "roadmap_promise", free=0, approver="product", days=5),
    ),
)
