"""When it runs: Prefect flows over the jobs of `dealml`, no logic."""

from pipelines import environment  # noqa: F401  (first of all: Prefect reads its settings when it is imported)
