"""Choosing where to compete: jobs that weigh open deals and leads against a company's own past."""
