"""Linear features: each fact is aggregated once, in the interval between two snapshots, and intervals are combined."""
