"""Families of features: one definition, one feature for each of the most frequent values."""
