"""What providers report about payments. Each event is handled on its own, waits for no other, and comes to an end."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from bot.domain.errors import BooksClosed, Busy, ClockDoubtful, ForgedWebhook, NotFound
from bot.domain.noted_payments import NO_ORDER, PaidNotice
from bot.domain.payment_cases import CaseKind, PaymentCase
from bot.domain.payment_events import pause_after
from bot.domain.settlement_counts import Source
from bot.payments.provider import (
    Capability,
    ForeignPurchase,
    Provider,
    ProviderError,
    UnknownPurchase,
    account_of,
)
from bot.services.payment_notes import note_notice
from bot.services.reconciliation import Reconciliation, Settle
from bot.services.webhook_watch import WebhookWatch
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.stores import (
    guild_providers,
    orders,
    payment_cases,
    payment_events,
    payment_ids,
    settlement_counts,
)
from bot.storage.stores.payment_events import WebhookEvent

log = logging.getLogger(__name__)

NEW_AT_ONCE = 32
RETRIES_AT_ONCE = 8
"""Events that failed before have slots of their own, so that they never take those of new ones."""

LEASE_MS = 60_000
"""An event whose process ended during an attempt is due again after this."""

FULL_S = 1.0
"""How long to wait after starting some events."""

READ_S = 10.0
"""How long a provider may take to say what it knows about a purchase."""

BOOKS_PAUSE_MS = 5_000
"""The pause of an event that came while the books were closed or busy. That does not count as a failure of the
event."""


class UnmatchedPayment(Exception):  # noqa: N818 - named after what came in
    """Money was paid for an order that none of our guilds has. Trying again cannot change that."""


_EXPECTED = (ProviderError, UnmatchedPayment, TimeoutError)
"""Errors whose text says everything: a traceback would not help."""


class PaymentEvents:
    """The queue of events, and the walks through providers' lists. `watch` counts what brought news of payments."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], int],
        providers: Sequence[Provider],
        settle: Settle,
        watch: WebhookWatch,
    ) -> None:
        self._database = database
        self._clock = clock
        self._providers = {provider.name: provider for provider in providers}
        self._settle = settle
        self._watch = watch
        self._reconciliation = Reconciliation(database, clock, providers, settle, watch, self._queue)
        self._queued: set[tuple[str, str]] = set()
        """The queued events that come from asking a provider, not from a webhook."""
        self._listeners: list[Callable[[], None]] = []
        self._first_attempts: set[asyncio.Task[None]] = set()
        self._retries: set[asyncio.Task[None]] = set()

    @property
    def provider_names(self) -> list[str]:
        """The providers whose payments are settled here."""
        return [*self._providers]

    @property
    def webhook_names(self) -> list[str]:
        """Those of them that send webhooks."""
        return [name for name, provider in self._providers.items() if Capability.WEBHOOK in provider.capabilities]

    def subscribe(self, listener: Callable[[], None]) -> None:
        """Call `listener` whenever an event may be due."""
        self._listeners.append(listener)

    async def receive(self, provider_name: str, headers: Mapping[str, str], body: bytes) -> None:
        """Verify a webhook and record it. Raises ForgedWebhook, or NotFound if there is no such provider.

        Nothing is decided here: `begin` asks the provider for the facts. If it can never be asked, the webhook's facts
        are noted.
        """
        if provider_name not in self.webhook_names:
            raise NotFound("provider")
        notice = self._providers[provider_name].verify(headers, body, self._clock())
        if notice is None:
            return
        if notice.payment is not None:
            await self._note_payment(provider_name, notice.payment)
            return
        is_new, silent_payments = await self._database.writer.perform(
            _receive, provider_name, notice.event_id, notice.external_id, self._clock()
        )
        self._watch.note_webhook(provider_name, silent_payments)
        if is_new:
            self.wake()

    async def begin(self) -> float | None:
        """Start a task for each event that is due, and wait for none of them.

        Return for how many seconds there is nothing to do, None if no event waits.
        """
        first, again = NEW_AT_ONCE - len(self._first_attempts), RETRIES_AT_ONCE - len(self._retries)
        now_ms = self._clock()
        next_ms = await self._database.read(payment_events.next_due, [*self._providers])
        if next_ms is None or next_ms > now_ms:
            return None if next_ms is None else (next_ms - now_ms) / 1000
        for event in await self._database.writer.perform(
            payment_events.claim, [*self._providers], now_ms, retry_ms=now_ms + LEASE_MS, first=first, again=again
        ):
            task = asyncio.create_task(self._try(event), name=f"payment event {event.event_id}")
            tasks = self._first_attempts if event.attempts == 1 else self._retries
            tasks.add(task)
            task.add_done_callback(tasks.discard)
            # The task's slot is free for the next event.
            task.add_done_callback(lambda _: self.wake())
        # If more are due than there are slots, each slot that becomes free wakes this anyway.
        return FULL_S

    async def stop(self) -> None:
        """Cancel all attempts. Their events are due again in the next process."""
        tasks = [*self._first_attempts, *self._retries]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def reconcile(self, since_ms: int) -> None:
        """Settle everything that changed at the providers since `since_ms`: see `Reconciliation.reconcile`."""
        await self._reconciliation.reconcile(since_ms)

    async def _queue(self, provider: str, event_id: str, external_id: str) -> None:
        if await self.record(provider, event_id, external_id):
            self._queued.add((provider, event_id))

    async def record(self, provider: str, event_id: str, external_id: str) -> bool:
        """Queue an event about a purchase; return False if it was recorded before."""
        args = (provider, event_id, external_id, self._clock())
        is_new = await self._database.writer.perform(payment_events.record, *args)
        if is_new:
            self.wake()
        return is_new

    async def _note_payment(self, provider: str, notice: PaidNotice) -> None:
        guild_id = await self._database.read(guild_providers.guild_with, provider, notice.token_hash)
        if guild_id is None:
            raise ForgedWebhook("no guild has its token")
        if await self._database.writer.perform(note_notice, provider, guild_id, notice, self._clock()):
            self.wake()

    def wake(self) -> None:
        """Call the listeners: an event may be due."""
        for listener in self._listeners:
            listener()

    async def _try(self, event: WebhookEvent) -> None:
        # While the time is in doubt, nothing is settled and no pause can be set. The event is due when its lease ends.
        with contextlib.suppress(ClockDoubtful):
            await self._attempt(event)

    async def _attempt(self, event: WebhookEvent) -> None:
        try:
            async with asyncio.timeout(READ_S):
                state = await self._providers[event.provider].read(event.external_id)
            if await self._settle(state):
                is_queued = (event.provider, event.event_id) in self._queued
                await self._watch.note_payment(event.provider, Source.RECONCILE if is_queued else Source.WEBHOOK)
        except ForeignPurchase:
            # The provider reports everything that happens at the account, including sales that are not ours.
            self._queued.discard((event.provider, event.event_id))
            await self._note(payment_events.mark_handled, event, self._clock())
        except (Busy, BooksClosed):
            await self._postpone(event, BOOKS_PAUSE_MS)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is this event's own
            await self._fail(event, error)
        else:
            self._queued.discard((event.provider, event.event_id))
            await self._note(payment_events.mark_handled, event, self._clock())

    async def _fail(self, event: WebhookEvent, error: Exception) -> None:
        age_ms = self._clock() - event.received_ms
        pause_ms = pause_after(event.attempts, age_ms, is_unknown=isinstance(error, UnknownPurchase))
        if pause_ms is None or isinstance(error, UnmatchedPayment):
            await self._set_aside(event, error)
            return
        if event.attempts == 1:
            log.info("Payment event %s of provider %s failed; trying again: %r", event.event_id, event.provider, error)
        await self._postpone(event, pause_ms)

    async def _set_aside(self, event: WebhookEvent, error: Exception) -> None:
        self._queued.discard((event.provider, event.event_id))
        account = account_of(self._providers[event.provider], event.external_id)
        # A payment for none of our guilds could be read, so it is nobody's case.
        is_unmatched = isinstance(error, UnmatchedPayment)
        give_up = payment_events.set_aside if is_unmatched else partial(_give_up, account=account)
        if not await self._note(give_up, event, self._clock()):
            return
        log.error(
            "Payment event %s of provider %s about purchase %s failed %d times and will not be tried again: %r. Look "
            "up the purchase at the provider. If money was paid, refund it there.",
            event.event_id,
            event.provider,
            event.external_id,
            event.attempts,
            error,
            exc_info=None if isinstance(error, _EXPECTED) else error,
        )

    async def _postpone(self, event: WebhookEvent, pause_ms: int) -> None:
        await self._note(payment_events.postpone, event, self._clock() + pause_ms)

    async def _note(
        self, job: Callable[[Connection, WebhookEvent, int], bool], event: WebhookEvent, at_ms: int
    ) -> bool:
        """Record the outcome of an attempt. Return False if that fails; then the event is due when its lease ends."""
        try:
            return await self._database.writer.perform(job, event, at_ms)
        except Exception as error:  # noqa: BLE001 - there is nobody to raise it to
            log.warning(
                "The outcome of payment event %s of provider %s could not be saved; trying again later: %r",
                event.event_id,
                event.provider,
                error,
            )
            return False


