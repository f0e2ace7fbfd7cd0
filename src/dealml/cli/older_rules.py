"""What verbs that read or add facts say of a ledger of an older meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dealml.cli.output import warn

if TYPE_CHECKING:
    from dealml.project import Project


def tell_older_rules(project: Project) -> None:
    """Warn in one line of batches that were imported under other rules, with how to rebuild the ledger."""
    from dealml.ledger.older_rules import older_rules

    if line := older_rules(project.ledger.folder):
        warn(line)
