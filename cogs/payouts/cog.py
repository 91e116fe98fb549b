"""The commands of treasurers about payouts."""

from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.domain.confirmations import REFERENCE_LENGTH
from bot.services.wallets import REASON_LENGTH
from bot.ui.kit.callbacks import replies, suggests
from bot.ui.kit.caller import Caller
from bot.ui.kit.replies import Reply
from bot.ui.text.parsing import parse_id
from cogs.payouts import render, views


@app_commands.default_permissions(manage_guild=True)
class PayoutsCog(commands.GroupCog, group_name="payouts", group_description=_("Pay creators what they've earned")):
    """Creators' requests for payouts."""

    @app_commands.command(name="list", description=_("See which creators asked for a payout"))
    @replies()
    async def list_(self, caller: Caller) -> Reply:
        return await views.listed(caller)

    @app_commands.command(name="approve", description=_("Approve a payout"))
    @app_commands.describe(payout=_("Payout to approve"))
    @replies()
    async def approve(self, caller: Caller, payout: str) -> Reply:
        return await views.approve(caller, parse_id(payout, "payout"))

    @app_commands.command(name="paid", description=_("Record that you sent a creator the money"))
    @app_commands.describe(
        payout=_("Payout that you sent the money for"), reference=_("Number of your payment, like a transaction number")
    )
    @replies()
    async def paid(self, caller: Caller, payout: str, reference: app_commands.Range[str, 1, REFERENCE_LENGTH]) -> Reply:
        return await views.record(caller, parse_id(payout, "payout"), reference)

    @app_commands.command(name="reject", description=_("Reject a payout and give the diamonds back"))
    @app_commands.describe(payout=_("Payout to reject"), reason=_("Reason that the creator reads"))
    @replies()
    async def reject(self, caller: Caller, payout: str, reason: app_commands.Range[str, 1, REASON_LENGTH]) -> Reply:
        return await views.reject(caller, parse_id(payout, "payout"), reason)

    @approve.autocomplete("payout")
    @paid.autocomplete("payout")
    @reject.autocomplete("payout")
    @suggests
    async def suggest(self, caller: Caller, query: str) -> list[app_commands.Choice[str]]:
        reports = await caller.services.payouts.waiting(caller.guild_id)
        profiles = await caller.membership.profiles(caller.guild_id, [report.creator_id for report in reports])
        names = {member_id: profile.name for member_id, profile in profiles.items()}
        return render.choices(reports, names, query, caller.reader)
