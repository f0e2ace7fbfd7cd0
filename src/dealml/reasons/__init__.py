"""Reasons: what a probability is made of, in words, with the evidence of the company's own past."""
