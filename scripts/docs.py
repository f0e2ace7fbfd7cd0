"""Write the pages of docs/ that follow from the code: `make docs`."""

from __future__ import annotations

from pathlib import Path

from dealml.cli.reference import markdown as cli_page
from dealml.features.definition import Feature
from dealml.features.dictionary import markdown as features_page
from dealml.ledger.contract import markdown as contract_page
from dealml.loading import load_model, model_names
from dealml.settings import markdown as settings_page

ROOT = Path(__file__).parents[1]


def pages() -> dict[str, str]:
    """Each generated page, by its path from the root."""
    specs = [load_model(ROOT, name) for name in model_names(ROOT)]
    together: dict[tuple[Feature, ...], list[str]] = {}
    for spec in specs:
        together.setdefault(spec.all_features, []).append(spec.name)
    return {
        "docs/features.md": features_page({" and ".join(sorted(names, reverse=True)): known for known, names in together.items()}),
        "docs/data-contract.md": contract_page(),
        "docs/cli.md": cli_page(),
        "docs/settings.md": settings_page(),
    }


if __name__ == "__main__":
    for name, text in pages().items():
        (ROOT / name).write_text(text, encoding="utf-8")
