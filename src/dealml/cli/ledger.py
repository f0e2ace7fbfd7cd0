"""`dealml ledger`: list, undo."""

from __future__ import annotations

from typing import Annotated

import typer

from dealml.cli.options import HERE, Json, ProjectFolder, open_project
from dealml.cli.output import say, say_json, say_table

app = typer.Typer(name="ledger", rich_markup_mode=None, help="The batches of facts that imports brought.")


@app.command("list")
def list_batches(project: ProjectFolder = HERE, json: Json = False) -> None:
    """List the batches of the ledger in the order of their import."""
    from dealml.ledger.batch_list import COUNTS, batch_list

    batches = batch_list(open_project(project).ledger.folder)
    if json:
        say_json({"batches": batches})
        return
    columns = ("batch", "source", "imported at", *(name.replace("_", " ") for name in COUNTS))
    say_table(columns, [[str(b["batch"])[:16], b["source"], b["imported_at"], *(f"{b[name]:,}" for name in COUNTS)] for b in batches])


@app.command("undo")
def undo_batch(
    batch: Annotated[str, typer.Argument(metavar="BATCH", help="The batch's digest, or how it begins.")],
    project: ProjectFolder = HERE,
    force: Annotated[bool, typer.Option("--force", help="Also when later imports may lack facts then.")] = False,
    json: Json = False,
) -> None:
    """Take a batch out of the ledger."""
    from dealml.ledger.batch_list import batch_entry
    from dealml.ledger.undo import undo

    manifest = undo(open_project(project).ledger.folder, batch, force)
    entry = batch_entry(manifest)
    if json:
        say_json(entry)
        return
    say(f"{manifest.batch[:16]} of {manifest.source} is gone: {entry['accepted']:,} rows, {', '.join(sorted(manifest.facts))}")
