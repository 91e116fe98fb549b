"""The commands of coin packages."""

from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.domain.money import MAX_AMOUNT
from bot.domain.packages import MAX_BONUS_PERCENT
from bot.services.packages import REFERENCE_LENGTH
from bot.ui.kit.callbacks import replies, suggests
from bot.ui.kit.caller import Caller
from bot.ui.kit.replies import Reply, reply
from bot.ui.text.parsing import parse_id
from cogs.packages import render, views
from cogs.packages.options import changes_of, new_package

Coins = app_commands.Range[int, 1, MAX_AMOUNT]
Price = app_commands.Range[str, 1, 20]
Currency = app_commands.Range[str, 3, 3]
Bonus = app_commands.Range[int, 0, MAX_BONUS_PERCENT]
Reference = app_commands.Range[str, 1, REFERENCE_LENGTH]
Limit = app_commands.Range[int, 0, 1_000]
Position = app_commands.Range[int, 1, 1_000]
Which = app_commands.Range[str, 1, 100]


DESCRIPTIONS = {
    "coins": _("Number of coins, without the bonus"),
    "price": _("Price, like 4.99"),
    "currency": _("Currency code, like USD or EUR"),
    "bonus": _("Bonus coins, in percent"),
    "reference": _("ID of its SKU, if it's also sold on Discord (0 for none)"),
    "limit": _("Purchases per member (0 for no limit)"),
}
"""What the options that `add` and `edit` share are for."""


@app_commands.default_permissions(manage_guild=True)
class PackagesCog(
    commands.GroupCog, group_name="packages", group_description=_("Set up the packages that members can buy")
):
    """What coins are sold in."""

    @app_commands.command(name="list", description=_("See all packages, including archived ones"))
    @replies()
    async def list_(self, caller: Caller) -> Reply:
        return await views.packages(caller, page=0)

    @app_commands.command(name="add", description=_("Add a package"))
    @app_commands.describe(
        **DESCRIPTIONS | {"currency": _("Currency code, like USD or EUR (the shop's own if you leave it out)")}
    )
    @replies()
    async def add(
        self,
        caller: Caller,
        coins: Coins,
        price: Price,
        currency: Currency | None = None,
        bonus: Bonus = 0,
        reference: Reference = "",
        limit: Limit = 0,
    ) -> Reply:
        changes = await new_package(
            caller, price, currency, coins=coins, bonus_percent=bonus, reference=reference, limit=limit
        )
        package = await caller.services.packages.add(
            caller.guild_id, package_id=caller.call_id, by=caller.member_id, **changes
        )
        return reply(render.added(package, caller.reader))

    @app_commands.command(name="edit", description=_("Change a package or restore an archived one"))
    @app_commands.describe(
        package=_("Package to change"),
        **DESCRIPTIONS,
        position=_("Position in the shop (1 is first)"),
        archived=_("Keep it out of the shop"),
    )
    @replies()
    async def edit(
        self,
        caller: Caller,
        package: Which,
        coins: Coins | None = None,
        price: Price | None = None,
        currency: Currency | None = None,
        bonus: Bonus | None = None,
        reference: Reference | None = None,
        limit: Limit | None = None,
        position: Position | None = None,
        archived: bool | None = None,
    ) -> Reply:
        package_id = parse_id(package, "package")
        changes = await changes_of(
            caller,
            package_id,
            price=price,
            currency=currency,
            coins=coins,
            bonus_percent=bonus,
            reference=reference,
            limit=limit,
            position=position,
            archived=archived,
        )
        edited_package = await caller.services.packages.edit(
            caller.guild_id, package_id, by=caller.member_id, **changes
        )
        return reply(render.changed(edited_package, caller.reader))

    @app_commands.command(name="archive", description=_("Take a package out of the shop"))
    @app_commands.describe(package=_("Package to archive"))
    @replies()
    async def archive(self, caller: Caller, package: Which) -> Reply:
        archived_package = await caller.services.packages.archive(
            caller.guild_id, parse_id(package, "package"), by=caller.member_id
        )
        return reply(render.changed(archived_package, caller.reader))

    @edit.autocomplete("package")
    @suggests
    async def suggest_all(self, caller: Caller, query: str) -> list[app_commands.Choice[str]]:
        packages = await caller.services.packages.packages(caller.guild_id, archived=True)
        return render.choices(packages, query, caller.reader)

    @archive.autocomplete("package")
    @suggests
    async def suggest(self, caller: Caller, query: str) -> list[app_commands.Choice[str]]:
        packages = await caller.services.packages.packages(caller.guild_id)
        return render.choices(packages, query, caller.reader)
