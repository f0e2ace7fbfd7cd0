"""`dealml demo`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dealml.cli.next_steps import say_next
from dealml.cli.options import Json
from dealml.cli.output import say, say_json
from dealml.errors import InputError
from dealml.files import atomic_write

EXTRACTED = "2026-01-05"
"""The Monday on which the company's export ends."""


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write the company.")] = Path("demo"),
    deals: Annotated[int, typer.Option(min=10, metavar="N", help="How many deals.")] = 6000,
    customers: Annotated[int, typer.Option(min=1, metavar="N", help="How many customers.")] = 800,
    seed: Annotated[int, typer.Option(min=0, metavar="N", help="The same seed gives the same company.")] = 7,
    json: Json = False,
) -> None:
    """Simulate a B2B company's CRM export, its mapping, and the true probabilities of its deals and leads."""
    from dealml.project import demo_mapping
    from dealml.simulate import simulate

    mapping = folder / "mapping.yaml"
    content = demo_mapping().read_text(encoding="utf-8")
    if mapping.exists() and mapping.read_text(encoding="utf-8") != content:
        raise InputError(f"{mapping}: holds another mapping, which stays as it is; write the company to another folder")
    summary = simulate(folder, deals, customers, seed)
    with atomic_write(mapping) as target:
        target.write_text(content, encoding="utf-8")
    if json:
        say_json({"folder": str(folder), "mapping": str(mapping)} | vars(summary))
        return
    say(f"{folder / 'export'}: {deals:,} deals, {customers:,} customers and their leads over three years, as a CRM would export them")
    say(f"{folder / 'truth'}: the true probability of every deal and lead at every Monday; no import or feature reads it")
    say(f"{mapping}: how the columns of this export map to dealml's tables")
    say_next(*_next_steps(folder))


def _next_steps(folder: Path) -> list[list[str]]:
    """From the export to a review page, in the project that the folder is in, or else in a new one inside the folder."""
    from dealml.settings import SETTINGS_FILE

    project = next((parent for parent in (folder.parent, Path()) if (parent / SETTINGS_FILE).is_file()), None)
    target = folder / "project" if project is None else project
    option = [] if target == Path() else ["--project", str(target)]
    return [
        *([["init", str(target)]] if project is None else []),
        ["import", str(folder / "export"), "--mapping", str(folder / "mapping.yaml"), *option],
        ["train", "deal_win", *option],
        ["review", "--as-of", EXTRACTED, "--out", str(target / "review.html"), *option],
    ]
