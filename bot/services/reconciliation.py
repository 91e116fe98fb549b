"""Asking providers what changed, in case a webhook got lost: each account of a guild on its own.

Each account has its own mark of how far it was asked. An account that cannot be asked, because its guild has taken it
back or its provider fails there, delays no other. Once it answers again, it is asked about the whole time in between.
"""

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from bot.domain.errors import BooksClosed, Busy
from bot.domain.orders import Observation, PaymentStatus
from bot.domain.product_purchases import ProductPurchase
from bot.domain.settlement_counts import Source
from bot.logs import of_kind
from bot.payments.provider import (
    Capability,
    PaymentReport,
    Provider,
    ProviderError,
    UnknownPurchase,
    UnreadablePurchase,
)
from bot.services import look_back
from bot.services.webhook_watch import WebhookWatch
from bot.storage.database import Database
from bot.storage.stores import guild_providers

log = logging.getLogger(__name__)


class Settle(Protocol):
    """Brings the books in line with a report. May be called any number of times."""

    async def __call__(self, report: PaymentReport, /, *, acknowledges: bool = True) -> bool:
        """Settle a report, and tell its provider about the coins if it `acknowledges`. Return whether it was news."""
        ...


Queue = Callable[[str, str, str], Awaitable[None]]
"""Makes an event, to be tried like any other, of a provider's name, an event's id and an external id."""


class Reconciliation:
    """The walks through what providers list. `watch` keeps count of news of payments."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], int],
        providers: Sequence[Provider],
        settle: Settle,
        watch: WebhookWatch,
        queue: Queue,
    ) -> None:
        self._database = database
        self._clock = clock
        self._providers = [provider for provider in providers if Capability.RECONCILE in provider.capabilities]
        self._settle = settle
        self._watch = watch
        self._queue = queue
        self._asked: set[tuple[str, str]] = set()
        """The accounts that were asked once since the start, so that nothing is left from before it."""

    async def reconcile(self, since_ms: int) -> None:
        """Settle everything that changed since `since_ms`, or since an account was last asked successfully, if that is
        longer ago; at most the last 30 days.

        What cannot be settled becomes an event. If a provider can say nothing at all, raises its error after asking the
        others. Raises Busy or BooksClosed at once.
        """
        failure: Exception | None = None
        for provider in self._providers:
            try:
                await self._ask(provider, since_ms)
            except (Busy, BooksClosed):
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is
                failure = error
        if failure is not None:
            raise failure

    async def _ask(self, provider: Provider, since_ms: int) -> None:
        """Ask about each account of a provider. Raise what went wrong only if no account could be asked."""
        if not provider.needs_account:
            await self._walk(provider, "", since_ms)
            return
        accounts = await self._database.read(guild_providers.accounts, provider.name)
        failures: list[ProviderError] = []
        for account in accounts:
            try:
                await self._walk(provider, account, since_ms)
            except UnknownPurchase:
                log.debug("Account %s of provider %s was taken back by its guild", account, provider.name)
            except ProviderError as error:
                failures.append(error)
                log.warning(
                    "Account %s of provider %s cannot be asked about payments; trying again later: %r",
                    account,
                    provider.name,
                    error,
                    extra=of_kind(f"account of {provider.name}"),
                )
        if failures and len(failures) == len(accounts):
            raise failures[0]

    async def _walk(self, provider: Provider, account: str, since_ms: int) -> None:
        began_ms = self._clock()
        since_ms = await self._database.read(look_back.begin_of, provider.name, account, since_ms, began_ms)
        # What happened while the bot was away could not be told: the webhook may be tried again later.
        is_watched = (provider.name, account) in self._asked
        unused: list[ProductPurchase] = []
        async for change in provider.changes(since_ms, [account] if account else []):
            if isinstance(change, ProductPurchase) and not (change.is_used or change.is_revoked):
                # Nobody waits for coins while others' purchases are used up, which Discord takes at its own pace.
                await self._take(change, is_watched=is_watched, acknowledges=False)
                unused.append(change)
            else:
                await self._take(change, is_watched=is_watched)
        for purchase in unused:
            await self._take(purchase, is_watched=is_watched)
        await self._database.writer.perform(look_back.note, provider.name, account, began_ms)
        self._asked.add((provider.name, account))

    async def _take(
        self, change: PaymentReport | UnreadablePurchase, *, is_watched: bool, acknowledges: bool = True
    ) -> None:
        if isinstance(change, Observation) and change.status is PaymentStatus.OPEN:
            return
        try:
            if not isinstance(change, UnreadablePurchase):
                is_news = await self._settle(change, acknowledges=acknowledges)
                if is_news and is_watched:
                    await self._watch.note_payment(change.provider, Source.RECONCILE)
                return
        except (Busy, BooksClosed):
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is
            log.debug(
                "Purchase %s of provider %s is queued as an event: %r", change.external_id, change.provider, error
            )
        # Each call sees the same change for days. Its event is recorded once, and once it is over it stays so.
        is_unreadable = isinstance(change, UnreadablePurchase)
        event_id = f"unreadable:{change.external_id}" if is_unreadable else change.event_id
        await self._queue(change.provider, event_id, change.external_id)
