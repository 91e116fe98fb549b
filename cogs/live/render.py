"""What live events look like."""

import discord

from bot.domain.live import LiveEvent
from bot.domain.text import shown
from bot.services.live import LiveStatus
from bot.ui import nouns, theme
from bot.ui.texts import Reader


def started(event: LiveEvent, reader: Reader) -> discord.Embed:
    """Return what the channel sees when a live event starts."""
    creator = nouns.member(event.creator_id, reader)
    parts = [
        reader._("{creator} is live now. Send a gift with `/gift`!", creator=creator),
        reader._("Ends {when}.", when=reader.when(event.ends_ms)),
    ]
    if event.goal is not None:
        parts.append(reader._("Goal: {coins}", coins=f"**{reader.coins(event.goal)}**"))
    return discord.Embed(title=_title(event, reader), description="\n".join(parts), colour=theme.RED)


def status(live: LiveStatus, reader: Reader) -> discord.Embed:
    """Return how a running live event is going."""
    embed = _totals(live, reader, colour=theme.RED)
    parts = [
        reader._("Live with {creator}", creator=nouns.member(live.event.creator_id, reader)),
        reader._("Ends {when}.", when=reader.when(live.event.ends_ms)),
    ]
    embed.title = _title(live.event, reader)
    embed.description = "\n".join([*parts, *_goal(live, reader)])
    return embed


def ended(live: LiveStatus, reader: Reader) -> discord.Embed:
    """Return what a live event came to."""
    embed = _totals(live, reader, colour=theme.GOLD)
    creator = nouns.member(live.event.creator_id, reader)
    embed.title = "🎬 " + (shown(live.event.title) or reader._("Live event"))
    embed.description = "\n".join(
        [
            reader._("The live event with {creator} is over. Thank you, everybody!", creator=creator),
            *_goal(live, reader),
        ]
    )
    return embed


def _title(event: LiveEvent, reader: Reader) -> str:
    return f"{theme.LIVE} {shown(event.title) or reader._('Live event')}"


def _goal(live: LiveStatus, reader: Reader) -> list[str]:
    goal, coins = live.event.goal, live.totals.coins
    if goal is None:
        return []
    if coins >= goal:
        reached = reader._("Goal reached: {coins} of {goal}", coins=reader.number(coins), goal=reader.coins(goal))
        return [theme.bar(coins, goal), f"🎉 {reached}"]
    return [theme.bar(coins, goal), reader._("{coins} of {goal}", coins=reader.number(coins), goal=reader.coins(goal))]


def _totals(live: LiveStatus, reader: Reader, *, colour: int) -> discord.Embed:
    totals = live.totals
    embed = discord.Embed(colour=colour)
    embed.add_field(name=reader._("Given"), value=reader.coin(totals.coins))
    embed.add_field(name=reader._("Gifts"), value=reader.number(totals.gifts))
    embed.add_field(name=reader._("Gifters"), value=reader.number(totals.gifters))
    if totals.top:
        lines = [
            f"{medal} {nouns.member(standing.subject_id, reader)} · **{reader.coin(standing.coins)}**"
            for medal, standing in zip(theme.MEDALS, totals.top, strict=False)
        ]
        embed.add_field(name=reader._("Top gifters"), value="\n".join(lines), inline=False)
    return embed
