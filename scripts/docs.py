"""Write the pages of docs/ that follow from the code: `make docs`."""

from __future__ import annotations

from pathlib import Path

from dealml.cli.reference_docs import markdown as cli_page
from dealml.features.definition import Feature
from dealml.features.dictionary import markdown as features_page
from dealml.ledger.schema_docs import markdown as contract_page
from dealml.load_definitions import load_model, model_names
from dealml.sales_metrics.reference_docs import HEADING, section
from dealml.settings import settings_page as settings_page

ROOT = Path(__file__).parents[1]


def pages() -> dict[str, str]:
    """Each generated page, by its path from the root."""
    specs = [load_model(ROOT, name) for name in model_names(ROOT)]
    together: dict[tuple[Feature, ...], list[str]] = {}
    for spec in specs:
        together.setdefault(spec.dictionary, []).append(spec.name)
    return {
        "docs/features.md": features_page({" and ".join(sorted(names, reverse=True)): known for known, names in together.items()}),
        "docs/data-contract.md": contract_page(),
        "docs/cli.md": cli_page(),
        "docs/settings.md": settings_page(),
        "docs/metrics.md": _metrics_page(),
    }


def _metrics_page() -> str:
    """The page on metrics: the part on models is written by hand, that on sales follows from the code."""
    by_hand = (ROOT / "docs" / "metrics.md").read_text(encoding="utf-8").split(HEADING)[0].rstrip()
    return f"{by_hand}\n\n{section()}"


if __name__ == "__main__":
    for name, text in pages().items():
        (ROOT / name).write_text(text, encoding="utf-8")
