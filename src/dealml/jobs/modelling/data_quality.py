"""The section of a model card about its data: what imports refused and noted, by kind."""

from __future__ import annotations

from collections import Counter

from dealml.importing.notes import Notes
from dealml.ledger.batches import manifests
from dealml.ledger.ledger import Ledger
from dealml.page.model_card import CardSection


def data_quality_of(ledger: Ledger) -> CardSection:
    """What the imports into a ledger refused and noted, with the first example of each note."""
    refused: Counter[str] = Counter()
    notes = Notes()
    for _, manifest in manifests(ledger.folder):
        refused.update(manifest.quarantined_kinds)
        notes.merge(Notes.of(manifest.notes))
    rows = [(kind, f"{number:,}", "quarantined") for kind, number in sorted(refused.items())]
    for note in notes.listed:
        example = "".join(f" ({shown.file}:{shown.row}: {shown.text})" for shown in note.examples[:1])
        rows.append((note.kind, f"{note.count:,}", note.meaning + example))
    sentence = "What imports refused or noted, by kind." if rows else "Imports refused and noted nothing."
    return CardSection("Data quality", (sentence,), ("kind", "rows", "what"), tuple(rows), words=("what",))
