"""Withdrawing from a purchase: the unspent coins go first, in the books, and then the money goes back.

What goes back is frozen in the transaction that takes the coins, with a deadline. So after a crash, the provider is
asked for the same amount under the same key, and sends it once.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.domain.accounts import WALLETS, Account
from bot.domain.deadlines import Deadline
from bot.domain.errors import NotFound
from bot.domain.ledger.order import CreditOrder, coinage_of, facts_of
from bot.domain.ledger.reversal import Reverse
from bot.domain.lots import coins_in
from bot.domain.order_states import OrderState
from bot.domain.orders import Cause, Observation, Order, money_back
from bot.domain.payment_cases import CaseKind, PaymentCase
from bot.domain.receipts import Receipt
from bot.domain.withdrawal_errors import (
    NothingToWithdraw,
    WithdrawalChanged,
    WithdrawalElsewhere,
    WithdrawalOff,
    WithdrawalOver,
)
from bot.domain.withdrawals import WITHDRAWABLE, WITHDRAWAL_MS, Withdrawal, next_try
from bot.payments.provider import Capability, Provider, ProviderError
from bot.services.payment_cases import PaymentCases
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import holders, journal
from bot.storage.stores import buying_limits, lots, orders, payment_cases, withdrawals

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Offer:
    """What a buyer can give back: of the order in row `seq`, until `until_ms`."""

    order: Order
    withdrawal: Withdrawal
    seq: int
    holder_id: int
    until_ms: int


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What a buyer has given back, and the receipt of that. `is_automatic` if the provider sends the money."""

    order: Order
    withdrawal: Withdrawal
    receipt: Receipt
    is_automatic: bool


class Withdrawals:
    """The use-cases of withdrawing."""

    def __init__(
        self, database: Database, clock: Callable[[], int], providers: Sequence[Provider], cases: PaymentCases
    ) -> None:
        self._database = database
        self._clock = clock
        self._cases = cases
        self._refunding = {
            provider.name: provider for provider in providers if Capability.REFUND in provider.capabilities
        }
        # Buyers go there themselves.
        self._elsewhere = frozenset(
            provider.name for provider in providers if Capability.OWN_REFUNDS in provider.capabilities
        )

    async def offer(self, guild_id: int, member_id: int, order_id: int) -> Offer:
        """Return what a member can give back of an order.

        Raises NotFound, WithdrawalOff, WithdrawalElsewhere, WithdrawalOver, or NothingToWithdraw.
        """
        return await self._database.read(_offer, guild_id, member_id, order_id, self._clock(), self._elsewhere)

    async def possible(self, guild_id: int, member_id: int) -> list[tuple[int, int]]:
        """Return the row and the order of each purchase that a member may still withdraw from, newest first."""
        return await self._database.read(_possible, guild_id, member_id, self._clock(), self._elsewhere)

    async def find(self, guild_id: int, member_id: int, order_id: int) -> Withdrawn | None:
        """Return what a member has given back of an order, None if nothing."""
        record = await self._database.read(_withdrawn, guild_id, member_id, order_id)
        return None if record is None else self._outcome(*record)

    async def withdraw(self, guild_id: int, member_id: int, order_id: int, coins: int) -> Withdrawn:
        """Take the `coins` that the buyer has confirmed, and have the money sent back. May be repeated.

        Raises what `offer` raises, and WithdrawalChanged if other coins than those are unspent now.
        """
        record = await self._database.read(_withdrawn, guild_id, member_id, order_id)
        if record is not None:
            return self._outcome(*record)
        offer = await self.offer(guild_id, member_id, order_id)
        withdrawal = offer.withdrawal
        if withdrawal.coins != coins:
            raise WithdrawalChanged(coins, withdrawal.coins)
        command = Reverse(
            guild_id=guild_id,
            key=withdrawal.key,
            actor_id=member_id,
            member_id=member_id,
            seq=offer.seq,
            reason="",
            part=coins,
            holder_ids=(offer.holder_id,),
            cause=Cause.WITHDRAWAL,
            withdrawal=withdrawal,
        )
        receipt = await self._database.writer.submit(command)
        return self._outcome(replace(offer.order, state=OrderState.WITHDRAWN), withdrawal, receipt)

    async def send_back(self, deadline: Deadline) -> int | None:
        """Send the money of a withdrawal back, or have staff do it. Return when to try again."""
        guild_id, order_id = deadline.guild_id, deadline.subject
        withdrawn_ms = await self._database.read(withdrawals.unsent_since, guild_id, order_id)
        order = await self._database.read(orders.order, guild_id, order_id)
        withdrawal = await self._database.read(withdrawals.withdrawal, guild_id, order_id)
        if withdrawn_ms is None or order is None or withdrawal is None:
            return None
        provider = self._refunding.get(order.provider)
        if provider is None:
            await self._cases.open(_case(order, withdrawal, self._clock()))
        else:
            try:
                await provider.refund(order.external_id, withdrawal.amount_minor, withdrawal.key)
            except ProviderError as error:
                log.warning("The money of order %s of guild %s could not be sent back: %s", order_id, guild_id, error)
                left_minor = await self._left(provider, order, withdrawal)
                if left_minor > 0:
                    again_ms = next_try(withdrawn_ms, self._clock())
                    if again_ms is not None:
                        return again_ms
                    rest = withdrawal._replace(amount_minor=left_minor)
                    await self._cases.open(_case(order, rest, self._clock()))
        await self._database.writer.perform(withdrawals.mark_sent, guild_id, order_id)
        return None

    async def _left(self, provider: Provider, order: Order, withdrawal: Withdrawal) -> int:
        """Return how much of a withdrawal can still be sent: staff may have sent some of the payment, or all of it."""
        try:
            payment = await provider.read(order.external_id)
        except ProviderError:
            return withdrawal.amount_minor
        if not isinstance(payment, Observation):
            return withdrawal.amount_minor
        return min(withdrawal.amount_minor, payment.amount_minor - payment.refunded_minor)

    def _outcome(self, order: Order, withdrawal: Withdrawal, receipt: Receipt) -> Withdrawn:
        return Withdrawn(order, withdrawal, receipt, order.provider in self._refunding)


