"""What perks look like wherever they are listed: what each takes, how long and how often it can be had."""

from collections.abc import Mapping, Sequence

from bot.domain.catalogue import Tier
from bot.domain.perks import Perk, PerkWay
from bot.domain.text import shown
from bot.ui import theme
from bot.ui.kit import discord_limits
from bot.ui.kit.cards import Card, Part
from bot.ui.kit.cross_links import perks_button
from bot.ui.kit.replies import Reply, reply
from bot.ui.looks.tiers import TIER_STYLES
from bot.ui.text import mentions
from bot.ui.text.reader import Reader


def name_of(perk: Perk, reader: Reader) -> str:
    """Return a perk's emoji and name."""
    return mentions.perk(perk.name, perk.emoji, reader)


def way(perk: Perk, creator_id: int, reader: Reader) -> str:
    """Return what a perk takes. `creator_id` is its creator's member id, 0 for an erased one or the guild's own."""
    match perk.way:
        case PerkWay.COINS:
            return f"**{reader.coin(perk.needs)}**"
        case PerkWay.TIER:
            style = TIER_STYLES[Tier.numbered(perk.needs) or Tier.SMALL]
            gifts = f"{style.emoji} {reader._(style.from_name)}"
            creator = mentions.member(creator_id, reader)
            return reader._("{gifts} to {creator}", gifts=gifts, creator=creator) if perk.creator else gifts
        case PerkWay.LEVEL:
            return "🏅 " + reader._("Level {level}", level=reader.number(perk.needs))
        case PerkWay.CLUB:
            return f"{theme.FANS} " + reader._("Fan club of {creator}", creator=mentions.member(creator_id, reader))


def limits(perk: Perk, reader: Reader) -> list[str]:
    """Return how long a perk lasts, and how many are left."""
    parts = [] if perk.days is None else [reader.n_("for {n} day", "for {n} days", perk.days)]
    if perk.stock is not None:
        parts.append(reader.n_("{n} left", "{n} left", perk.stock) if perk.stock else reader._("sold out"))
    return parts


def panel(perks: Sequence[Perk], creators: Mapping[int, int], reader: Reader) -> Reply:
    """Return the message in a channel that lists the perks. It says what is sold out, and not how many are left."""
    lines = [_line(perk, creators.get(perk.creator, 0), reader) for perk in perks]
    opening = reader._("Unlock roles, channels, texts, files and shout-outs.")
    text = discord_limits.lines(lines, discord_limits.CARD_TEXT) or reader._("There's nothing to unlock right now.")
    card = Card(theme.ROSE, (Part(opening), Part(text)), title="✨ " + reader._("Perks"))
    return reply(card, [perks_button(reader)])


def shout_outs_notice(count: int, reader: Reader) -> Card:
    """Return what staff are told about the server's own shout-outs."""
    text = reader.n_("{n} shout-out is waiting for the staff.", "{n} shout-outs are waiting for the staff.", count)
    text += " " + reader._(
        "Managers find the queue in `/perks`. If nobody gives one within 30 days, its coins go back."
    )
    return Card(theme.AMBER, (Part(text),), title="📣 " + reader._("Shout-outs to give"))


def house_short_notice(reader: Reader) -> Card:
    """Return what staff are told where coins for a perk cannot go back."""
    lines = [
        reader._(
            "I couldn't deliver a perk in time, so its coins go back to the member. The server doesn't have enough "
            "coins for that yet."
        ),
        reader._("New gifts and perks add to what it has. I try again every hour, and you don't have to do anything."),
    ]
    return Card(theme.AMBER, (Part("\n".join(lines)),), title="✨ " + reader._("Coins for a perk are waiting"))


def _line(perk: Perk, creator_id: int, reader: Reader) -> str:
    parts = [f"**{name_of(perk, reader)}**", way(perk, creator_id, reader)]
    if perk.days is not None:
        parts.append(reader.n_("for {n} day", "for {n} days", perk.days))
    if perk.stock == 0:
        parts.append(reader._("sold out"))
    about = f"\n-# {shown(perk.about)}" if perk.about else ""
    return " · ".join(parts) + about
