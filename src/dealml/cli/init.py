"""`dealml init`."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from dealml.cli.next_steps import program, say_next
from dealml.cli.output import say


def command(folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to make the project.")]) -> None:
    """Make a project: your own features, models, flows and settings."""
    from dealml.project import make_project

    made = make_project(folder)
    say(f"{folder}: made {', '.join(made)}" if made else f"{folder}: a project already, left as it is")
    say_next(["demo", str(folder / "company")])
    say(f"or your own export: {program()} import EXPORT --mapping MAPPING --project {shlex.quote(str(folder))}")
