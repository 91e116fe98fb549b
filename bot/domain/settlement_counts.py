"""What brings news of payments: a provider's webhooks, or only our asking. A webhook that has stopped must not go
unnoticed."""

from dataclasses import dataclass
from enum import StrEnum

SILENT_AFTER = 3
"""Payments in a row, found only by asking, after which the webhooks of a provider count as silent."""


class Source(StrEnum):
    """What brought the news of a payment."""

    WEBHOOK = "webhook"
    RECONCILE = "reconcile"


@dataclass(frozen=True, slots=True)
class SettlementCount:
    """How often each source brought the news of a provider's payments.

    `missed` counts what was found by asking since the last webhook came.
    """

    provider: str
    by_webhook: int = 0
    by_reconcile: int = 0
    missed: int = 0

    @property
    def is_silent(self) -> bool:
        """Whether the provider's webhooks seem not to arrive."""
        return self.missed >= SILENT_AFTER
