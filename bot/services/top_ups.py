"""Topping up: which package covers a gift that its sender cannot pay for."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.domain import text
from bot.domain.budget_errors import BudgetPaused, OverBudget
from bot.domain.buying_errors import (
    CurrencyUnrated,
    DailyLimit,
    HeldLimit,
    NothingForSale,
    PackageLimit,
    PaymentUndecided,
    YoungAccount,
)
from bot.domain.ledger.budget import use_budget
from bot.domain.ledger.gift import SendGift, check_receiver, event_of, sendable_item, with_choice
from bot.domain.ledger.restrictions import check_sender
from bot.domain.money import MAX_COUNT, amount, check_ceiling
from bot.domain.planned_gifts import MissingCoins, PlannedGift, missing_coins, planned
from bot.services.matches import check_may_buy
from bot.services.orders import Offer, Orders
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger.load import load_for_preview
from bot.storage.stores import wallets

_LIMITS = (
    PackageLimit,
    PaymentUndecided,
    CurrencyUnrated,
    YoungAccount,
    DailyLimit,
    HeldLimit,
    OverBudget,
    BudgetPaused,
)
"""What may keep a member from buying a package."""


@dataclass(frozen=True, slots=True)
class TopUp:
    """The smallest package with which a member can pay for a gift, with the payment methods whose coins would do."""

    offer: Offer
    gift: PlannedGift


class TopUps:
    """The use-cases of buying coins for one gift."""

    def __init__(self, database: Database, clock: Callable[[], int], orders: Orders) -> None:
        self._database = database
        self._clock = clock
        self._orders = orders

    async def find(self, command: SendGift) -> TopUp | None:
        """Return the smallest package on sale that covers a gift, within its sender's limits; None if none does.

        Raises every refusal of gifts but those for want of coins or of a confirmation, and NoBuyingInMatch.
        """
        gift, missing = await self._database.read(_plan, command, self._clock())
        try:
            offers = await self._orders.offer(command.guild_id, command.sender_id)
        except NothingForSale:
            return None
        covering = [offer for offer in (_covering(offer, missing) for offer in offers) if offer.methods]
        for offer in sorted(covering, key=_size):
            if await self._is_within_limits(command, offer):
                return TopUp(offer, gift)
        return None

    async def check_may_buy(self, guild_id: int, channel_id: int, creator_id: int) -> None:
        """Raise NoBuyingInMatch while a match is on in a channel, or the creator plays one."""
        await self._database.read(check_may_buy, guild_id, channel_id, self._clock(), creator_id)

    async def _is_within_limits(self, command: SendGift, offer: Offer) -> bool:
        try:
            await self._orders.check_offer(command.guild_id, command.sender_id, offer)
        except _LIMITS:
            return False
        return True


def _covering(offer: Offer, missing: MissingCoins) -> Offer:
    """Return an offer with only those payment methods that bring enough coins of the right sort."""
    coins = offer.package.total
    return replace(
        offer, methods=[method for method in offer.methods if coins >= missing.of_sort(is_test=method.is_test)]
    )


def _size(offer: Offer) -> tuple[bool, int, int]:
    # What is paid for already comes first.
    return not offer.is_prepaid, offer.package.total, offer.package.price_minor


def _plan(connection: Connection, command: SendGift, now_ms: int) -> tuple[PlannedGift, MissingCoins]:
    check_may_buy(connection, command.guild_id, command.channel_id, now_ms, command.creator_id)
    command = command._replace(note=text.clean(command.note, text.MESSAGE_LENGTH))
    books = load_for_preview(connection, command)
    command = with_choice(command, books)
    rules = books.rules_of(command.guild_id)
    amount(command.quantity, highest=MAX_COUNT)
    check_sender(books, command.guild_id, command.sender_id)
    check_receiver(command, books, now_ms)
    gift = planned(command, sendable_item(command, books, event_of(command, books, now_ms), now_ms))
    use_budget(books, rules, command.sender_id, gift.ceiling, now_ms)
    check_ceiling(gift.ceiling, command.ceiling)
    return gift, missing_coins(wallets.wallet(connection, command.guild_id, command.sender_id), gift.ceiling)
