"""Settling a purchase: what its provider says leads to coins, to the end of the order, or to a case for staff, each
only once."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace

from bot.domain.errors import BooksClosed, Busy, Refusal
from bot.domain.ledger.order import CreditOrder, facts_of
from bot.domain.noted_payments import NO_ORDER
from bot.domain.order_states import MONEY_CAME, UNDECIDED, Action, OrderState, Step
from bot.domain.orders import (
    Contact,
    DisputeStatus,
    Observation,
    Order,
    is_newly_disputed,
    is_paid_by,
    paid_again,
    step_of,
)
from bot.domain.payment_cases import CaseKind, PaymentCase
from bot.domain.receipts import Receipt
from bot.payments.provider import Capability, Provider, account_of
from bot.services import limits, settled_orders
from bot.services.clawbacks import Clawbacks
from bot.services.payment_cases import PaymentCases
from bot.services.payment_events import UnmatchedPayment
from bot.services.planned_gifts import GiftOutcome, PlannedGifts
from bot.storage.database import Database
from bot.storage.stores import guild_providers, guilds, orders


@dataclass(frozen=True, slots=True)
class Settlement:
    """The outcome of an order, and how to reach its buyer.

    `receipt` is set if coins were credited. `payment` is what the provider said. `gift` is the outcome of the gift that
    was planned with the order, None if there is none.
    """

    order: Order
    receipt: Receipt | None
    payment: Observation | None
    contact: Contact
    gift: GiftOutcome | None = None


Listener = Callable[[Settlement], Awaitable[None]]


class Settlements:
    """Brings orders in line with what providers say."""

    def __init__(
        self,
        database: Database,
        clock: Callable[[], int],
        providers: Sequence[Provider],
        cases: PaymentCases,
        planned_gifts: PlannedGifts,
        expect: Callable[[int, int], None],
    ) -> None:
        self._database = database
        self._clock = clock
        self._cases = cases
        self._planned_gifts = planned_gifts
        self._clawbacks = Clawbacks(database, clock, expect)
        self._providers = {provider.name: provider for provider in providers}
        self._acknowledging = {
            provider.name: provider for provider in providers if Capability.ACKNOWLEDGE in provider.capabilities
        }
        self._listeners: list[Listener] = []

    def on_settled(self, listener: Listener) -> None:
        """Call `listener` when an order is decided. If the process dies before it returns, it is called again."""
        self._listeners.append(listener)

    async def settle(self, observation: Observation, *, acknowledges: bool = True) -> bool:
        """Bring an order in line with what its provider says. However often it is called, coins are credited once.

        With `acknowledges`, a provider that wants to is told about the coins. Return whether that was news of a
        payment. Raises UnmatchedPayment if money was paid for an order that no guild has.
        """
        matches = await self._database.read(settled_orders.matching, observation)
        if len(matches) == 1:
            is_news = await self._settle(*matches[0], observation)
            if acknowledges and observation.provider in self._acknowledging:
                await self._acknowledge(observation)
            return is_news
        if observation.is_paid:
            await self._open_unmatched(observation, [order for order, _ in matches])
        return False

    async def _settle(self, order: Order, contact: Contact, observation: Observation) -> bool:
        is_told = contact.last_seen_state is order.state
        if is_told and order.report == observation.fingerprint:
            return False
        if observation.is_paid and order.state in MONEY_CAME and order.external_id != observation.external_id:
            return await self._settle_other(order, contact, observation)
        step, receipt = step_of(order, observation), None
        if step.action is Action.CREDIT:
            receipt = await self._credit(order, observation)
            if receipt is None:
                step = Step(OrderState.REVIEW, Action.REVIEW)
            elif facts_of(receipt)["external"] != observation.external_id:
                # Another process has just credited the order for another payment.
                return await self._settle_other(order, contact, observation)
            elif contact.last_seen_state not in MONEY_CAME:
                await self._check_limit(order, observation)
        elif step.action is Action.REVIEW:
            kind = CaseKind.UNKNOWN_ORIGIN if observation.is_unclear else CaseKind.DIFFERS
            await self._open_case(order, observation, kind)
        if step.action in {Action.CREDIT, Action.ADJUST}:
            await self._adjust(order, observation)
        return await self._conclude(order, contact, observation, step, receipt)

    async def _conclude(
        self, order: Order, contact: Contact, observation: Observation, step: Step, receipt: Receipt | None
    ) -> bool:
        """Send an order's planned gift, record the outcome of both, and tell the buyer. Return what `settle` does."""
        # After a crash before the buyer is told, the order is settled once more. The gift has a key of its own.
        is_new = step.state is OrderState.CREDITED and contact.last_seen_state not in MONEY_CAME
        gift = await self._planned_gifts.send(order) if receipt is not None and is_new else None
        is_news = observation.is_paid and order.report != observation.fingerprint
        order, is_recorded = await self._move(order, step, observation)
        if not is_recorded:
            # Another process has recorded the same report, and tells the buyer.
            return False
        if order.state not in UNDECIDED:
            await self._notify(Settlement(order, receipt, observation, contact, gift))
        return is_news

    async def _credit(self, order: Order, observation: Observation) -> Receipt | None:
        """Add the coins of an order unless they were added, and return the receipt; None if they do not fit."""
        command = CreditOrder(order.guild_id, order.key, order.order_id, order.member_id, observation.external_id)
        try:
            return await self._database.writer.submit(command)
        except (Busy, BooksClosed):
            # Nothing is wrong with this payment, so it is tried again.
            raise
        except Refusal:
            await self._open_case(order, observation, CaseKind.NOT_CREDITED)
            return None

    async def _settle_other(self, order: Order, contact: Contact, observation: Observation) -> bool:
        """Settle a second payment of an order: as an order of its own if the price is the same, otherwise with a case
        for staff."""
        if not is_paid_by(order, observation):
            await self._open_case(order, observation, CaseKind.DIFFERS)
            return False
        again = paid_again(order, observation)
        await self._cases.open_if(settled_orders.add_again, again, self._case(order, observation, CaseKind.PAID_TWICE))
        return await self._settle(again, Contact(contact.locale, None), observation)

    async def _check_limit(self, order: Order, observation: Observation) -> None:
        """Open a case if the buyer now has more than allowed."""
        case = self._case(order, observation, CaseKind.OVER_LIMIT)
        await self._cases.open_if(limits.open_case_if_exceeded, order, case)

    async def _open_case(self, order: Order, observation: Observation, kind: CaseKind) -> None:
        await self._cases.open(self._case(order, observation, kind))

    def _case(self, order: Order, observation: Observation, kind: CaseKind) -> PaymentCase:
        return PaymentCase(
            order.guild_id,
            observation.provider,
            observation.external_id,
            kind,
            order.order_id,
            observation.amount_minor,
            observation.currency,
            self._clock(),
        )

    async def _adjust(self, order: Order, observation: Observation) -> None:
        """Take or give back coins as money went back or returned, and tell staff what they have to act on."""
        await self._clawbacks.adjust(order, observation)
        if is_newly_disputed(order, observation):
            # A decided case about an earlier dispute of this payment says nothing about this dispute.
            await self._cases.open_again(self._case(order, observation, CaseKind.DISPUTED))
        elif any(dispute.status is DisputeStatus.OPEN for dispute in observation.disputes):
            await self._open_case(order, observation, CaseKind.DISPUTED)
        elif observation.disputes:
            await self._cases.resolve(self._case(order, observation, CaseKind.DISPUTED))
        if observation.refunded_minor < order.refunded_minor:
            await self._open_case(order, observation, CaseKind.REFUND_FAILED)

    async def _move(self, order: Order, step: Step, observation: Observation) -> tuple[Order, bool]:
        """Record the new state of an order, and with which report it was settled. Return both as `_record` does."""
        if step == (order.state, Action.NOTHING):
            return order, True
        external_id = observation.external_id if observation.is_paid else order.external_id
        presented = observation if observation.is_paid and observation.presented_currency else order
        settled_order = replace(
            order,
            state=step.state,
            external_id=external_id,
            report=observation.fingerprint,
            refunded_minor=observation.refunded_minor,
            presented_minor=presented.presented_minor,
            presented_currency=presented.presented_currency,
        )
        # Until then, another checkout may take its place.
        other_ids = observation.other_ids if observation.is_paid else ()
        return settled_order, await self._record(order, settled_order, other_ids)

    async def _record(self, before: Order, order: Order, other_ids: Collection[str] = ()) -> bool:
        """Save an order that was settled. Return False if another process has just settled it with the same report.

        Raises Busy if that was another report, so that the provider is asked anew.
        """
        current = await self._database.writer.perform(settled_orders.save, before, order, self._clock(), other_ids)
        if current.report not in {before.report, order.report}:
            raise Busy
        return current.report == before.report

    async def _acknowledge(self, observation: Observation) -> None:
        """Tell a provider that the coins for a payment were credited. If that fails, it is tried again."""
        paid_orders = await self._database.read(orders.at_checkout, observation.provider, observation.external_id)
        for order in paid_orders:
            if order.state is OrderState.CREDITED:
                # The coins are in the books first: after a crash in between, this acknowledges once more and credits
                # nothing twice.
                await self._acknowledging[order.provider].acknowledge(order.external_id)
                await self._record(order, replace(order, state=OrderState.ACKNOWLEDGED))

    async def _open_unmatched(self, observation: Observation, candidates: list[Order]) -> None:
        """Open a case in each guild that a payment may be meant for; raise UnmatchedPayment if there is none.

        A guild that was paid at its own account has the money, and gets the case whatever the payment names. A guild
        whose order is named by a payment to another guild's account hears nothing: anybody could make such a payment.
        """
        kind, order_id, guild_ids = await self._unmatched(observation, candidates)
        if not guild_ids:
            raise UnmatchedPayment(f"it refers to {observation.reference or 'no order'}, which no guild has")
        for guild_id in sorted(guild_ids):
            await self._cases.open(
                PaymentCase(
                    guild_id,
                    observation.provider,
                    observation.external_id,
                    kind,
                    order_id,
                    observation.amount_minor,
                    observation.currency,
                    self._clock(),
                )
            )

    async def _unmatched(self, observation: Observation, candidates: list[Order]) -> tuple[CaseKind, int, set[int]]:
        """Return the kind and the order of the case about a payment, and the guilds that get it, perhaps none."""
        reference, guild_ids = observation.reference, set[int]()
        order_id = reference.order_id if reference is not None else NO_ORDER
        if candidates:
            guild_ids |= {order.guild_id for order in candidates if reference is not None}
            return CaseKind.UNCLEAR, order_id, guild_ids
        named_guild = reference.guild_id if reference is not None else None
        if named_guild is not None and await self._database.read(guilds.rules, named_guild):
            guild_ids.add(named_guild)
        if account := account_of(self._providers[observation.provider], observation.external_id):
            owners = await self._database.read(guild_providers.guilds_at, observation.provider, account)
            if guild_ids.isdisjoint(owners):
                return CaseKind.ELSEWHERE, NO_ORDER, {*owners}
        return CaseKind.NO_ORDER, order_id, guild_ids

    async def _notify(self, settlement: Settlement) -> None:
        """Call the listeners once for each state of an order. The state is noted only after they return."""
        order = settlement.order
        if settlement.contact.last_seen_state is order.state:
            return
        for listener in self._listeners:
            await listener(settlement)
        await self._database.writer.perform(settled_orders.mark_seen, order)
