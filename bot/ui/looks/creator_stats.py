"""What statistics of creators say in words, in `/creator stats` and in weekly recaps."""

from typing import Final

from bot.domain.creator_stats import CreatorStats, EventGiven, Given
from bot.domain.text import shown
from bot.ui import theme
from bot.ui.kit.cards import Part
from bot.ui.looks.leaderboards import place_mark
from bot.ui.text import mentions
from bot.ui.text.reader import Reader

FANS: Final = 5
EVENTS: Final = 5
"""Fans and live events that are named."""


def fans_part(stats: CreatorStats, r: Reader) -> Part:
    """Return the top fans."""
    lines = [
        f"{place_mark(fan.place, r)} {mentions.member(fan.subject_id, r)} · {r.coin(fan.coins)}"
        for fan in stats.fans[:FANS]
    ]
    return Part("\n".join(lines), r._("Top fans"))


def events_part(stats: CreatorStats, r: Reader) -> Part:
    """Return the latest live events."""
    return Part("\n".join(_event(event, r) for event in stats.events[:EVENTS]), r._("Live events"))


def sums_text(sums: Given, r: Reader) -> str:
    """Return coins and pieces of gifts."""
    return f"{r.coins(sums.coins)} · {r.n_('{n} gift', '{n} gifts', sums.pieces)}"


def _event(entry: EventGiven, r: Reader) -> str:
    name = shown(entry.event.title) if entry.event.title else r._("Live")
    emoji = theme.LIVE if entry.event.ended_ms is None else "🎬"
    line = f"{emoji} **{name}** · {r.date(entry.event.started_ms)}\n-# {sums_text(entry.sums, r)}"
    return f"{line} · {r.n_('{n} gifter', '{n} gifters', entry.gifters)}" if entry.gifters else line
