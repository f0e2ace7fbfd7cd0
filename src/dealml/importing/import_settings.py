"""Settings of an import: what of a project's settings the reading of its extracts depends on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dealml.importing.sense.kinds import ADDED_LATER, DEFAULTS, Action

if TYPE_CHECKING:
    from dealml.importing.parsing.amount_limits import AmountLimits


@dataclass(frozen=True)
class ImportSettings:
    """How a company's extracts are read and judged."""

    time_zone: str = "UTC"
    """Where a calendar day begins: the zone of periods and of `--as-of`."""
    currency: str = "EUR"
    """The company's; amounts in it need no rate."""
    quarantine_share: float = 0.05
    """More than this share of a table's rows in the quarantine ends the import, ..."""
    quarantine_rows: int = 20
    """... where they are at least this number of them."""
    largest_rate_change: float = 20.0
    """A rate that is more than this many times its currency's last, or less than the same part of it, is refused."""
    largest_amount: Mapping[str, float] = field(default_factory=dict)
    """The largest amount of a deal by currency; others have a default."""
    actions: Mapping[str, Action] = field(default_factory=dict)
    """What becomes of facts that make no sense, by kind; as in `DEFAULTS` where it is silent."""

    def action(self, kind: str) -> Action:
        """What becomes of facts of a kind."""
        return self.actions.get(kind, DEFAULTS[kind])

    @property
    def amount_limits(self) -> AmountLimits:
        """The largest amounts of deals."""
        from dealml.importing.parsing.amount_limits import AmountLimits

        return AmountLimits(self.currency, self.largest_amount)

    @property
    def reading(self) -> str:
        """What rows become facts depends on these settings, as a text: it is part of a batch's digest."""
        amounts = ",".join(f"{currency}={amount!r}" for currency, amount in sorted(self.largest_amount.items()))
        later = [f"{kind}={self.action(kind)}" for kind in ADDED_LATER if self.action(kind) != DEFAULTS[kind]]
        actions = ",".join([self.action(kind) for kind in DEFAULTS if kind not in ADDED_LATER] + later)
        return " ".join((self.time_zone, self.currency, amounts, repr(self.largest_rate_change), actions))
