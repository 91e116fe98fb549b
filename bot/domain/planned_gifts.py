"""Planned gifts: a member was short of coins, buys a package, and the gift goes out once the order has its coins.

It goes out by the ordinary rule of gifts, at most at the price that the buyer saw. If that rule refuses it by then, the
coins stay.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

from bot.domain import errors as no
from bot.domain.budget_errors import BudgetPaused, OverBudget
from bot.domain.catalogue import GiftItem
from bot.domain.errors import Refusal
from bot.domain.freezes import MemberFrozen
from bot.domain.ledger.fans import FansOnly
from bot.domain.ledger.gift import SendGift
from bot.domain.ledger.restrictions import AnonymousBlocked, BlockedByYou, CreatorPaused, GiftBlocked, NoteRefused
from bot.domain.reversal_errors import InDebt
from bot.domain.wallets import Wallet

GOOD_FOR_MS: Final = 3_600_000
"""How long after the consent a planned gift still goes out. A buyer who pays later no longer expects it."""


class Lapse(StrEnum):
    """Why a planned gift did not go out. The values are stored."""

    LATE = "late"
    """The payment came too late."""
    PRICE = "price"
    """It would cost more than its sender saw."""
    ITEM = "item"
    """It is no longer in the catalogue, not in season, sold out, or not for messages or for this sender any more."""
    LIVE_ONLY = "live_only"
    """It can be sent only while the creator is live, and the show is over."""
    CREATOR = "creator"
    """The creator has left, or is a creator no more."""
    MESSAGE = "message"
    """The message that it was for is gone."""
    COINS = "coins"
    """The sender has spent the coins on something else, or they were taken back."""
    DEBT = "debt"
    """The coins paid off a debt."""
    FROZEN = "frozen"
    """The sender is frozen by now."""
    PAUSED = "paused"
    """The creator takes a break from gifts."""
    BLOCKED = "blocked"
    """The creator takes no gifts from the sender, or the sender has blocked the creator."""
    WORDS = "words"
    """The message has a word that the creator, or the guild, does not want to read."""
    BUDGET = "budget"
    """The sender's own budget has no room for it, or they have paused."""
    OTHER = "other"


class MissingCoins(NamedTuple):
    """What a sender lacks for a gift: a number of bought coins, or of test coins. Either would do."""

    bought: int
    test: int

    def of_sort(self, *, is_test: bool) -> int:
        """Return how many coins of one sort a package has to bring."""
        return self.test if is_test else self.bought


@dataclass(frozen=True, slots=True)
class PlannedGift:
    """A gift that goes out with the coins of an order, until `until_ms`.

    `ceiling` is its whole price in coins, as the sender saw it. `name` and `emoji` are those of the item then.
    `message_id` is 0 unless it is for a message. Once `lapse` is set, it never goes out.
    """

    guild_id: int
    order_id: int
    creator_id: int
    item_id: int
    name: str
    emoji: str
    quantity: int
    ceiling: int
    anonymous: bool
    channel_id: int
    message_id: int
    note: str
    until_ms: int = 0
    lapse: Lapse | None = None

    @property
    def key(self) -> str:
        """The key of the gift in the journal. An order has one gift, however often it is settled."""
        return f"planned:{self.order_id}"

    def command(self, sender_id: int) -> SendGift:
        """Return the gift as its sender, the buyer of the order, sends it. The form has already asked about it."""
        return SendGift(
            guild_id=self.guild_id,
            key=self.key,
            sender_id=sender_id,
            creator_id=self.creator_id,
            item_id=self.item_id,
            quantity=self.quantity,
            channel_id=self.channel_id,
            note=self.note,
            anonymous=self.anonymous,
            ceiling=self.ceiling,
            message_id=self.message_id,
            planned_order=self.order_id,
        )


def planned(command: SendGift, item: GiftItem) -> PlannedGift:
    """Return the plan for a gift that could not be paid for, of no order yet, at today's price."""
    return PlannedGift(
        guild_id=command.guild_id,
        order_id=0,
        creator_id=command.creator_id,
        item_id=item.item_id,
        name=item.name,
        emoji=item.emoji,
        quantity=command.quantity,
        ceiling=item.price * command.quantity,
        anonymous=bool(command.anonymous),
        channel_id=command.channel_id,
        message_id=command.message_id,
        note=command.note,
    )


def missing_coins(wallet: Wallet, price: int) -> MissingCoins:
    """Return what `wallet` lacks for a gift: promo coins go with bought coins or with test coins, never with both."""
    # What comes in pays off a debt first, and promo coins are held back until bought coins have done so.
    promo_beside_tests = 0 if wallet.debt else wallet.promo
    return MissingCoins(
        wallet.debt + max(price - wallet.promo - wallet.paid, 0),
        wallet.test_debt + max(price - promo_beside_tests - wallet.test, 0),
    )


_LAPSES: Mapping[type[Refusal], Lapse] = {
    no.PriceChanged: Lapse.PRICE,
    no.NotFound: Lapse.ITEM,
    no.NotForMessages: Lapse.ITEM,
    FansOnly: Lapse.ITEM,
    no.NotACreator: Lapse.CREATOR,
    no.CreatorLeft: Lapse.CREATOR,
    no.NotEnoughCoins: Lapse.COINS,
    InDebt: Lapse.DEBT,
    MemberFrozen: Lapse.FROZEN,
    CreatorPaused: Lapse.PAUSED,
    GiftBlocked: Lapse.BLOCKED,
    AnonymousBlocked: Lapse.BLOCKED,
    BlockedByYou: Lapse.BLOCKED,
    NoteRefused: Lapse.WORDS,
    OverBudget: Lapse.BUDGET,
    BudgetPaused: Lapse.BUDGET,
}


def lapse_of(refusal: Refusal) -> Lapse:
    """Return why a gift lapses that was refused."""
    if isinstance(refusal, no.ItemUnavailable):
        return Lapse.LIVE_ONLY if refusal.why == "live_only" else Lapse.ITEM
    return _LAPSES.get(type(refusal), Lapse.OTHER)
