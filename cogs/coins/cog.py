"""The commands that give coins to members, and take them back."""

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.domain.grant_files import Reading, parse_ratio
from bot.domain.money import MAX_AMOUNT, MAX_BALANCE
from bot.domain.staff_errors import CoinsToBot
from bot.services.wallets import REASON_LENGTH
from bot.ui.kit.answers import Mode
from bot.ui.kit.callbacks import opens, replies, suggests
from bot.ui.kit.caller import Caller, check_member, check_role, is_bot
from bot.ui.kit.controls import Form
from bot.ui.kit.replies import Reply
from bot.ui.text.parsing import parse_id, parse_moment
from cogs.coins import attendees, batches, offers, requests
from cogs.coins.grants import GrantForm, grant, granted
from cogs.coins.lookup import LookupIds, look_up
from cogs.coins.reversal import confirm

Reason = app_commands.Range[str, 1, REASON_LENGTH]
Word = app_commands.Range[str, 1, 40]


def _check_receiver(member: discord.User) -> None:
    """Raise NotAMember or CoinsToBot unless a user option names somebody who can have coins here."""
    check_member(member)
    if is_bot(member):
        raise CoinsToBot


@app_commands.default_permissions(manage_guild=True)
class CoinsCog(commands.GroupCog, group_name="coins", group_description=_("Give coins to members, or take them back")):
    """Giving coins, and taking them back."""

    def __init__(self) -> None:
        # discord.py collects only slash commands from a class, so `setup` adds this one.
        self.menu = app_commands.ContextMenu(name=_("Grant coins"), callback=self.grant_member)
        self.menu.default_permissions = discord.Permissions(manage_guild=True)

    @opens
    async def grant_member(self, caller: Caller, member: discord.User) -> Form:
        _check_receiver(member)
        return GrantForm(member.id, caller.reader)

    async def _granted(self, caller: Caller) -> Reply | None:
        return await granted(caller)

    def _place(self, caller: Caller) -> Mode:
        member = getattr(caller.interaction.namespace, "member", None)
        return requests.place_of(caller, member.id if member is not None else 0)

    @app_commands.command(name="grant", description=_("Give a member promo coins"))
    @app_commands.describe(
        member=_("Member to give coins to"),
        amount=_("Number of coins"),
        reason=_("Reason for our records"),
        receipt=_("Number of the gift's or purchase's receipt that this makes up for"),
    )
    @replies(_place, recorded=_granted, charges=False)
    async def grant(
        self,
        caller: Caller,
        member: discord.User,
        amount: app_commands.Range[int, 1, MAX_AMOUNT],
        reason: Reason,
        receipt: app_commands.Range[int, 1, MAX_BALANCE] | None = None,
    ) -> Reply:
        _check_receiver(member)
        return await grant(caller, member.id, coins=amount, reason=reason, receipt=receipt or 0)

    @app_commands.command(
        name="grant-many", description=_("Give promo coins to everyone in a CSV file or at a live event")
    )
    @app_commands.describe(
        file=_("CSV file with a column of member ids or names, and one of amounts"),
        reason=_("Reason for our records. A file needs one"),
        amount=_("Number of coins for each attendee, or for rows without an amount"),
        ratio=_("Old coins for new ones, like 10:1 (1:1 if you leave it out)"),
        most=_("Most coins for one member"),
        live=_("Live event whose attendees get coins, instead of a file"),
        member_column=_("Name or number of the column with members"),
        amount_column=_("Name or number of the column with amounts"),
    )
    @replies()
    async def grant_many(
        self,
        caller: Caller,
        file: discord.Attachment | None = None,
        live: Word = "",
        amount: app_commands.Range[int, 1, MAX_AMOUNT] | None = None,
        reason: Reason = "",
        ratio: Word = "1:1",
        most: app_commands.Range[int, 1, MAX_AMOUNT] = MAX_AMOUNT,
        member_column: Word = "",
        amount_column: Word = "",
    ) -> Reply:
        reading = Reading(*parse_ratio(ratio), most, amount, member_column, amount_column)
        if live or file is None:
            return await attendees.prepare(caller, live, reading, reason, has_file=file is not None)
        return await batches.prepare(caller, file, reading, reason)

    @grant_many.autocomplete("live")
    @suggests
    async def suggest_shows(self, caller: Caller, query: str) -> list[app_commands.Choice[str]]:
        return await attendees.choices(caller, query)

    @app_commands.command(name="undo", description=_("Take back a grant to many members"))
    @app_commands.describe(batch=_("Grant to take back"), reason=_("Reason for our records"))
    @replies()
    async def undo(self, caller: Caller, batch: Word, reason: Reason) -> Reply:
        return await batches.undo_panel(caller, parse_id(batch, "batch"), reason)

    @undo.autocomplete("batch")
    @suggests
    async def suggest_batches(self, caller: Caller, query: str) -> list[app_commands.Choice[str]]:
        return await batches.choices(caller, query)

    codes = app_commands.Group(name="codes", description=_("Codes that members redeem for promo coins"))

    @codes.command(name="make", description=_("Make a code for promo coins"))
    @app_commands.describe(
        amount=_("Coins for each member who redeems it"),
        code=_("Code to use (one that nobody can guess if you leave it out)"),
        uses=_("How many members can redeem it (no limit if you leave it out)"),
        days=_("Days until it ends (30 if you leave it out)"),
        account_days=_("Days that a Discord account has to exist before it can redeem it"),
    )
    @replies()
    async def make_code(
        self,
        caller: Caller,
        amount: app_commands.Range[int, 1, MAX_AMOUNT],
        code: Word | None = None,
        uses: app_commands.Range[int, 1, MAX_AMOUNT] | None = None,
        days: app_commands.Range[int, 1, 365] = 30,
        account_days: app_commands.Range[int, 0, 365] = 0,
    ) -> Reply:
        return await offers.make_code(caller, offers.Terms(amount, code, uses, days, account_days))

    @codes.command(name="list", description=_("See the codes and offers that members can claim"))
    @replies()
    async def list_codes(self, caller: Caller) -> Reply:
        return await offers.standing(caller)

    @codes.command(name="revoke", description=_("End a code or an offer for good"))
    @app_commands.describe(offer=_("Code or offer to end"))
    @replies()
    async def revoke_code(self, caller: Caller, offer: Word) -> Reply:
        return await offers.revoke(caller, parse_id(offer, "code"))

    @revoke_code.autocomplete("offer")
    @suggests
    async def suggest_offers(self, caller: Caller, query: str) -> list[app_commands.Choice[str]]:
        return await offers.choices(caller, query)

    @app_commands.command(name="claim", description=_("Post a button with which members of a role claim promo coins"))
    @app_commands.describe(
        amount=_("Coins for each member who claims them"),
        role=_("Role that can claim them"),
        hours=_("Hours until it ends (24 if you leave it out)"),
    )
    @replies(Mode.PUBLIC)
    async def claim(
        self,
        caller: Caller,
        amount: app_commands.Range[int, 1, MAX_AMOUNT],
        role: discord.Role,
        hours: app_commands.Range[int, 1, 24 * 30] = 24,
    ) -> Reply:
        check_role(role)
        return await offers.announce(caller, coins=amount, role=role, hours=hours)

    @app_commands.command(name="reverse", description=_("Take back a gift, a grant or a purchase"))
    @app_commands.describe(
        receipt=_("Number of the receipt"),
        reason=_("Reason for our records"),
        part=_("Part to take back, if not everything: pieces of a gift, otherwise coins"),
    )
    @replies()
    async def reverse(
        self,
        caller: Caller,
        receipt: app_commands.Range[int, 1, MAX_BALANCE],
        reason: Reason,
        part: app_commands.Range[int, 1, MAX_AMOUNT] | None = None,
    ) -> Reply:
        preview = await caller.services.reversals.preview(
            caller.guild_id, actor_id=caller.member_id, seq=receipt, part=part, reason=reason
        )
        return confirm(caller, preview)

    @app_commands.command(name="lookup", description=_("See what a member has, bought, sent and received"))
    @app_commands.describe(
        member=_("Member to look up"),
        start=_("First day, like 2030-12-24"),
        end=_("Day before which it ends, like 2030-12-31"),
    )
    @app_commands.rename(start="from", end="until")
    @replies()
    async def lookup(
        self, caller: Caller, member: discord.User, start: str | None = None, end: str | None = None
    ) -> Reply:
        time_zone = (await caller.services.guilds.rules(caller.guild_id)).time_zone
        bounds = [max(parse_moment(day, time_zone), 0) // 1_000 if day else 0 for day in (start, end)]
        return await look_up(caller, LookupIds(caller.member_id, member.id, 0, 0, *bounds))
