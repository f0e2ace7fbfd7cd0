"""Outcomes: what models predict, by entity."""
