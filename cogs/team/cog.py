"""The command that sends one gift to several creators."""

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.domain.ledger.team_gift import SendTeamGift
from bot.domain.text import MESSAGE_LENGTH
from bot.ui.kit.callbacks import replies, suggests
from bot.ui.kit.caller import Caller, is_bot
from bot.ui.kit.replies import Reply
from bot.ui.looks.gifts import choice
from bot.ui.text.parsing import parse_priced
from cogs.team import views


class TeamCog(commands.Cog):
    """Gifts for several creators."""

    async def _sent(self, caller: Caller) -> Reply | None:
        return await views.receipt_of(caller, caller.key)

    @app_commands.command(name="gift-team", description=_("Send one gift to several creators, split evenly"))
    @app_commands.describe(
        gift=_("Gift to send: start typing a name or a price"),
        creator=_("First creator"),
        second=_("Second creator"),
        third=_("Third creator (optional)"),
        fourth=_("Fourth creator (optional)"),
        message=_("Message to show with the gift"),
        anonymous=_("Hide your name from everyone but staff"),
    )
    @replies(recorded=_sent)
    async def gift_team(
        self,
        caller: Caller,
        gift: app_commands.Range[str, 1, 100],
        creator: discord.User,
        second: discord.User,
        third: discord.User | None = None,
        fourth: discord.User | None = None,
        message: app_commands.Range[str, 1, MESSAGE_LENGTH] = "",
        anonymous: bool | None = None,
    ) -> Reply:
        people = [person for person in (creator, second, third, fourth) if person is not None]
        item, price = parse_priced(gift)
        command = SendTeamGift(
            guild_id=caller.guild_id,
            key=caller.key,
            sender_id=caller.member_id,
            team=tuple(dict.fromkeys(person.id for person in people)),
            item_id=await caller.services.gifts.item_id(caller.guild_id, item),
            channel_id=caller.channel_id,
            note=message,
            anonymous=anonymous,
            bots=tuple(person.id for person in people if is_bot(person)),
            absent=tuple(person.id for person in people if not isinstance(person, discord.Member)),
            ceiling=price,
            asks_first=True,
        )
        return await views.give(caller, command, caller.call_id)

    @gift_team.autocomplete("gift")
    @suggests
    async def suggest(self, caller: Caller, query: str) -> list[app_commands.Choice[str]]:
        suggestions = await caller.services.catalogue.suggest(caller.guild_id, caller.member_id, query)
        return [choice(suggestion, caller.reader) for suggestion in suggestions]
