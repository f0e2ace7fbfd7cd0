"""What runs say of a ledger that an earlier dealml filled under other rules."""

from prefect import get_run_logger

from dealml.flows import older_rules


def notes_of_older_rules(project: str) -> list[str]:
    """The line that says how to rebuild the ledger, which is logged too; nothing where the ledger follows today's rules."""
    line = older_rules(project)
    if line is None:
        return []
    get_run_logger().warning("%s", line)
    return [line]
