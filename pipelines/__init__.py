"""When it runs: Prefect flows, no logic."""
