"""`dealml init`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from dealml.cli.next_steps import program, say_next
from dealml.cli.output import say, warn


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to make the project.")],
    upgrade: Annotated[bool, typer.Option("--upgrade", help="Bring the files of a project that an older version made up to date.")] = False,
) -> None:
    """Make a project: your own features, models, flows and settings."""
    from dealml.project import make_project

    if upgrade:
        _upgrade(folder)
        return
    made = make_project(folder)
    say(f"{folder}: made {', '.join(made)}" if made else f"{folder}: a project already, left as it is")
    say_next(["demo", str(folder / "company")])
    say(f"or your own export: {program()} import EXPORT --mapping MAPPING --project {shlex.quote(str(folder))}")


def _upgrade(folder: Path) -> None:
    from dealml.upgrade.project import upgrade_project

    report = upgrade_project(folder)
    for line in report.changes:
        say(line)
    for line in report.by_hand:
        warn(f"change by hand: {line}")
    say(f"{folder}: {len(report.changes)} changes" if report.changes else f"{folder}: up to date")
