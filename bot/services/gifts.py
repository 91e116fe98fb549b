"""Sending a gift: from what a member typed to a receipt."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain import text
from bot.domain.catalogue import GiftItem
from bot.domain.commands import SendGift
from bot.domain.errors import GiftToBot, GiftToSelf, NotACreator, NotEnoughCoins, NotLive, UnknownGuild
from bot.domain.ids import id_in
from bot.domain.money import MAX_COUNT, amount
from bot.domain.receipts import Receipt
from bot.services.catalogue import find_item
from bot.storage import catalogue, creators, guilds, journal, live, wallets
from bot.storage.connection import Connection
from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class GiftRequest:
    """What a member asks for. `item` is an item's id or name as it was typed, `note` is not cleaned yet.

    `offered_price` is the price of one piece that the member confirmed, None where nothing was confirmed. `message_id`
    is the message in that channel that the gift is for, 0 for none.
    """

    guild_id: int
    key: str
    sender_id: int
    creator_id: int
    creator_is_bot: bool
    creator_is_here: bool
    item: str
    count: int
    channel_id: int
    note: str = ""
    anonymous: bool = False
    offered_price: int | None = None
    message_id: int = 0


@dataclass(frozen=True, slots=True)
class Offer:
    """What a member could send to a creator right now, cheapest first, and the coins they have."""

    items: tuple[GiftItem, ...]
    balance: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What a request would cost, in coins."""

    item: GiftItem
    count: int
    coins: int
    note: str


class Gifts:
    """The use-cases of gifts."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    async def offer(self, guild_id: int, sender_id: int, creator_id: int) -> Offer:
        """Return what `sender_id` could send to a creator now; raise UnknownGuild, GiftToSelf or NotACreator."""
        return await self._database.read(_offer, guild_id, sender_id, creator_id, self._clock())

    async def creators_of(self, guild_id: int, event_id: int) -> tuple[int, ...]:
        """Return whom a running live event is for; raise NotLive."""
        return await self._database.read(_creators_of, guild_id, event_id, self._clock())

    async def preview(self, request: GiftRequest) -> Preview:
        """Return what `request` would cost; raise what can be refused already: see `bot.domain.decide`.

        A preview charges nothing and promises nothing: everything is looked at again when the gift is sent.
        """
        return await self._database.read(_preview, request)

    async def send(self, request: GiftRequest, *, asks_first: bool = False) -> Receipt:
        """Charge and send the gift once, however often the same key comes; raises every refusal of gifts.

        With `asks_first` a gift above the guild's threshold is refused with MustConfirm.
        """
        item_id = id_in(request.item)
        # What was picked from the list is an id, and no name is: the writer looks it up with all the rest.
        if item_id is None:
            item_id = (await self._database.read(find_item, request.guild_id, request.item)).item_id
        return await self._database.writer.submit(
            SendGift(
                guild_id=request.guild_id,
                key=request.key,
                sender_id=request.sender_id,
                creator_id=request.creator_id,
                item_id=item_id,
                count=request.count,
                channel_id=request.channel_id,
                note=text.clean(request.note, text.MESSAGE_LENGTH),
                anonymous=request.anonymous,
                creator_is_bot=request.creator_is_bot,
                creator_is_here=request.creator_is_here,
                offered_price=request.offered_price,
                message_id=request.message_id,
                asks_first=asks_first,
            )
        )

    async def find(self, guild_id: int, key: str) -> Receipt | None:
        """Return the receipt recorded under `key`, if there is one."""
        return await self._database.read(journal.find, guild_id, key)


def _preview(connection: Connection, request: GiftRequest) -> Preview:
    count = amount(request.count, highest=MAX_COUNT)
    if request.creator_is_bot:
        raise GiftToBot
    _check_receiver(connection, request.guild_id, request.sender_id, request.creator_id)
    item = find_item(connection, request.guild_id, request.item)
    coins = item.price * count
    # Nobody should be asked to confirm what the wallet cannot pay.
    held = wallets.wallet(connection, request.guild_id, request.sender_id).total
    if held < coins:
        raise NotEnoughCoins(held, coins)
    return Preview(item, count, coins, text.clean(request.note, text.MESSAGE_LENGTH))


def _offer(connection: Connection, guild_id: int, sender_id: int, creator_id: int, now_ms: int) -> Offer:
    _check_receiver(connection, guild_id, sender_id, creator_id)
    event = live.of_creators(connection, [(guild_id, creator_id)]).get((guild_id, creator_id))
    is_live = event is not None and event.takes_gifts(now_ms)
    sendable = [item for item in catalogue.items(connection, guild_id) if item.is_sendable(1, now_ms, live=is_live)]
    return Offer(tuple(sendable), wallets.wallet(connection, guild_id, sender_id).total)


def _creators_of(connection: Connection, guild_id: int, event_id: int, now_ms: int) -> tuple[int, ...]:
    event = live.event(connection, guild_id, event_id)
    if event is None or not event.takes_gifts(now_ms):
        raise NotLive
    return tuple(live.creators_of(connection, guild_id, event_id))


def _check_receiver(connection: Connection, guild_id: int, sender_id: int, creator_id: int) -> None:
    """Raise UnknownGuild, GiftToSelf or NotACreator."""
    if creator_id == sender_id:
        raise GiftToSelf
    if guilds.rules(connection, guild_id) is None:
        raise UnknownGuild
    if not creators.is_creator(connection, guild_id, creator_id):
        raise NotACreator(creator_id)
