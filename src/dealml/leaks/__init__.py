"""The leak gate: searches for features that contain information from the outcome."""
