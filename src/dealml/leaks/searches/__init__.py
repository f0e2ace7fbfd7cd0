"""Searches for features that contain the outcome: what the leak gate looks for in each of them."""
