"""Hypothesis without a time limit per example: two shared cores make timings vary."""

from hypothesis import settings

settings.register_profile("evaluation", parent=settings(), deadline=None)
settings.load_profile("evaluation")
