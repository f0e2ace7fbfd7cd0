"""`dealml ledger`: list, undo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dealml.cli.options import HERE, Json, ProjectFolder, open_project
from dealml.cli.output import say, say_json, say_table

if TYPE_CHECKING:
    from dealml.ledger.batches import Manifest

app = typer.Typer(name="ledger", rich_markup_mode=None, help="The batches of facts that imports brought.")
_COUNTS = ("rows_in", "accepted", "quarantined", "duplicates")


@app.command("list")
def list_batches(project: ProjectFolder = HERE, json: Json = False) -> None:
    """List the batches of the ledger in the order of their import."""
    from dealml.ledger.batches import manifests

    batches = sorted((manifest for _, manifest in manifests(open_project(project).ledger.folder)), key=lambda m: (m.number, m.batch))
    if json:
        say_json({"batches": [_entry(manifest) for manifest in batches]})
        return
    columns = ("batch", "source", "imported at", *(name.replace("_", " ") for name in _COUNTS))
    say_table(columns, [[m.batch[:16], m.source, m.imported_at, *(f"{_total(m, name):,}" for name in _COUNTS)] for m in batches])


@app.command("undo")
def undo_batch(
    batch: Annotated[str, typer.Argument(metavar="BATCH", help="The batch's digest, or how it begins.")],
    project: ProjectFolder = HERE,
    force: Annotated[bool, typer.Option("--force", help="Also when later imports may lack facts then.")] = False,
    json: Json = False,
) -> None:
    """Take a batch out of the ledger."""
    from dealml.ledger.undo import undo

    manifest = undo(open_project(project).ledger.folder, batch, force)
    if json:
        say_json(_entry(manifest))
        return
    say(f"{manifest.batch[:16]} of {manifest.source} is gone: {_total(manifest, 'accepted'):,} rows, {', '.join(sorted(manifest.facts))}")


def _entry(manifest: Manifest) -> dict[str, object]:
    totals = {name: _total(manifest, name) for name in _COUNTS}
    return {"batch": manifest.batch, "source": manifest.source, "number": manifest.number, "imported_at": manifest.imported_at} | totals


def _total(manifest: Manifest, what: str) -> int:
    return sum(int(str(count[what])) for count in manifest.counts)
