"""The leak gate: searches for features that know what only the outcome could have told."""
