"""Forecasts: the money won in a period, as a distribution, and the outcome of deals over time."""
