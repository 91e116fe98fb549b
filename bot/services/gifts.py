"""Sending a gift: from what a member typed to a receipt."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain import text
from bot.domain.catalogue import GiftItem
from bot.domain.errors import GiftToSelf, NotACreator, NotLive, UnknownGuild
from bot.domain.ids import id_in
from bot.domain.ledger.gift import SendGift
from bot.domain.receipts import Receipt
from bot.services.catalogue import find_item
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import journal
from bot.storage.stores import catalogue, creators, guilds, live, wallets


@dataclass(frozen=True, slots=True)
class GiftRequest:
    """What a member asks for. `item` is an item's id or name as it was typed, `note` is not cleaned yet.

    `ceiling` is the price that the member was shown for all of it, in coins, None where none was. `message_id` is the
    message in that channel that the gift is for, 0 for none.
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
    ceiling: int | None = None
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
        """Return what `request` costs now, to be asked about; raise NotFound.

        It promises nothing: whether the gift can be sent was, and is again, decided by `bot.domain.ledger`.
        """
        return await self._database.read(_preview, request)

    async def send(self, request: GiftRequest, *, asks_first: bool = False) -> Receipt:
        """Charge and send the gift once, however often the same key comes; raises every refusal of gifts.

        With `asks_first` a gift above the guild's threshold is refused with MustConfirm. That, and PriceChanged, are
        refused last: what they ask for could be sent.
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
                quantity=request.count,
                channel_id=request.channel_id,
                note=text.clean(request.note, text.MESSAGE_LENGTH),
                anonymous=request.anonymous,
                creator_is_bot=request.creator_is_bot,
                creator_is_here=request.creator_is_here,
                ceiling=request.ceiling,
                message_id=request.message_id,
                asks_first=asks_first,
            )
        )

    async def find(self, guild_id: int, key: str) -> Receipt | None:
        """Return the receipt recorded under `key`, if there is one."""
        return await self._database.read(journal.find, guild_id, key)

    async def settled(self, guild_id: int, key: str) -> Receipt | None:
        """Return the receipt under `key` once all that was asked of the books before is settled; None if there is none.

        Raises Busy or BooksClosed: then nobody can say.
        """
        return await self._database.writer.perform(journal.find, guild_id, key)


def _preview(connection: Connection, request: GiftRequest) -> Preview:
    item = find_item(connection, request.guild_id, request.item)
    note = text.clean(request.note, text.MESSAGE_LENGTH)
    return Preview(item, request.count, item.price * request.count, note)


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
