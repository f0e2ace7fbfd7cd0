"""Figures that are recorded in docs/benchmarks.md; `python -m benchmarks` makes them all."""