def _case(order: Order, withdrawal: Withdrawal, now_ms: int) -> PaymentCase:
    return PaymentCase(
        order.guild_id,
        order.provider,
        order.external_id,
        CaseKind.WITHDRAWN,
        order.order_id,
        withdrawal.amount_minor,
        withdrawal.currency,
        now_ms,
    )


def _offer(
    connection: Connection, guild_id: int, member_id: int, order_id: int, now_ms: int, elsewhere: frozenset[str]
) -> Offer:
    order = orders.order(connection, guild_id, order_id)
    credit = None if order is None else journal.find(connection, guild_id, order.key)
    if order is None or credit is None or order.member_id != member_id:
        raise NotFound("order")
    if not buying_limits.limits(connection, guild_id).can_withdraw:
        raise WithdrawalOff
    if order.provider in elsewhere:
        raise WithdrawalElsewhere
    until_ms = credit.at_ms + WITHDRAWAL_MS
    if now_ms >= until_ms:
        raise WithdrawalOver(until_ms)
    (row,) = journal.rows_with(connection, [(guild_id, credit.seq)])
    place = guild_id, coinage_of(is_test=order.test).wallet_of(row.actor)
    coins = coins_in(lots.lots_of(connection, [place]).get(place, ()), credit.seq)
    (paid_order,) = payment_cases.as_paid(connection, guild_id, [order])
    amount_minor = money_back(paid_order, coins)
    if order.state not in WITHDRAWABLE or not amount_minor:
        raise NothingToWithdraw(is_spent=order.state in WITHDRAWABLE and not coins)
    return Offer(order, Withdrawal(order_id, coins, amount_minor, paid_order.currency), credit.seq, row.actor, until_ms)


def _withdrawn(
    connection: Connection, guild_id: int, member_id: int, order_id: int
) -> tuple[Order, Withdrawal, Receipt] | None:
    order = orders.order(connection, guild_id, order_id)
    withdrawal = withdrawals.withdrawal(connection, guild_id, order_id)
    if order is None or withdrawal is None or order.member_id != member_id:
        return None
    receipt = journal.find(connection, guild_id, withdrawal.key)
    assert receipt is not None, order
    return order, withdrawal, receipt


def _possible(
    connection: Connection, guild_id: int, member_id: int, now_ms: int, elsewhere: frozenset[str]
) -> list[tuple[int, int]]:
    if not buying_limits.limits(connection, guild_id).can_withdraw:
        return []
    offers: list[tuple[int, int]] = []
    for order_id in _unspent_since(connection, guild_id, member_id, now_ms - WITHDRAWAL_MS):
        try:
            offer = _offer(connection, guild_id, member_id, order_id, now_ms, elsewhere)
        except (WithdrawalElsewhere, WithdrawalOver, NothingToWithdraw):
            continue
        offers.append((offer.seq, order_id))
    return sorted(offers, reverse=True)


def _unspent_since(connection: Connection, guild_id: int, member_id: int, since_ms: int) -> list[int]:
    """Return a member's orders that were credited after `since_ms` and have some coins left."""
    holder = holders.holder_id(connection, guild_id, member_id)
    if holder is None:
        return []
    places = [(guild_id, Account(kind, holder)) for kind in WALLETS]
    rows = {(guild_id, lot.seq) for account_lots in lots.lots_of(connection, places).values() for lot in account_lots}
    recent = [row for row, at_ms in journal.times_of(connection, rows).items() if at_ms > since_ms]
    return [facts_of(row)["order"] for row in journal.rows_with(connection, recent) if row.kind == CreditOrder.kind]
