"""A flow from the command line, its parameters as options: `python -m pipelines.score --models deal_win`."""

import argparse
import inspect
import sys
from typing import Any

from prefect import Flow

from dealml import DealmlError


def run(flow: Flow[..., Any], arguments: list[str] | None = None) -> None:
    """Run a flow; an error that a user can act on ends in one line and its exit code."""
    values = vars(_parser(flow).parse_args(arguments))
    try:
        flow(**{name: value for name, value in values.items() if value is not None})
    except DealmlError as error:
        print(f"{flow.name}: {' '.join(str(error).split())}", file=sys.stderr)
        sys.exit(error.exit_code)


# Typer takes several values of an option only as `--models a --models b`; flows take `--models a b`, so the parser is argparse's.
def _parser(flow: Flow[..., Any]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        f"python -m pipelines.{flow.name}", description=inspect.getdoc(flow.fn), formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for name, parameter in inspect.signature(flow.fn, eval_str=True).parameters.items():
        several = "list" in str(parameter.annotation)
        parser.add_argument(
            f"--{name.replace('_', '-')}",
            required=parameter.default is parameter.empty,
            nargs="+" if several else None,
            metavar=name.upper(),
        )
    return parser
