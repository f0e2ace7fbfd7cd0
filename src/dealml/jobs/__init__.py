"""The three jobs, as functions that the command line and the flows share: retrain, score, review."""
