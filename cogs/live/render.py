"""What the start of a live event looks like; the card and the recap are `bot.ui.recap`'s, shared with the bell."""

import discord

from bot.domain.live import LiveEvent
from bot.domain.text import shown
from bot.ui import nouns, theme
from bot.ui.texts import Reader


def started(event: LiveEvent, reader: Reader) -> discord.Embed:
    """Return what the channel sees when a live event starts."""
    creator = nouns.member(event.creator_id, reader)
    parts = [
        reader._("{creator} is live now. Send a gift with `/gift`!", creator=creator),
        reader._("Ends {when}", when=reader.when(event.ends_ms)),
    ]
    if event.goal is not None:
        parts.append(reader._("Goal: {coins}", coins=f"**{reader.coins(event.goal)}**"))
    title = shown(event.title) or reader._("Live")
    return discord.Embed(title=f"{theme.LIVE} {title}", description="\n".join(parts), colour=theme.RED)
