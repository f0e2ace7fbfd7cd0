"""Evaluation of probabilities: metrics with intervals, and figures."""
