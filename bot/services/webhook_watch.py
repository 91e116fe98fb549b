"""Watches whether webhooks arrive: one whose address was deleted at the provider fails without a sound.

Payments are settled all the same, because providers are also asked what has changed, but up to ten minutes later.
"""

import logging
from collections.abc import Collection

from bot.domain.settlement_counts import SILENT_AFTER, SettlementCount, Source
from bot.storage.database import Database
from bot.storage.stores import settlement_counts

log = logging.getLogger(__name__)


class WebhookWatch:
    """Counts by which source payments became known. `with_webhook` names the providers that have a webhook."""

    def __init__(self, database: Database, with_webhook: Collection[str]) -> None:
        self._database = database
        self._with_webhook = frozenset(with_webhook)
        self._silent: frozenset[str] = frozenset()

    @property
    def silent(self) -> list[str]:
        """The providers whose webhooks seem not to arrive, as this process last read it."""
        return sorted(self._silent)

    async def load(self) -> None:
        """Read the counts. Another process may be the one that is told, or that asks."""
        counts = await self._database.read(settlement_counts.counts)
        self._silent = frozenset(
            count.provider for count in counts if count.is_silent and count.provider in self._with_webhook
        )

    async def note_payment(self, provider: str, source: Source) -> None:
        """Count the news of a payment."""
        if provider not in self._with_webhook:
            return
        count = await self._database.writer.perform(settlement_counts.add, provider, source)
        if count.is_silent:
            self._silent |= {provider}
            if count.missed == SILENT_AFTER:
                _warn(count)

    def note_webhook(self, provider: str, silent_payments: int) -> None:
        """Note that a webhook was recorded, whatever it is about. `silent_payments` counts those before it."""
        self._silent -= {provider}
        if silent_payments >= SILENT_AFTER:
            log.info("Webhooks of provider %s arrive again: /healthz no longer calls them silent", provider)


def _warn(count: SettlementCount) -> None:
    log.warning(
        "No webhook of provider %s told of its last %d payments: they were found by asking, up to ten minutes late. So "
        "far webhooks told of %d payments, and %d were found by asking. Check the webhook's address and secret at the "
        "provider. Until the next webhook arrives, /healthz names these webhooks as silent.",
        count.provider,
        count.missed,
        count.by_webhook,
        count.by_reconcile,
    )
