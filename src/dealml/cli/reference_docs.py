"""The command line as a page: `docs/cli.md`, written from the verbs and errors themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import typer

from dealml.cli.main import app
from dealml.errors import DealmlError

_HEAD = """\
# Command line

Written by `make docs` from `src/dealml/cli/`; do not edit by hand.

Every verb takes `--help`. What is asked for goes to standard output, progress, notes and errors to standard error.
An error is one line that says what to do, and leaves earlier results as they are; `--debug` adds the traceback.

## Exit codes
| code | when |
|---|---|
| 0 | Done. |
"""


def markdown() -> str:
    """The text of `docs/cli.md`."""
    errors: list[type[DealmlError]] = sorted([DealmlError, *DealmlError.__subclasses__()], key=lambda error: error.exit_code)
    codes = "".join(f"| {error.exit_code} | {_meaning(error)} |\n" for error in errors)
    group: Any = typer.main.get_command(app)
    return _HEAD + codes + "".join(_section(name, command) for name, command in _commands(group))


def _commands(group: Any, before: str = "") -> Iterator[tuple[str, Any]]:
    """Every command with its words, those of a group under the group's own name."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


def _meaning(error: type[DealmlError]) -> str:
    return "An unexpected error." if error is DealmlError else str(error.__doc__).split("\n")[0]


def _section(name: str, command: Any) -> str:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option"]
    usage = " ".join(["dealml", name, *(f"[{p.metavar}]" if not p.required else str(p.metavar) for p in arguments)])
    rows = [f"| `{_called(p)}` | {p.help}{_default(p)} |\n" for p in [*arguments, *options]]
    return f"\n## `{usage}`\n{command.help}\n\n| | |\n|---|---|\n" + "".join(rows)


def _called(parameter: Any) -> str:
    if parameter.param_type_name == "argument":
        return str(parameter.metavar)
    value = "" if parameter.is_flag else f" {parameter.metavar}"
    return f"{parameter.opts[0]}{value}"


def _default(parameter: Any) -> str:
    if parameter.required and parameter.param_type_name == "option":
        return " Required."
    return "" if parameter.default in (None, False) or parameter.required else f" Default `{parameter.default}`."
