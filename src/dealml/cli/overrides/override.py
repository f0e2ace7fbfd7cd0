"""`dealml override`: add, import, list."""

from __future__ import annotations

import typer

from dealml.cli.overrides import override_add, override_import, override_list

app = typer.Typer(name="override", rich_markup_mode=None, help="What people judge of deals, kept with the model's number, never over it.")
app.command("add")(override_add.command)
app.command("import")(override_import.command)
app.command("list")(override_list.command)
