"""What is dumped: one command line a line, as it was before the verbs were split and as it is now."""

from __future__ import annotations

from dataclasses import dataclass

NOW, BEFORE, LAST_WEEK = "2026-01-05", "2025-07-07", "2025-12-29"
DEALS = ("D003366", "D003385", "D006000")
ACCOUNT = "A00004"


@dataclass(frozen=True)
class Command:
    """A command to dump.

    Parameters
    ----------
    name
        The stem of the files that it writes.
    line
        The arguments; `{out}` is the folder of the dump. Standard output is written to `NAME.stdout`.
    earlier
        The arguments before issue 12, where they differ.
    deep
        Takes minutes, so that only `--deep` runs it.
    """

    name: str
    line: str
    earlier: str = ""
    deep: bool = False

    def for_verbs(self, verbs: set[str]) -> list[str]:
        """The arguments for a `dealml` that has these verbs."""
        line = self.line if not self.earlier or self.line.split()[0] in verbs else self.earlier
        return line.split()


def _per_model(model: str, stem: str) -> list[Command]:
    return [
        Command(f"{stem}-features", f"features {model} --as-of {NOW} --out {{out}}/{stem}-features.parquet"),
        Command(f"{stem}-features-before", f"features {model} --as-of {BEFORE} --out {{out}}/{stem}-features-before.parquet"),
        Command(
            f"{stem}-scores",
            f"score {model} --as-of {NOW} --out {{out}}/{stem}-scores.parquet --contributions {{out}}/{stem}-contributions.parquet --json",
        ),
        Command(f"{stem}-show", f"models show {model} --json"),
        Command(
            f"{stem}-changes",
            f"explain-change --model {model} --from {LAST_WEEK} --to {NOW} --out {{out}}/{stem}-changes.parquet",
            f"explain --model {model} --from {LAST_WEEK} --to {NOW} --out {{out}}/{stem}-changes.parquet",
        ),
        Command(f"{stem}-evaluate", f"evaluate {model} --json", deep=True),
    ]


def _per_entity(entity: str, setting: str) -> list[Command]:
    return [
        Command(f"explain-{entity}", f"explain {entity} --as-of {NOW} --json"),
        Command(
            f"change-{entity}",
            f"explain-change {entity} --from {LAST_WEEK} --to {NOW} --json",
            f"explain {entity} --from {LAST_WEEK} --to {NOW} --json",
        ),
        Command(
            f"what-if-{entity}",
            f"what-if {entity} {setting} --as-of {NOW} --json",
            f"explain {entity} --as-of {NOW} --what-if {setting} --json",
        ),
        Command(
            f"page-{entity}",
            f"deal-report {entity} --as-of {NOW} --out {{out}}/page-{entity}.html",
            f"explain {entity} --as-of {NOW} --out {{out}}/page-{entity}.html",
        ),
    ]


COMMANDS: tuple[Command, ...] = (
    *_per_model("deal_win", "deal_win"),
    *_per_model("account_churn", "account_churn"),
    *_per_entity(DEALS[0], "champion_depth_now=2"),
    *_per_entity(ACCOUNT, "segment=SMB")[:2],
    Command(f"explain-{DEALS[1]}", f"explain {DEALS[1]} --as-of {NOW} --json"),
    Command("explain-in-words", f"explain {DEALS[2]} --as-of {NOW} --evidence"),
    Command("forecast", f"forecast --as-of {NOW} --period 2026Q1 --out {{out}}/forecast.parquet --json"),
    Command("forecast-in-words", f"forecast --as-of {NOW} --period 2026Q1"),
    Command(
        "forecast-backtest",
        f"forecast-backtest --as-of {NOW} --period-kind quarter --periods 2 --json",
        f"forecast --backtest --as-of {NOW} --period-kind quarter --periods 2 --json",
    ),
    Command("outlook", f"outlook --as-of {NOW} --out {{out}}/outlook.parquet --json"),
    Command("metrics", f"metrics --from 2025-10-01 --to 2026-01-01 --as-of {NOW} --json"),
    Command("metrics-by-segment", f"metrics --from 2025-10-01 --to 2026-01-01 --as-of {NOW} --by segment --out {{out}}/metrics.parquet"),
    Command("models", "models list --json"),
    Command(
        "deal_win-review",
        f"review --from {LAST_WEEK} --to {NOW} --out {{out}}/deal_win-review.html"
        " --tables {out}/deal_win-review.xlsx --changes {out}/deal_win-review-changes.parquet",
    ),
    Command("deal_win-tables", f"review --as-of {NOW} --tables {{out}}/deal_win-tables --out {{out}}/deal_win-review-plain.html"),
    Command(
        "account_churn-review",
        f"review --model account_churn --as-of {NOW} --out {{out}}/account_churn-review.html --tables {{out}}/account_churn-tables",
    ),
    Command(
        "backtest",
        "backtest deal_win --out {out}/backtest.html --json",
        "evaluate deal_win --backtest --out {out}/backtest.html --json",
        deep=True,
    ),
    Command(
        "head-to-head",
        "compare-baseline deal_win --baseline heuristic --out {out}/head-to-head.html --json",
        "evaluate deal_win --against heuristic --out {out}/head-to-head.html --json",
        deep=True,
    ),
)
