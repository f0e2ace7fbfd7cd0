"""What a check of sense gets, and what it gives."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dealml.importing.identity.workspace import Workspace
from dealml.importing.mapping.extract import Extract


@dataclass(frozen=True)
class NewFacts:
    """The new facts of one extract."""

    number: int
    """Of the extract, among those whose files are there."""
    extract: Extract
    files: dict[str, Path]
    """By table, each fact with its `row`; a file changes when rows of it go to the quarantine."""

    def column(self, name: str) -> str:
        """The file's column that a column or an attribute comes from, or its own name where there is none."""
        origin = self.extract.columns.get(name) or self.extract.attributes.get(name)
        return origin.column or name if origin else name


@dataclass(frozen=True)
class SenseInputs:
    """What the checks look at."""

    work: Workspace
    facts: list[NewFacts]
    """Of the extracts that brought any."""
    currency: str
    """The company's; it needs no rate."""
    merged: dict[str, str]
    """By table of entities: the query of the ids in merges that are not on record yet."""

    def of(self, *tables: str) -> Iterator[tuple[NewFacts, str, Path]]:
        """The new facts of some tables: of which extract, the table and its file."""
        for facts in self.facts:
            yield from ((facts, name, facts.files[name]) for name in tables if name in facts.files)


@dataclass(frozen=True)
class SenselessRows:
    """Rows of one extract that make no sense."""

    facts: NewFacts
    query: str
    """Gives `row`, `column`, `value` and `reason`, all texts but the row."""
    key: tuple[str, ...] = ()
    """The key of the extract's mapping that is at fault, where one is."""
    about: str = ""
    """The table of entities whose record is missing, where one is."""
