"""The entry point: verbs, errors as one line, exit codes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from typing import Annotated, Any, NoReturn

import typer

import dealml
from dealml.cli import demo, import_, init, ledger, metrics
from dealml.cli.choosing import check_commitments, choose, economics, qualify, scenarios
from dealml.cli.explaining import deal_report, explain, explain_change, what_if
from dealml.cli.forecasting import forecast, forecast_backtest, outlook
from dealml.cli.modelling import backtest, compare_baseline, evaluate, models, study, train, tune
from dealml.cli.moved import moved
from dealml.cli.overrides import forecast_value_added, override
from dealml.cli.reviewing import review, serve
from dealml.cli.scoring import features, replay, score
from dealml.errors import DealmlError, SetupError, UsageError

app = typer.Typer(
    name="dealml",
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    no_args_is_help=True,
    help="Calibrated, explained probabilities of winning deals and keeping customers, from a company's own CRM history.",
)
for verb in (
    init,
    demo,
    import_,
    features,
    tune,
    train,
    evaluate,
    backtest,
    compare_baseline,
    score,
    explain,
    explain_change,
    what_if,
    deal_report,
    outlook,
    replay,
    forecast,
    forecast_backtest,
    review,
    serve,
    forecast_value_added,
    metrics,
    scenarios,
    qualify,
    economics,
    check_commitments,
    choose,
):
    app.command(verb.__name__.rpartition(".")[2].strip("_").replace("_", "-"))(verb.command)
for group in (ledger, models, study, override):
    app.add_typer(group.app)


def _version(wanted: bool) -> None:
    if wanted:
        print(dealml.__version__)
        raise typer.Exit


@app.callback()
def options(
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version and end.", is_eager=True, callback=_version)] = False,
) -> None:
    """Keep `--debug` where `main` finds it."""


@cache
def _command() -> Any:
    """All verbs, put together once: typer reads the signature of each."""
    return typer.main.get_command(app)


_CallError: Any = typer.BadParameter.__bases__[0]
"""What typer raises when a command is called wrongly; it carries its own copy of click."""
_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command; an error that a user can act on is one line on standard error."""
    words = list(sys.argv[1:] if arguments is None else arguments) or ["--help"]
    debug, rest = "--debug" in words, [word for word in words if word != "--debug"]
    if message := moved(rest):
        _stop(message, UsageError.exit_code)
    try:
        code = _command()(["--debug"] * debug + rest, prog_name="dealml", standalone_mode=False)
    except BrokenPipeError:
        sys.exit(0)
    except (KeyboardInterrupt, typer.Abort):
        code = _INTERRUPTED
    except Exception as error:
        if debug:
            raise
        _stop(*_message(error))
    if code == _INTERRUPTED:  # typer turns an interrupt into this code, or passes it on, by its version
        _stop("stopped", _INTERRUPTED)
    sys.exit(code or 0)


def _message(error: Exception) -> tuple[str, int]:
    """An error in words, and its exit code."""
    if isinstance(error, DealmlError):
        return str(error), error.exit_code
    if isinstance(error, _CallError):
        return f"{error.format_message()} See: {error.ctx.command_path if error.ctx else 'dealml'} --help", UsageError.exit_code
    if isinstance(error, OSError):
        return f"{error.filename or 'system'}: {error.strerror or error}", SetupError.exit_code
    return f"internal error: {type(error).__name__}: {str(error)[:300]} (run again with --debug for the traceback)", DealmlError.exit_code


def _stop(text: str, code: int) -> NoReturn:
    print(f"dealml: {' '.join(filter(None, map(str.strip, text.splitlines())))}", file=sys.stderr)
    sys.exit(code)
