"""The commands that a verb prints for the user to paste next."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path

from dealml.cli.output import say


def program() -> str:
    """How to call dealml from the same terminal: by name where the shell finds it, otherwise the way this run was called."""
    called = Path(sys.argv[0])
    if called.stem == "__main__" and called.parent.name == "dealml":
        return f"{shlex.quote(sys.executable)} -m dealml"
    return shlex.quote(sys.argv[0]) if called.stem == "dealml" and shutil.which("dealml") is None else "dealml"


def say_next(*commands: list[str]) -> None:
    """Print commands, given as the words after `dealml`, quoted for the shell."""
    say("Next:")
    for words in commands:
        say(f"  {program()} {shlex.join(words)}")
