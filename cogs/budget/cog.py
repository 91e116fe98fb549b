"""The commands of budgets."""

from discord import app_commands
from discord.app_commands import Choice
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.domain.budgets import MOST_PAUSE_DAYS, BudgetPeriod
from bot.domain.money import MAX_AMOUNT
from bot.ui.kit.callbacks import replies
from bot.ui.kit.caller import Caller
from bot.ui.kit.replies import Reply
from cogs.budget import views


class BudgetCog(commands.GroupCog, group_name="budget", group_description=_("Limit what you gift and buy")):
    """What members let themselves spend."""

    @app_commands.command(name="show", description=_("See your limits and what's left of them"))
    @replies()
    async def show(self, caller: Caller) -> Reply:
        return await views.show(caller)

    @app_commands.command(name="set", description=_("Limit the coins you gift, and buy, in a day, week or month"))
    @app_commands.describe(
        period=_("Period that the limit is for"),
        amount=_("Most coins to gift, and to buy. Less works at once, more after 24 hours"),
    )
    @app_commands.choices(
        period=[
            Choice(name=_("Day"), value=BudgetPeriod.DAY.value),
            Choice(name=_("Week"), value=BudgetPeriod.WEEK.value),
            Choice(name=_("Month"), value=BudgetPeriod.MONTH.value),
        ]
    )
    @replies()
    async def set(self, caller: Caller, period: Choice[str], amount: app_commands.Range[int, 1, MAX_AMOUNT]) -> Reply:
        limits = {BudgetPeriod(period.value): amount}
        return views.changed(await caller.services.budgets.limit(caller.guild_id, caller.member_id, limits), caller)

    @app_commands.command(name="pause", description=_("Take a break from gifts and from buying coins"))
    @app_commands.describe(days=_("Length in days, 1 to 30"))
    @replies()
    async def pause(self, caller: Caller, days: app_commands.Range[int, 1, MOST_PAUSE_DAYS]) -> Reply:
        return await views.ask_pause(caller, days)

    @app_commands.command(name="clear", description=_("Remove your limits, after 24 hours"))
    @replies()
    async def clear(self, caller: Caller) -> Reply:
        return views.changed(await caller.services.budgets.clear(caller.guild_id, caller.member_id), caller)
