"""A simulated B2B SaaS company whose true probabilities are known: for the demo and for the tests."""

from dealml.simulate.simulation import Summary, simulate

__all__ = ["Summary", "simulate"]
