"""What is expected to be won by when: periods, curves over time, distributions of money."""
