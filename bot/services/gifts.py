"""Sending a gift: from what a member typed to a receipt."""

from dataclasses import dataclass

from bot.domain import text
from bot.domain.catalogue import GiftItem
from bot.domain.commands import SendGift
from bot.domain.errors import GiftToBot, GiftToSelf, NotACreator, NotEnoughCoins, UnknownGuild
from bot.domain.ids import id_in
from bot.domain.money import MAX_COUNT, amount
from bot.domain.receipts import Receipt
from bot.services.catalogue import find_item
from bot.storage import creators, guilds, journal, wallets
from bot.storage.connection import Connection
from bot.storage.database import Database


@dataclass(frozen=True, slots=True)
class GiftRequest:
    """What a member asks for. `item` is an item's id or name as it was typed, `note` is not cleaned yet.

    `offered_price` is the price of one piece that the member confirmed, None where nothing was confirmed.
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


@dataclass(frozen=True, slots=True)
class Preview:
    """What a request would cost, in coins, and whether the sender has to confirm it first."""

    item: GiftItem
    count: int
    coins: int
    note: str
    must_confirm: bool


class Gifts:
    """The use-cases of gifts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def preview(self, request: GiftRequest) -> Preview:
        """Return what `request` would cost; raise what can be refused already: see `bot.domain.decide`.

        A preview charges nothing and promises nothing: everything is looked at again when the gift is sent.
        """
        return await self._database.read(_preview, request)

    async def send(self, request: GiftRequest) -> Receipt:
        """Charge and send the gift once, however often the same key comes; raises every refusal of gifts."""
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
            )
        )

    async def find(self, guild_id: int, key: str) -> Receipt | None:
        """Return the receipt recorded under `key`, if there is one."""
        return await self._database.read(journal.find, guild_id, key)


def _preview(connection: Connection, request: GiftRequest) -> Preview:
    count = amount(request.count, highest=MAX_COUNT)
    if request.creator_is_bot:
        raise GiftToBot
    if request.creator_id == request.sender_id:
        raise GiftToSelf
    rules = guilds.rules(connection, request.guild_id)
    if rules is None:
        raise UnknownGuild
    if not creators.is_creator(connection, request.guild_id, request.creator_id):
        raise NotACreator(request.creator_id)
    item = find_item(connection, request.guild_id, request.item)
    coins = item.price * count
    must_confirm = coins > rules.confirm_above
    if must_confirm:
        # Nobody should be asked to confirm what the wallet cannot pay.
        held = wallets.wallet(connection, request.guild_id, request.sender_id).total
        if held < coins:
            raise NotEnoughCoins(held, coins)
    return Preview(item, count, coins, text.clean(request.note, text.MESSAGE_LENGTH), must_confirm)
