"""The commands of creators."""

import discord
from discord import app_commands
from discord.app_commands import Choice
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.domain.money import MAX_BALANCE
from bot.services.reception import MOST_DAYS
from bot.ui.kit.callbacks import replies, suggests
from bot.ui.kit.caller import Caller, check_member
from bot.ui.kit.replies import Reply
from bot.ui.looks import periods
from bot.ui.looks.periods import LONGEST
from cogs.creator import applying, blocking, earnings, gifts, pausing, payouts, stats, views

Typed = app_commands.Range[str, 1, LONGEST]


class CreatorCog(commands.GroupCog, group_name="creator", group_description=_("See your gifts and thank your fans")):
    """What creators see of their gifts."""

    @app_commands.command(name="apply", description=_("Ask to become a creator here"))
    async def apply(self, interaction: discord.Interaction) -> None:
        await applying.apply(interaction)

    @app_commands.command(name="pause", description=_("Take no gifts for a while, or take them again"))
    @app_commands.describe(days=_("Length in days, 1 to 90 (7 if you leave it out)"))
    @replies()
    async def pause(self, caller: Caller, days: app_commands.Range[int, 1, MOST_DAYS] | None = None) -> Reply:
        return await pausing.pause(caller, days)

    @app_commands.command(name="block", description=_("Choose whose gifts and which words you don't want"))
    @app_commands.describe(member=_("Member to block"))
    @replies()
    async def block(self, caller: Caller, member: discord.User | None = None) -> Reply:
        return await (blocking.panel(caller) if member is None else blocking.block(caller, member.id))

    @app_commands.command(name="thanks", description=_("See who's still waiting for your thanks"))
    @replies()
    async def thanks(self, caller: Caller) -> Reply:
        return await views.queue(caller)

    @app_commands.command(name="gifts", description=_("See your last gifts, and decline one within a day"))
    @replies()
    async def gifts(self, caller: Caller) -> Reply:
        return await gifts.gifts(caller)

    @app_commands.command(name="earnings", description=_("See what's available, what's held and why"))
    @app_commands.describe(creator=_("Creator, if it isn't you (for treasurers and auditors)"))
    @replies()
    async def earnings(self, caller: Caller, creator: discord.User | None = None) -> Reply:
        if creator is not None:
            check_member(creator)
        return await earnings.earnings(caller, creator.id if creator else caller.member_id)

    @app_commands.command(name="stats", description=_("See when you get gifts, which ones, and from whom"))
    @app_commands.describe(
        period=_("Period, or a date like 2026-10 or 2026-10-31 (the last 30 days if you leave it out)"),
        creator=_("Creator, if it isn't you (for treasurers and auditors)"),
    )
    @replies()
    async def stats(self, caller: Caller, period: Typed | None = None, creator: discord.User | None = None) -> Reply:
        if creator is not None:
            check_member(creator)
        chosen = periods.typed(period, caller.reader) if period else stats.DEFAULT
        return await stats.stats(caller, creator.id if creator else caller.member_id, chosen)

    @stats.autocomplete("period")
    @suggests
    async def suggest_periods(self, caller: Caller, query: str) -> list[Choice[str]]:
        past = await caller.services.leaderboards.past_periods(caller.guild_id)
        return periods.choices(query, past, caller.reader)

    @app_commands.command(name="payout", description=_("Ask to be paid for your available diamonds"))
    @app_commands.describe(amount=_("Number of diamonds (all that are available if you leave it out)"))
    @replies()
    async def payout(self, caller: Caller, amount: app_commands.Range[int, 1, MAX_BALANCE] | None = None) -> Reply:
        return await payouts.payout(caller, amount)
