"""What is predicted: one specification for each model."""
