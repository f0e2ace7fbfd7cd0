"""Learning: snapshots, labels, and models that are fitted on them."""
