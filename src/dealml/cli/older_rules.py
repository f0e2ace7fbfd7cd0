"""What verbs that read or add facts say of a ledger of an older meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealml.cli.output import warn

if TYPE_CHECKING:
    from dealml.project import Project


def tell_older_rules(project: Project) -> dict[str, str | None]:
    """Warn in one line of batches that were imported under other rules, with how to rebuild the ledger.

    Returns
    -------
    dict
        The line, or null, as `--json` has it.
    """
    from dealml.ledger.older_rules import older_rules

    line = older_rules(project.ledger.folder)
    if line:
        warn(line)
    return {"older_rules": line}
