"""What gift items look like to those who manage them."""

from collections.abc import Sequence

from discord import app_commands

from bot.domain.catalogue import GiftItem
from bot.domain.matching import matching
from bot.ui import theme
from bot.ui.kit import discord_limits, pages
from bot.ui.kit.cards import Card, Part, Picture
from bot.ui.looks.tiers import TIER_STYLES
from bot.ui.text import mentions
from bot.ui.text.reader import Reader


def catalogue(items: Sequence[GiftItem], page: int, of_pages: int, reader: Reader, *, may_change: bool) -> Card:
    """Return a page of the list, and how to change it for a reader who `may_change` it. `items` are by tier."""
    lines: list[str] = []
    for number, item in enumerate(items):
        if number == 0 or items[number - 1].tier is not item.tier:
            lines += [*([""] if lines else []), _heading(item, reader)]
        lines.append(line(item, reader))
    if not lines:
        lines = [reader._("There are no gifts yet. Add one with `/catalogue add`.")]
    parts = [Part(discord_limits.lines(lines, discord_limits.CARD_TEXT))]
    if items and may_change:
        parts.append(Part("-# " + reader._("Add one with `/catalogue add`, or change one with `/catalogue edit`.")))
    return Card(theme.ROSE, tuple(parts), title=reader._("Gift catalogue"), footer=pages.footer(reader, page, of_pages))


def added(item: GiftItem, picture: Picture | None, reader: Reader) -> Card:
    """Return what a new item looks like."""
    return _card("✅ " + reader._("Gift added"), item, picture, reader)


def changed(item: GiftItem, picture: Picture | None, reader: Reader) -> Card:
    """Return what an item looks like after a change."""
    title = reader._("Gift archived") if item.archived else reader._("Gift changed")
    return _card("✅ " + title, item, picture, reader)


def _card(title: str, item: GiftItem, picture: Picture | None, reader: Reader) -> Card:
    text = f"{_heading(item, reader)}\n{line(item, reader)}"
    pictures = (picture,) if picture is not None else ()
    return Card(TIER_STYLES[item.tier].colour, (Part(text),), title=title, pictures=pictures)


def _heading(item: GiftItem, reader: Reader) -> str:
    style = TIER_STYLES[item.tier]
    return f"**{style.emoji} {reader._(style.name)}**"


def line(item: GiftItem, reader: Reader) -> str:
    """Return everything about an item in one line."""
    parts = [mentions.item(item, reader), f"**{reader.coin(item.price)}**"]
    if item.stock is not None:
        parts.append(reader.n_("{n} left", "{n} left", item.stock))
    if item.live_only:
        parts.append(f"{theme.LIVE} " + reader._("live only"))
    if item.fans_only:
        parts.append(mentions.fans_only(reader))
    if item.joins_club:
        parts.append(f"{theme.FANS} " + reader._("joins the fan club"))
    if item.from_ms is not None:
        parts.append(reader._("from {moment}", moment=reader.moment(item.from_ms)))
    if item.until_ms is not None:
        parts.append(reader._("until {moment}", moment=reader.moment(item.until_ms)))
    text = " · ".join(parts)
    return f"🗄️ ~~{text}~~ " + reader._("archived") if item.archived else text


def choices(items: Sequence[GiftItem], query: str) -> list[app_commands.Choice[str]]:
    """Return the items that match `query`, for the list that opens while a member types."""
    return [
        app_commands.Choice(name=discord_limits.cut(_name(item), discord_limits.CHOICE_NAME), value=str(item.item_id))
        for item in matching(items, query, lambda item: (item.name, str(item.price)))
    ][: discord_limits.SELECT_OPTIONS]


def _name(item: GiftItem) -> str:
    # A server's own emoji would show as its code here.
    name = item.name if item.emoji.startswith("<") else f"{item.emoji} {item.name}"
    return f"🗄️ {name}" if item.archived else name