def _give_up(connection: Connection, event: WebhookEvent, now_ms: int, account: str) -> bool:
    """Set an event aside, with a case for the staff of each guild that it may be about. `account` is a guild's own, or
    "".

    Return False if the event was final before.
    """
    cases = [*_unreadable(connection, event, now_ms, account)]
    is_new = payment_events.set_aside(connection, event, now_ms, len(cases))
    if is_new:
        for case in cases:
            payment_cases.open_case(connection, case)
    return is_new


def _unreadable(connection: Connection, event: WebhookEvent, now_ms: int, account: str) -> Iterator[PaymentCase]:
    """Yield a case for each order that an event may be about. If there is none, yield one for each guild paid at
    `account`."""
    purchase = event.provider, event.external_id
    kind = CaseKind.UNREADABLE
    # The amount in these cases is 0, because nobody knows it.
    matches = orders.at_checkout(connection, *purchase) or payment_ids.orders_of(connection, *purchase)
    for order in matches:
        # The order's own id, so that an order has one case whatever ids events use for its payment.
        place = order.guild_id, order.provider, order.external_id
        yield PaymentCase(*place, kind, order.order_id, 0, order.currency, now_ms)
    for guild_id in [] if matches else guild_providers.guilds_at(connection, event.provider, account):
        yield PaymentCase(guild_id, *purchase, kind, NO_ORDER, 0, "", now_ms)


def _receive(connection: Connection, provider: str, event_id: str, external_id: str, now_ms: int) -> tuple[bool, int]:
    """Record a webhook. Return whether it is new, and how many payments were known before their webhook came."""
    is_new = payment_events.record(connection, provider, event_id, external_id, now_ms)
    return is_new, settlement_counts.note_webhook(connection, provider)
