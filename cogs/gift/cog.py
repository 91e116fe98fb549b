"""The commands of gifts."""

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.domain.errors import CreatorLeft, GiftToBot
from bot.domain.ledger.gift import SendGift
from bot.domain.money import MAX_COUNT
from bot.domain.text import MESSAGE_LENGTH
from bot.ui.kit.callbacks import replies, suggests
from bot.ui.kit.caller import Caller, is_bot
from bot.ui.kit.next_steps import WANTED, WantedGift
from bot.ui.kit.open_pickers import COG, OpenPickers
from bot.ui.kit.replies import Reply
from bot.ui.looks.gifts import choice
from bot.ui.text.parsing import parse_priced
from bot.ui.text.refusals import NotTheirMessage
from cogs.gift import messages, views
from cogs.gift.picker.opening import opens_picker
from cogs.gift.picker.views import picker, started
from cogs.gift.shelf.views import shelf

LONGEST_LINK = 200


class GiftCog(commands.Cog, name=COG):
    """Sending gifts."""

    def __init__(self) -> None:
        self._linked_messages = messages.LinkedMessages()
        self.open_pickers = OpenPickers()
        # discord.py collects only slash commands from a class, so `setup` adds these.
        self.menus = (
            app_commands.ContextMenu(name=_("Gift this message"), callback=self.gift_message),
            app_commands.ContextMenu(name=_("Send a gift"), callback=self.gift_member),
        )

    async def _sent(self, caller: Caller) -> Reply | None:
        return await views.receipt_of(caller, caller.key)

    @app_commands.command(name="gift", description=_("Send a gift to a creator"))
    @app_commands.describe(
        gift=_("Gift to send: start typing a name or a price"),
        creator=_("Creator to send it to"),
        count=_("Quantity, 1 to 99"),
        message=_("Message to show with the gift"),
        anonymous=_("Hide your name from everyone but staff"),
        link=_("Link to the creator's message that the gift is for"),
    )
    @replies(recorded=_sent)
    async def gift(
        self,
        caller: Caller,
        gift: app_commands.Range[str, 1, 100],
        # Not discord.Member: for somebody who has left, discord.py would fail before we could explain why.
        creator: discord.User,
        count: app_commands.Range[int, 1, MAX_COUNT] = 1,
        message: app_commands.Range[str, 1, MESSAGE_LENGTH] = "",
        anonymous: bool | None = None,
        link: app_commands.Range[str, 1, LONGEST_LINK] = "",
    ) -> Reply:
        command = (await typed_gift(caller, gift, creator, count))._replace(note=message, anonymous=anonymous)
        caller.interaction.extras[WANTED] = WantedGift(command.item_id, count)
        if link:
            linked_message = await self._linked_messages.get(caller, link)
            # The link decides where the gift is shown, never who gets it.
            if linked_message.author.id != creator.id:
                raise NotTheirMessage(linked_message.author.id)
            command = command._replace(channel_id=linked_message.channel.id, message_id=linked_message.id)
        return await views.give(caller, command, caller.call_id)

    @opens_picker
    async def gift_message(self, caller: Caller, message: discord.Message) -> Reply:
        messages.check_author(message)
        author = message.author
        panel = await picker(caller, started(caller, author.id, message.id))
        # Discord resolves the author of a message to a mere user, whether or not they are still here. We ask it only
        # about creators, and only now and then: the gift itself is refused anyway if they have left.
        if not await caller.membership.was_member(caller.guild_id, author.id):
            raise CreatorLeft(author.id)
        return panel

    @opens_picker
    async def gift_member(self, caller: Caller, member: discord.User) -> Reply:
        if is_bot(member):
            raise GiftToBot
        # First the picker, which refuses anybody who is not a creator: that says more than that they left.
        panel = await picker(caller, started(caller, member.id))
        if not isinstance(member, discord.Member):
            raise CreatorLeft(member.id)
        return panel

    @gift.autocomplete("gift")
    @suggests
    async def suggest(self, caller: Caller, query: str) -> list[app_commands.Choice[str]]:
        suggestions = await caller.services.catalogue.suggest(caller.guild_id, caller.member_id, query)
        return [choice(suggestion, caller.reader) for suggestion in suggestions]

    @app_commands.command(name="gifts", description=_("See every gift you can send, by size and price"))
    @replies()
    async def gifts(self, caller: Caller) -> Reply:
        return await shelf(caller)


async def typed_gift(caller: Caller, gift: str, creator: discord.User, quantity: int) -> SendGift:
    """Return the command for a gift as a member typed it: a name, an id, or a choice that shows its price."""
    item, price = parse_priced(gift)
    return SendGift(
        guild_id=caller.guild_id,
        key=caller.key,
        sender_id=caller.member_id,
        creator_id=creator.id,
        creator_is_bot=is_bot(creator),
        creator_is_here=isinstance(creator, discord.Member),
        item_id=await caller.services.gifts.item_id(caller.guild_id, item),
        quantity=quantity,
        channel_id=caller.channel_id,
        ceiling=None if price is None else price * quantity,
        asks_first=True,
    )
