"""Verbs that choose where to compete."""
