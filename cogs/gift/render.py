"""What the commands of gifts look like."""

from collections.abc import Sequence
from itertools import groupby

import discord
import regex
from discord import app_commands

from bot.domain.catalogue import GiftItem, Tier, tier_of
from bot.domain.packages import Package
from bot.domain.receipts import Receipt
from bot.services.catalogue import Suggestion
from bot.services.gifts import GiftRequest, Preview
from bot.ui import nouns, outbound, pages, theme
from bot.ui.texts import N_, Reader
from bot.ui.words import nothing_charged

TIERS = {
    Tier.SMALL: N_("Small gifts"),
    Tier.MEDIUM: N_("Medium gifts"),
    Tier.LARGE: N_("Large gifts"),
    Tier.GRAND: N_("Grand gifts"),
    Tier.LEGENDARY: N_("Legendary gifts"),
}

_ESCAPED = regex.compile(r"\\([\\*_~`|>#\-+\[\]()<:@])")
_ISOLATES = str.maketrans("", "", "\u2060\u2068\u2069")


def choice(suggestion: Suggestion, reader: Reader) -> app_commands.Choice[str]:
    """Return a line of the list that opens while a member types."""
    item = suggestion.item
    # A server's own emoji would show as its code here.
    emoji = "" if item.emoji.startswith("<") else f"{item.emoji} "
    lock = "" if suggestion.affordable else " 🔒"
    price = reader.n_("{n} coin", "{n} coins", item.price)
    name = f"{emoji}{item.name} · {price}{lock}"
    return app_commands.Choice(name=outbound.cut(name, outbound.CHOICE_NAME), value=str(item.item_id))


def confirm(request: GiftRequest, preview: Preview, reader: Reader) -> discord.Embed:
    """Return the question before a large gift. The message stands in the only field: `note_in` reads it back."""
    embed = discord.Embed(
        title=reader._("Send {gift}?", gift=nouns.item(preview.item, preview.count)),
        description=reader._(
            "{creator} gets it, and it costs {coins}.",
            creator=nouns.member(request.creator_id, reader),
            coins=f"**{reader.coins(preview.coins)}**",
        ),
        colour=theme.TIER_COLOURS[preview.item.tier],
    )
    if request.anonymous:
        embed.description = f"{embed.description}\n{_hidden(reader)}"
    if preview.note:
        embed.add_field(name=reader._("Your message"), value=nouns.quoted(preview.note))
    embed.set_footer(text=reader._("Nothing is charged until you press Send."))
    return embed


def note_in(embeds: Sequence[discord.Embed]) -> str:
    """Return the message in a confirm panel as it was typed: the inverse of `bot.domain.text.shown`."""
    if not embeds or not embeds[0].fields:
        return ""
    value = (embeds[0].fields[0].value or "").removeprefix("> ")
    return _ESCAPED.sub(r"\1", value.translate(_ISOLATES))


def cancelled(reader: Reader) -> discord.Embed:
    """Return what a cancelled panel says."""
    text = reader._("Not sent.") + nothing_charged(reader)
    return discord.Embed(description=text, colour=theme.GREY)


def receipt(sent: Receipt, reader: Reader) -> discord.Embed:
    """Return the sender's receipt of one gift."""
    facts = sent.facts
    parts = [
        reader._(
            "Sent to {creator} for {coins}.",
            creator=nouns.member(sent.other_id, reader),
            coins=f"**{reader.coins(facts['coins'])}**",
        )
    ]
    if facts["live_channel"]:
        parts.append(reader._("It counts for the live event in <#{channel}>.", channel=facts["live_channel"]))
    if facts["anonymous"]:
        parts.append(_hidden(reader))
    if sent.note:
        parts.append(nouns.quoted(sent.note))
    parts.append(reader._("You have {coins} left.", coins=reader.coins(sent.balance)))
    embed = discord.Embed(
        title=nouns.gift_of(facts), description="\n".join(parts), colour=theme.TIER_COLOURS[tier_of(facts["price"])]
    )
    return embed.set_footer(text=reader._("Receipt #{number}", number=sent.seq))


def catalogue(
    items: Sequence[GiftItem], package: Package | None, page: int, of_pages: int, reader: Reader
) -> list[discord.Embed]:
    """Return one embed for each tier of a page of items (by price). `package` gives the price in real money."""
    if not items:
        text = reader._("There is nothing to send here yet. A moderator can add gifts with `/catalogue add`.")
        return [discord.Embed(description=text, colour=theme.GREY)]
    embeds = [
        discord.Embed(
            title=f"{theme.TIER_EMOJI[tier]} {reader._(TIERS[tier])}",
            description="\n".join(_line(item, package, reader) for item in group),
            colour=theme.TIER_COLOURS[tier],
        )
        for tier, group in groupby(items, key=lambda item: item.tier)
    ]
    hints = [reader._("Send one with /gift"), pages.footer(reader, page, of_pages)]
    embeds[-1].set_footer(text=" · ".join(hint for hint in hints if hint))
    return embeds


def _line(item: GiftItem, package: Package | None, reader: Reader) -> str:
    parts = [f"{nouns.item(item)} · **{reader.coin(item.price)}**"]
    if package is not None:
        minor = (item.price * package.price_minor + package.total // 2) // package.total
        parts.append(f"≈ {reader.money(minor, package.currency)}")
    if item.live_only:
        parts.append(f"{theme.LIVE} " + reader._("live only"))
    if item.stock is not None:
        parts.append(reader.n_("{n} left", "{n} left", item.stock))
    if item.until_ms is not None:
        parts.append(reader._("until {moment}", moment=reader.moment(item.until_ms)))
    return " · ".join(parts)


def _hidden(reader: Reader) -> str:
    return "🎭 " + reader._("Your name stays hidden.")
