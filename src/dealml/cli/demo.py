"""`dealml demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dealml.cli.options import Json
from dealml.cli.output import say, say_json


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write the company.")] = Path("demo"),
    deals: Annotated[int, typer.Option(min=10, metavar="N", help="How many deals.")] = 6000,
    customers: Annotated[int, typer.Option(min=1, metavar="N", help="How many customers.")] = 800,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="The same seed gives the same company.")] = 7,
    json: Json = False,
) -> None:
    """Simulate a B2B company's CRM export, with the true probabilities beside it."""
    from dealml.simulate import simulate

    summary = simulate(folder, deals, customers, seed)
    if json:
        say_json({"folder": str(folder)} | vars(summary))
        return
    say(f"{folder / 'export'}: {deals:,} deals and {customers:,} customers over three years, as a CRM would export them")
    say(f"{folder / 'truth'}: the true probability of every deal at every Monday; no import or feature reads it")
    say(f"Next: dealml import {folder / 'export'} --mapping examples/demo/mapping.yaml")
