"""Scoring: probabilities with reasons, written to files and a database."""
