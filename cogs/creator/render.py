"""What the commands of creators look like."""

import discord

from bot.domain.thanks import Unthanked
from bot.services.thanks import Queue
from bot.ui import theme
from bot.ui.text import mentions
from bot.ui.text.reader import Reader


def queue(waiting: Queue, reader: Reader) -> discord.Embed:
    """Return who waits for thanks, the newest gift first, with what they wrote."""
    if not waiting.entries:
        text = reader._("You're all caught up: everyone has been thanked. New gifts show up here.")
        if not waiting.has_thanked:
            text = reader._("No gifts yet. When somebody sends you one, it shows up here.")
        return discord.Embed(description=f"💐 {text}", colour=theme.GREEN)
    parts: list[str] = []
    for place, entry in enumerate(waiting.entries, start=1):
        parts.append(_line(place, entry, reader))
        parts += [mentions.quoted(note) for note in entry.notes]
    more = waiting.members - sum(entry.sender is not None for entry in waiting.entries)
    if more:
        parts.append(reader.n_("… and {n} more", "… and {n} more", more))
    title = reader._("Anonymous gifts are waiting for your thanks")
    if waiting.members:
        title = reader.n_(
            "{n} member is waiting for your thanks", "{n} members are waiting for your thanks", waiting.members
        )
    embed = discord.Embed(title=f"💐 {title}", description="\n".join(parts), colour=theme.ROSE)
    return embed.set_footer(text=reader._("Your thanks are public: they appear where the gifts did and ping nobody."))


def _line(place: int, entry: Unthanked, reader: Reader) -> str:
    name = reader._("Anonymous") if entry.sender is None else mentions.member(entry.sender_id, reader)
    gifts = reader.n_("{n} gift", "{n} gifts", entry.pieces)
    # A backslash before the dot, or Discord makes a list of its own out of it.
    return f"{reader.number(place)}\\. **{name}** · {gifts} · {reader.coin(entry.coins)}"
