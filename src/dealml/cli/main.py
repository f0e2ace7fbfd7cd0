"""The entry point: verbs, errors as one line, exit codes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated

import typer

from dealml.cli import demo, evaluate, explain, features, import_, init, review, score, train
from dealml.errors import DealmlError

app = typer.Typer(
    name="dealml", rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False, no_args_is_help=True,
    help="Calibrated, explained probabilities of winning deals and keeping customers, from a company's own CRM history.",
)
for verb in (init, demo, import_, features, train, evaluate, score, explain, review):
    app.command(verb.__name__.rpartition(".")[2].strip("_"))(verb.command)


@app.callback()
def options(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
) -> None:
    """Keep `--debug` where `main` finds it."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; an error that a user can act on is one line on standard error."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in words
    try:
        app(["--debug", *(word for word in words if word != "--debug")] if debug else words, standalone_mode=True)
    except DealmlError as error:
        if debug:
            raise
        print(f"dealml: {' '.join(str(error).split())}", file=sys.stderr)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("dealml: stopped", file=sys.stderr)
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(0)
    except Exception as error:
        if debug:
            raise
        print(f"dealml: internal error: {type(error).__name__}: {' '.join(str(error).split())[:300]} (run again with --debug for the traceback)", file=sys.stderr)
        sys.exit(1)
