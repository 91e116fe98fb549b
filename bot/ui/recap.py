"""A live event once it is over: what it came to."""

import discord

from bot.domain.live import Outcome
from bot.domain.momentum import LEVELS
from bot.services.running import LiveStatus
from bot.ui import nouns, theme
from bot.ui.live_card import add_top, numbers, people, progress, title
from bot.ui.texts import Reader


def recap_embed(status: LiveStatus, r: Reader) -> discord.Embed:
    """Return what is said when a live event is over."""
    event, totals = status.event, status.totals
    embed = discord.Embed(title=title(event, "🎬", r), colour=theme.ROSE)
    lines = [_how(status, r), ""]
    if not totals.gifts:
        lines.append(r._("There were no gifts this time."))
    else:
        lines += [f"**{numbers(status, r)}**", *_goal(status, r), *_best(status, r)]
    embed.description = "\n".join(lines)
    add_top(embed, status, r)
    return embed


def _how(status: LiveStatus, r: Reader) -> str:
    creators = people(status, r)
    match status.event.outcome:
        case Outcome.CANCELLED:
            return r._("{creators}'s live event was called off.", creators=creators)
        case Outcome.INTERRUPTED:
            return r._("{creators}'s live event was cut short.", creators=creators)
        case Outcome.OVER:
            return r._("{creators}'s live event is over. Thank you all!", creators=creators)


def _goal(status: LiveStatus, r: Reader) -> list[str]:
    goal = status.event.goal
    if goal is None:
        return []
    reached = status.recap is not None and status.recap.goal_ms is not None
    if reached:
        verdict = r._("🎯 Goal reached!")
    elif status.totals.coins >= goal:
        verdict = r._("🎯 The goal was reached too late.")
    else:
        verdict = r._("🎯 The goal was not reached this time.")
    return ["", *progress(status.totals.coins, goal, r), verdict]


def _best(status: LiveStatus, r: Reader) -> list[str]:
    lines: list[str] = []
    recap = status.recap
    if recap is not None and recap.best is not None:
        best = recap.best
        sender = nouns.member(status.best_id, r) if best.sender else r._("Someone")
        combo = nouns.gift(best.name, best.emoji, best.pieces)
        lines.append(r._("⚡ Best combo: {combo} by {sender}", combo=combo, sender=sender))
    if recap is not None and recap.train:
        level, levels = r.number(recap.train), r.number(LEVELS)
        lines.append(r._("🚂 The gift train came as far as level {level} of {levels}", level=level, levels=levels))
    return lines
