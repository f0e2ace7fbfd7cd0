"""Commitment guardrails: what may be promised to a buyer freely, what needs whose approval, and what is not on offer."""
