"""What the live events of one guild have come to, counted once for all overlays that show them."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from bot.domain.live import LiveEvent
from bot.domain.member_choices import MemberChoices
from bot.domain.overlay_tallies import CANDIDATES, EventTally, Leader
from bot.services.overlay_shows import OverlayShows, Stage

log = logging.getLogger(__name__)

PAGE: Final = 2_000
"""Rows that are read at a time where a live event is counted from its start."""
LEADERS_S: Final = 2.0
"""How long it is believed who hides, and how much."""


class EventCounts:
    """The tallies of a guild's live events. `clock` counts seconds, and `on_change` is called once one is corrected."""

    def __init__(
        self, guild_id: int, shows: OverlayShows, clock: Callable[[], float], on_change: Callable[[], None]
    ) -> None:
        self._guild_id = guild_id
        self._shows = shows
        self._clock = clock
        self._on_change = on_change
        self._tallies: dict[int, EventTally] = {}
        self._recounting: dict[int, asyncio.Task[None]] = {}
        self._givers: dict[int, tuple[Mapping[int, MemberChoices], Mapping[int, int], float]] = {}

    def of(self, event_id: int) -> EventTally | None:
        """Return the tally of a live event, None before it was counted."""
        return self._tallies.get(event_id)

    async def follow(self, stages: Iterable[Stage], seq: int) -> None:
        """Count these live events up to the journal's row `seq`, and forget all others.

        What cannot be corrected in passing is counted anew beside: until then, sums are those from before.
        """
        running = {stage.event.event_id: stage for stage in stages}
        self._tallies = {event_id: tally for event_id, tally in self._tallies.items() if event_id in running}
        self._givers = {event_id: givers for event_id, givers in self._givers.items() if event_id in running}
        for event_id, stage in running.items():
            tally = self._tallies.get(event_id)
            if tally is None:
                self._tallies[event_id] = await self._count(stage, seq)
                continue
            is_corrected = await self._feed(tally, stage.event, seq)
            has_changed = tally.matches != [*stage.matches] or tally.progress.goal != stage.event.goal
            if (is_corrected or has_changed) and event_id not in self._recounting:
                task = asyncio.create_task(self._recount(stage), name=f"counting {event_id}")
                self._recounting[event_id] = task
                task.add_done_callback(lambda _, event_id=event_id: self._recounting.pop(event_id, None))

    async def leaders(self, event_id: int) -> list[Leader]:
        """Return those who give most in a live event, as everybody may see them."""
        tally = self._tallies.get(event_id)
        if tally is None:
            return []
        ranked = tally.ranked(CANDIDATES)
        choices, members, at = self._givers.get(event_id, ({}, {}, 0.0))
        if not ranked:
            return []
        if self._clock() - at >= LEADERS_S or not members.keys() >= {*ranked}:
            choices, members = await self._shows.givers(self._guild_id, ranked)
            self._givers[event_id] = choices, members, self._clock()
        return tally.top(choices, {holder: members.get(holder, 0) for holder in ranked})

    async def stop(self) -> None:
        """Stop counting."""
        tasks = [*self._recounting.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _feed(self, tally: EventTally, event: LiveEvent, seq: int) -> bool:
        """Count the gifts up to row `seq`. Return whether some that may be counted were taken back meanwhile."""
        is_corrected = False
        while tally.seq < seq:
            limit = min(seq - tally.seq, PAGE)
            page = await self._shows.gifts(event, tally.seq, limit)
            tally.feed(page.gifts, tally.seq + limit)
            is_corrected = is_corrected or page.reversal_seq > tally.clean_seq
        return is_corrected

    async def _count(self, stage: Stage, seq: int) -> EventTally:
        """Count a live event from its start on."""
        while True:
            end = await self._shows.gifts(stage.event, stage.event.start_seq, 1)
            tally = EventTally(stage.event, stage.matches, stage.reached, end.head_seq)
            if not await self._feed(tally, stage.event, seq):
                return tally

    async def _recount(self, stage: Stage) -> None:
        event_id = stage.event.event_id
        try:
            while (before := self._tallies.get(event_id)) is not None:
                tally, is_whole = await self._count(stage, before.seq), True
                while is_whole and tally.seq < before.seq:
                    is_whole = not await self._feed(tally, stage.event, before.seq)
                # Nothing is awaited between the last look at how far the others are and the change.
                if is_whole and self._tallies.get(event_id) is before:
                    self._tallies[event_id] = tally
                    self._on_change()
                    return
        except Exception:
            log.exception("Live event %s could not be counted anew; trying again", event_id)
            self._tallies.pop(event_id, None)
