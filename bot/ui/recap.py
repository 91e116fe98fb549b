"""A live event on its card: while it runs, and the recap once it is over."""

import logging

import aiohttp
import discord

from bot.domain.text import shown
from bot.services.live import LiveStatus
from bot.ui import theme
from bot.ui.texts import Reader

log = logging.getLogger(__name__)


def live_embed(status: LiveStatus, r: Reader) -> discord.Embed:
    """Return the card of a running live event: who, until when, how far to the goal, and who gives most."""
    event = status.event
    embed = discord.Embed(title=_title(status, r, theme.LIVE), colour=theme.RED)
    lines = [
        r._("{creator} is live in {channel}", creator=f"<@{event.creator_id}>", channel=f"<#{event.channel_id}>"),
        r._("Ends {when}", when=r.when(event.ends_ms)),
    ]
    embed.description = "\n".join([*lines, "", *_numbers(status, r)])
    _add_top(embed, status, r)
    embed.set_footer(text=r._("Send a gift with /gift"))
    return embed


def recap_embed(status: LiveStatus, r: Reader) -> discord.Embed:
    """Return what is said when a live event is over."""
    event, totals = status.event, status.totals
    embed = discord.Embed(title=_title(status, r, "🎬"), colour=theme.ROSE)
    lines = [r._("{creator}'s live event is over.", creator=f"<@{event.creator_id}>"), ""]
    if not totals.gifts:
        lines.append(r._("There were no gifts this time."))
    else:
        lines += _numbers(status, r)
        if event.goal is not None:
            reached = totals.coins >= event.goal
            lines.append(r._("🎯 Goal reached!") if reached else r._("The goal was not reached this time."))
    embed.description = "\n".join(lines)
    _add_top(embed, status, r)
    return embed


async def post_recap(client: discord.Client, status: LiveStatus) -> None:
    """Show the recap where the live event was. Never raises: the end is booked, and a lost recap is only a recap."""
    event = status.event
    channel = client.get_partial_messageable(event.channel_id, guild_id=event.guild_id)
    embed = recap_embed(status, Reader.for_guild(client.get_guild(event.guild_id)))
    try:
        await channel.send(embed=embed, nonce=f"recap-{event.event_id:x}"[:25])
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        log.warning("No recap for live event %s: %s", event.event_id, error)


def _title(status: LiveStatus, r: Reader, emoji: str) -> str:
    title = shown(status.event.title)
    return f"{emoji} " + (title or r._("Live"))


def _numbers(status: LiveStatus, r: Reader) -> list[str]:
    totals, goal = status.totals, status.event.goal
    lines = [
        r._(
            "{gifts} · {coins} · {gifters}",
            gifts=r.n_("{n} gift", "{n} gifts", totals.gifts),
            coins=r.coins(totals.coins),
            gifters=r.n_("{n} gifter", "{n} gifters", totals.gifters),
        )
    ]
    if goal is not None:
        reached = r._("{coins} of {goal}", coins=r.number(totals.coins), goal=r.coins(goal))
        lines.append(f"{theme.bar(totals.coins, goal)} {reached}")
    return lines


def _add_top(embed: discord.Embed, status: LiveStatus, r: Reader) -> None:
    if status.totals.top:
        top = [
            f"{theme.MEDALS[standing.place - 1]} <@{standing.subject_id}> · {r.coin(standing.coins)}"
            for standing in status.totals.top
        ]
        embed.add_field(name=r._("Top gifters"), value="\n".join(top), inline=False)
