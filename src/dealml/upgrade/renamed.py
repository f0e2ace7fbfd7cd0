"""What moved for the files that users own: internal modules that they imported, and settings by their old names."""

from __future__ import annotations

from dealml.learning.spec import RENAMED_SETTINGS as TREE_SETTINGS

PUBLIC_MODULES = ("dealml", "dealml.flows")
"""The modules that a project's files may import."""

_ERRORS = ("DealmlError", "UsageError", "InputError", "ModelError", "SetupError", "GateRefused")

PUBLIC_NAMES: dict[tuple[str, str], tuple[str, str]] = {
    **{("dealml.errors", name): ("dealml", name) for name in _ERRORS},
    **{("dealml.features.windows", name): ("dealml", name) for name in ("happened", "within")},
    **{("dealml.features.definition", name): ("dealml", name) for name in ("per", "formula", "Feature")},
    ("dealml.features.shrinkage", "shrunken"): ("dealml", "shrunken"),
    **{("dealml.learning.spec", name): ("dealml", name) for name in ("Model", "Shown", "Trees")},
    ("dealml.learning.gate", "Gate"): ("dealml", "Gate"),
    **{("dealml.learning.scorecard", name): ("dealml", name) for name in ("Scorecard", "Points")},
    **{("dealml.learning.outcomes", name): ("dealml", name) for name in ("Won", "Lost", "Cancelled", "Silent")},
    ("dealml.ledger.ledger", "Ledger"): ("dealml", "Ledger"),
    ("dealml.jobs.progress", "Progress"): ("dealml.flows", "Progress"),
    ("dealml.cli.options", "moment"): ("dealml.flows", "parse_moment"),
    ("dealml.loading", "model_names"): ("dealml.flows", "models_of"),
    ("dealml.loading", "leading_models"): ("dealml.flows", "models_with_pages"),
}
"""By old module and name: the public module and name."""

RENAMED_SETTINGS = {
    "Trees": TREE_SETTINGS,
    "Gate": {
        "least_gain": "min_log_loss_gain",
        "most_calibration_error": "max_calibration_error",
        "most_calibration_loss": "max_calibration_error_increase",
        "most_segment_auc_loss": "max_segment_auc_loss",
        "least_segment_outcomes": "min_segment_outcomes",
    },
}
"""By class: the settings of the version before, and what each is called now."""
