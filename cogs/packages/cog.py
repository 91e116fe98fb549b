"""The commands of coin packages."""

from typing import cast

import discord
from discord import app_commands
from discord.app_commands import locale_str as _
from discord.ext import commands

from bot.domain.currencies import check_currency, parse_price, repriced
from bot.domain.errors import NotFound
from bot.domain.money import MAX_AMOUNT
from bot.domain.packages import MAX_BONUS_PERCENT
from bot.services import Services
from bot.services.packages import REFERENCE_LENGTH, PackageChanges
from bot.ui.answers import answer
from bot.ui.caller import guild_command, guild_of
from bot.ui.parsing import given, parse_id
from bot.ui.reader import Reader
from bot.ui.replies import Reply, reply
from cogs.packages import render, views

Coins = app_commands.Range[int, 1, MAX_AMOUNT]
Price = app_commands.Range[str, 1, 20]
Currency = app_commands.Range[str, 3, 3]
Bonus = app_commands.Range[int, 0, MAX_BONUS_PERCENT]
Reference = app_commands.Range[str, 1, REFERENCE_LENGTH]
Limit = app_commands.Range[int, 0, 1_000]
Position = app_commands.Range[int, 1, 1_000]
Which = app_commands.Range[str, 1, 100]


@guild_command
class Packages(
    commands.GroupCog, group_name="packages", group_description=_("Set up the packages that members can buy")
):
    """What coins are sold in."""

    def __init__(self, services: Services) -> None:
        self.services = services

    @app_commands.command(name="list", description=_("See all packages, including archived ones"))
    async def list_(self, interaction: discord.Interaction) -> None:
        """Show the packages."""
        await answer(interaction, lambda: views.packages(interaction, page=0))

    @app_commands.command(name="add", description=_("Add a package"))
    @app_commands.describe(
        coins=_("Number of coins, without the bonus"),
        price=_("Price, like 4.99"),
        currency=_("Currency code, like USD or EUR"),
        bonus=_("Bonus coins, in percent"),
        reference=_("Product ID at the payment provider, if it needs one"),
        limit=_("Purchases per member (0 for no limit)"),
    )
    async def add(
        self,
        interaction: discord.Interaction,
        coins: Coins,
        price: Price,
        currency: Currency,
        bonus: Bonus = 0,
        reference: Reference = "",
        limit: Limit = 0,
    ) -> None:
        """Add a package at the end of the shop."""
        reader, code = Reader.of(interaction), check_currency(currency)
        minor = parse_price(price, code, reader.decimal)
        values = PackageChanges(coins=coins, price_minor=minor, currency=code, bonus_percent=bonus)
        values |= PackageChanges(reference=reference, limit=limit)

        async def add() -> Reply:
            package = await self.services.packages.add(guild_of(interaction), package_id=interaction.id, **values)
            return reply(render.added(package, reader))

        await answer(interaction, add)

    @app_commands.command(name="edit", description=_("Change a package or restore an archived one"))
    @app_commands.describe(
        package=_("Package to change"),
        coins=_("Number of coins, without the bonus"),
        price=_("Price, like 4.99"),
        currency=_("Currency code, like USD or EUR"),
        bonus=_("Bonus coins, in percent"),
        reference=_("Product ID at the payment provider, if it needs one"),
        limit=_("Purchases per member (0 for no limit)"),
        position=_("Position in the shop (1 is first)"),
        archived=_("Keep it out of the shop"),
    )
    async def edit(
        self,
        interaction: discord.Interaction,
        package: Which,
        coins: Coins | None = None,
        price: Price | None = None,
        currency: Currency | None = None,
        bonus: Bonus | None = None,
        reference: Reference | None = None,
        limit: Limit | None = None,
        position: Position | None = None,
        archived: bool | None = None,
    ) -> None:
        """Change what is given, and nothing else."""
        reader, package_id = Reader.of(interaction), parse_id(package, "package")
        options = given(
            coins=coins, bonus_percent=bonus, reference=reference, limit=limit, position=position, archived=archived
        )

        async def edit() -> Reply:
            money = await self._money(guild_of(interaction), package_id, price, currency, reader)
            changes = cast("PackageChanges", options | money)
            return reply(
                render.changed(await self.services.packages.edit(guild_of(interaction), package_id, **changes), reader)
            )

        await answer(interaction, edit)

    async def _money(
        self, guild_id: int, package_id: int, price: str | None, currency: str | None, reader: Reader
    ) -> PackageChanges:
        """Return what is given of price and currency, the other one as the package has it.

        A price keeps its number in another currency: minor units would turn 4.99 dollars into 499 yen.
        """
        if price is None and currency is None:
            return PackageChanges()
        packages = await self.services.packages.packages(guild_id, archived=True)
        own = next((package for package in packages if package.package_id == package_id), None)
        if own is None:
            raise NotFound("package")
        code = own.currency if currency is None else check_currency(currency)
        if price is None:
            return PackageChanges(currency=code, price_minor=repriced(own.price_minor, own.currency, code))
        return PackageChanges(currency=code, price_minor=parse_price(price, code, reader.decimal))

    @app_commands.command(name="archive", description=_("Take a package out of the shop"))
    @app_commands.describe(package=_("Package to archive"))
    async def archive(self, interaction: discord.Interaction, package: Which) -> None:
        """Archive a package; orders of it stay."""
        reader, package_id = Reader.of(interaction), parse_id(package, "package")

        async def archive() -> Reply:
            return reply(
                render.changed(await self.services.packages.archive(guild_of(interaction), package_id), reader)
            )

        await answer(interaction, archive)

    @edit.autocomplete("package")
    async def suggest_all(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the packages that match, archived ones too."""
        packages = await self.services.packages.packages(guild_of(interaction), archived=True)
        return render.choices(packages, typed, Reader.of(interaction))

    @archive.autocomplete("package")
    async def suggest(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Offer the packages that match."""
        packages = await self.services.packages.packages(guild_of(interaction))
        return render.choices(packages, typed, Reader.of(interaction))
