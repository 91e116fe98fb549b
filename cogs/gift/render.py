"""What the commands of gifts look like."""

import discord
from discord import app_commands

from bot.domain.ledger.books import Decision
from bot.domain.ledger.gift import SendGift, facts_of, gift_tier
from bot.domain.packages import Package
from bot.domain.receipts import Receipt
from bot.services.catalogue import Suggestion
from bot.ui import theme
from bot.ui.kit import discord_limits
from bot.ui.looks.tiers import TIER_STYLES
from bot.ui.text import mentions
from bot.ui.text.estimates import worth
from bot.ui.text.parsing import priced
from bot.ui.text.reader import Reader
from bot.ui.text.refusal_texts import not_charged


def choice(suggestion: Suggestion, reader: Reader) -> app_commands.Choice[str]:
    """Return a line of the list that opens while a member types."""
    item = suggestion.item
    # A server's own emoji would show as its code here.
    emoji = "" if item.emoji.startswith("<") else f"{item.emoji} "
    lock = "" if suggestion.affordable else " 🔒"
    price = reader.coins(item.price, plain=True)
    estimate = worth(item.price, suggestion.package, reader)
    fans = mentions.fans_only(reader) if item.fans_only else ""
    name = " · ".join(part for part in (f"{emoji}{item.name}", price, estimate, fans) if part) + lock
    return app_commands.Choice(
        name=discord_limits.cut(name, discord_limits.CHOICE_NAME), value=priced(item.item_id, item.price)
    )


def confirm(
    command: SendGift,
    preview: Decision,
    reader: Reader,
    package: Package | None = None,
    news: str = "",
    earlier: Receipt | None = None,
) -> discord.Embed:
    """Return the question before a gift that is large, whose price has `news`, or that is the same as an `earlier` one.

    The message stands in the only field: `Caller.note` reads it back.
    """
    facts = facts_of(preview)
    gift = mentions.gift_of(facts)
    lines = [
        reader._(
            "This costs {coins} and goes to {creator}.",
            creator=mentions.member(command.creator_id, reader),
            coins=f"**{reader.coins(facts['coins'])}**",
        )
    ]
    if facts.get("test"):
        lines.append(note_of_test(reader, counts=facts.get("counts", True)))
    if estimate := worth(facts["coins"], package, reader):
        lines.append(f"-# {estimate}")
    left = reader.coins(facts["paid_after"] + facts["promo_after"], is_test="test" in facts)
    lines.append(reader._("You'll have {coins} left.", coins=left))
    if news:
        lines.insert(0, news)
    if earlier is not None:
        lines[:0] = [reader._("You already sent this a moment ago."), f"**{mentions.arrival(earlier, reader)}**", ""]
    embed = discord.Embed(
        title=reader._("Send {gift} again?", gift=gift) if earlier else reader._("Send {gift}?", gift=gift),
        description="\n".join(lines),
        colour=TIER_STYLES[gift_tier(facts)].colour,
    )
    if command.anonymous:
        embed.description = f"{embed.description}\n{mentions.hidden(reader)}"
    if preview.note:
        embed.add_field(name=reader._("Your message"), value=mentions.quoted(preview.note))
    embed.set_footer(text=reader._("You won't be charged until you press Send."))
    return embed


def cancelled(reader: Reader, *, certain: bool) -> discord.Embed:
    """Return what closes the panel of a gift that was not sent; `certain` if no other process can be sending it."""
    text = reader._("Not sent.") + (not_charged(reader) if certain else "")
    return discord.Embed(description=text, colour=theme.GREY)


def closed(reader: Reader) -> discord.Embed:
    """Return what closes the panel of an unknown gift, which says nothing about charges."""
    return discord.Embed(description=reader._("Closed."), colour=theme.GREY)


def receipt(gift: Receipt, reader: Reader) -> discord.Embed:
    """Return the sender's receipt of one gift."""
    facts = facts_of(gift)
    parts = [
        reader._(
            "Sent to {creator} for {coins}.",
            creator=mentions.member(gift.other_id, reader),
            coins=f"**{reader.coins(facts['coins'])}**",
        )
    ]
    if facts.get("test"):
        parts.append(note_of_test(reader, counts=facts.get("counts", True)))
    if facts["live_channel"] and facts.get("counts", True):
        parts.append(reader._("It counts toward the live event in <#{channel}>.", channel=facts["live_channel"]))
    if facts["anonymous"]:
        parts.append(mentions.hidden(reader))
    if gift.note:
        parts.append(mentions.quoted(gift.note))
    parts.append(reader._("You have {coins} left.", coins=reader.coins(gift.balance, is_test=gift.is_test)))
    embed = discord.Embed(
        title=mentions.gift_of(facts), description="\n".join(parts), colour=TIER_STYLES[gift_tier(facts)].colour
    )
    return embed.set_footer(text=reader._("Receipt #{number}", number=gift.seq))


def nothing_to_send(reader: Reader, *, on_message: bool = False) -> discord.Embed:
    """Return what an empty catalogue says, or one without a gift for messages."""
    text = (
        reader._("There are no gifts for messages here. Send one with `/gift` instead.")
        if on_message
        else reader._("There are no gifts to send here yet. A moderator can add some with `/catalogue add`.")
    )
    return discord.Embed(description=text, colour=theme.GREY)


def nobody_to_gift(reader: Reader) -> discord.Embed:
    """Return what is said where nobody can receive gifts, or nobody but the caller."""
    text = reader._("There's nobody to send a gift to here yet. A moderator can add creators with `/creators approve`.")
    return discord.Embed(description=text, colour=theme.GREY)


def note_of_test(reader: Reader, *, counts: bool) -> str:
    """Return what it means that test coins pay for a gift, and whether it `counts` on leaderboards all the same."""
    if counts:
        text = reader._("Test coins pay for this gift, so it is never paid out.")
    else:
        text = reader._("Test coins pay for this gift, so it is never paid out, and no leaderboard counts it.")
    return f"{theme.TEST} {text}"
