"""What packages look like to those who manage them."""

from collections.abc import Sequence

from discord import app_commands

from bot.domain.packages import Package, matching_packages
from bot.domain.text import shown
from bot.ui import theme
from bot.ui.kit import discord_limits, pages
from bot.ui.kit.cards import Card, Part
from bot.ui.text.reader import Reader


def packages(
    listed: Sequence[Package],
    page: int,
    of_pages: int,
    reader: Reader,
    *,
    can_pay: bool,
    may_change: bool,
    unrated: Sequence[str] = (),
) -> Card:
    """Return a page of the list, with a word on how members can pay, and on currencies without a rate.

    A reader who `may_change` packages reads how.
    """
    lines = [line(package, reader) for package in listed]
    if not lines:
        lines = [reader._("There are no packages yet. Add one with `/packages add`.")]
    parts = [Part(discord_limits.lines(lines, discord_limits.CARD_TEXT))]
    is_empty = of_pages == 1 and all(package.archived for package in listed)
    if listed and is_empty:
        parts.append(Part("⚠️ " + reader._("Nothing is for sale: all packages are archived.")))
    if not can_pay:
        text = reader._("Nobody can buy coins yet: no payment method is switched on. See `/settings`, *Payments*.")
        parts.append(Part(f"⚠️ {text}"))
    if unrated:
        text = reader._(
            "Nobody can buy packages in {currencies} yet: set an exchange rate in `/settings`, *Payments*, *Limits*.",
            currencies=reader.listed(unrated),
        )
        parts.append(Part(f"⚠️ {text}"))
    if may_change and listed:
        text = reader._("Add one with `/packages add`, or change one with `/packages edit`.")
        parts.append(Part("-# " + (reader._("Bring one back with `/packages edit`.") if is_empty else text)))
    return Card(theme.GOLD, tuple(parts), title=reader._("Packages"), footer=pages.footer(reader, page, of_pages))


def added(package: Package, reader: Reader) -> Card:
    """Return what a new package looks like."""
    return Card(theme.GREEN, (Part(line(package, reader)),), title="✅ " + reader._("Package added"))


def changed(package: Package, reader: Reader) -> Card:
    """Return what a package looks like after a change."""
    title = reader._("Package archived") if package.archived else reader._("Package changed")
    return Card(theme.GREEN, (Part(line(package, reader)),), title="✅ " + title)


def line(package: Package, reader: Reader) -> str:
    """Return everything about a package in one line."""
    price = reader.money(package.price_minor, package.currency)
    parts = [f"**{reader.coin(package.total)}**", f"**{price}**"]
    if package.bonus:
        percent = reader.percent(package.bonus_percent)
        parts.append(reader._("{percent} bonus included", percent=percent))
    if package.limit is not None:
        parts.append(reader.n_("{n} per member", "{n} per member", package.limit))
    if package.reference:
        parts.append(reader._("SKU {number}", number=shown(package.reference)))
    text = " · ".join(parts)
    return f"🗄️ ~~{text}~~ " + reader._("archived") if package.archived else text


def choices(packages: Sequence[Package], query: str, reader: Reader) -> list[app_commands.Choice[str]]:
    """Return the packages that match `query`, for the list that opens while a member types."""
    return [
        app_commands.Choice(
            name=discord_limits.cut(_name(package, reader), discord_limits.CHOICE_NAME), value=str(package.package_id)
        )
        for package in matching_packages(
            packages, query, lambda package: (reader.number(package.total), _name(package, reader))
        )
    ][: discord_limits.SELECT_OPTIONS]


def _name(package: Package, reader: Reader) -> str:
    coins = reader.coins(package.total, plain=True)
    name = f"{coins} · {reader.money(package.price_minor, package.currency)}"
    return f"🗄️ {name}" if package.archived else name
