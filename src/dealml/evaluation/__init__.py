"""How good are the probabilities: metrics, their intervals, and pictures of both."""
