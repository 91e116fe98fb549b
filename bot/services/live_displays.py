"""What is shown of live events: their state and gifts while they run, and a recap once they are over."""

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from bot.domain.errors import BooksClosed, Busy, NotLive
from bot.domain.live import LiveEvent, Recap
from bot.domain.live_displays import BoardMessage
from bot.domain.live_progress import LiveProgress
from bot.domain.match import Match
from bot.domain.member_choices import NO_CHOICES
from bot.domain.momentum import Ride
from bot.domain.trains import Cutoff, Railway
from bot.services import live_rules
from bot.services.live_rules import LiveStatus
from bot.storage.connect.connection import Connection
from bot.storage.database import OpenBooks
from bot.storage.ledger import holders, member_choices
from bot.storage.stores import guilds, live, live_displays, matches, trains
from bot.storage.stores.live_displays import GiftPage

PAGE = 500
"""How many rows of the journal are read at once."""


class Look(NamedTuple):
    """An event as it is now, its matches in order, its next gifts, and trains of other events."""

    status: LiveStatus
    matches: list[Match]
    page: GiftPage
    railway: Railway


class Show(NamedTuple):
    """An event's progress so far, and the members behind its latest gifts, 0 for those who were erased."""

    progress: LiveProgress
    members: Mapping[int, int]


class LiveDisplays:
    """What boards and recaps show."""

    def __init__(self, database: OpenBooks) -> None:
        self._database = database

    async def keep_goal(self, status: LiveStatus, progress: LiveProgress) -> None:
        """Record that an event reached its goal, if it has just done so."""
        # The next look tries again.
        with contextlib.suppress(BooksClosed, Busy):
            await _keep_goal(self._database, status, progress)

    async def keep_trains(self, event: LiveEvent, rides: Sequence[Ride], cutoff: Cutoff) -> bool:
        """Save the trains of an event that are over. Return False if that has to be tried again."""
        key = event.guild_id, event.event_id
        with contextlib.suppress(BooksClosed, Busy):
            if rides or await self._database.read(trains.has_any, *key):
                await self._database.writer.perform(_keep_trains, *key, rides, cutoff)
            return True
        return False

    async def status(self, event: LiveEvent) -> LiveStatus:
        """Return an event as it is now, with its creators and sums."""
        return await self._database.read_folded(event.guild_id, _status, event.guild_id, event.event_id)

    async def board(self, event: LiveEvent) -> BoardMessage | None:
        """Return the message that shows an event's board, None if there is none."""
        board = await self._database.read(live_displays.board, event.guild_id, event.event_id)
        return board if board is not None and board.message_id and not board.closed else None

    async def follow(self, event: LiveEvent, seq: int) -> GiftPage:
        """Return gifts of the event that follow row `seq` of the journal. If all were read, the page ends at `seq`."""
        return await _follow(self._database, event, seq)

    async def look(self, event: LiveEvent, seq: int) -> Look:
        """Return what a board shows of an event. It is a single read, because each read waits for its turn."""
        return await self._database.read_folded(event.guild_id, _look, event, seq)

    async def recap(self, guild_id: int, event_id: int) -> LiveStatus:
        """Return an event that is over, with its recap; raise NotLive."""
        status = await self._database.read_folded(guild_id, _recap, guild_id, event_id)
        if status.recap is None:
            progress, head_seq = await _progress(self._database, status.event)
            recap = progress.recap(status.event)
            # The recap can be shown even if nothing can be written now.
            with contextlib.suppress(BooksClosed, Busy):
                await self._database.writer.perform(_save_recap, status.event, recap, head_seq)
            status = await self._database.read(_with_recap, status, recap)
        return status

    async def show(self, event: LiveEvent) -> Show:
        """Return the progress of a running event, read from its start."""
        progress, _ = await _progress(self._database, event)
        senders = {gift.sender for gift in progress.latest if gift.sender is not None}
        return Show(progress, await self._database.read(holders.member_ids, event.guild_id, senders))


async def keep_goal(books: OpenBooks, guild_id: int, event_id: int) -> None:
    """Record that an event reached its goal, if it has. Called before its goal changes or a gift is taken back."""
    status = await books.read_folded(guild_id, _status, guild_id, event_id)
    # Reading all gifts of an event takes time, and the sum usually shows that there is no need.
    if status.event.goal is not None and status.totals.coins >= status.event.goal:
        progress, _ = await _progress(books, status.event)
        await _keep_goal(books, status, progress)


async def _keep_goal(books: OpenBooks, status: LiveStatus, progress: LiveProgress) -> None:
    reached = progress.reached(status.event)
    if reached is not None and reached.goal not in {goal.goal for goal in status.reached}:
        key = status.event.guild_id, status.event.event_id
        await books.writer.perform(live_displays.save_goal, *key, reached)


async def _progress(books: OpenBooks, event: LiveEvent) -> tuple[LiveProgress, int]:
    """Return an event's progress from its start, and the row up to which all reversals are included."""
    key = event.guild_id, event.event_id
    played = await books.read(matches.of_event, *key)
    progress = LiveProgress(event, played, await books.read(live_displays.reached_goals, *key))
    page = await _follow(books, event, event.start_seq)
    head_seq = page.head_seq
    while True:
        progress.feed(page.gifts)
        last_seq, page = page.seq, await _follow(books, event, page.seq)
        if page.seq == last_seq:
            return progress, head_seq


async def _follow(books: OpenBooks, event: LiveEvent, seq: int) -> GiftPage:
    return await books.read(live_displays.gifts_after, event, seq, PAGE)


def _look(connection: Connection, event: LiveEvent, seq: int) -> Look:
    status = _status(connection, event.guild_id, event.event_id)
    played = matches.of_event(connection, event.guild_id, event.event_id)
    railway = trains.railway(connection, event.guild_id, event.event_id, event.started_ms)
    return Look(status, played, live_displays.gifts_after(connection, event, seq, PAGE), railway)


def _keep_trains(connection: Connection, guild_id: int, event_id: int, rides: Sequence[Ride], cutoff: Cutoff) -> None:
    # Trains of two live events add up, so they are written one event at a time.
    guilds.lock(connection, guild_id)
    trains.replace(connection, guild_id, event_id, rides)
    trains.note_cutoff(connection, guild_id, event_id, cutoff)


def _save_recap(connection: Connection, event: LiveEvent, recap: Recap, head_seq: int) -> None:
    """Save a recap, unless a gift was taken back after row `head_seq`: then the recap is outdated, and computed anew
    later."""
    if not live_displays.has_reversal(connection, event, head_seq):
        live_displays.save_recap(connection, event.guild_id, event.event_id, recap)


def _status(connection: Connection, guild_id: int, event_id: int) -> LiveStatus:
    event = live.event(connection, guild_id, event_id)
    if event is None:
        raise NotLive
    return live_rules.with_totals(connection, event)


def _recap(connection: Connection, guild_id: int, event_id: int) -> LiveStatus:
    status = _status(connection, guild_id, event_id)
    if status.event.ended_ms is None:
        raise NotLive
    return _with_recap(connection, status, live_displays.recap(connection, guild_id, event_id))


def _with_recap(connection: Connection, status: LiveStatus, recap: Recap | None) -> LiveStatus:
    guild_id = status.event.guild_id
    best = recap.best.sender if recap and recap.best else None
    largest = recap.largest.sender if recap and recap.largest else None
    # Choices that members have made since the recap apply too.
    names = _named(connection, guild_id, [holder for holder in (best, largest) if holder is not None])
    if recap and best is not None and best not in names:
        recap = replace(recap, best=None)
    rules = guilds.rules(connection, guild_id)
    return replace(
        status,
        recap=recap,
        best_id=names.get(best, 0),
        largest_id=names.get(largest, 0),
        earns_promo=rules is not None and rules.promo_share_percent > 0,
    )


def _named(connection: Connection, guild_id: int, senders: Sequence[int]) -> dict[int | None, int]:
    """Return the members behind the holders who may be named, 0 for those who were erased."""
    choices = member_choices.choices_of_holders(connection, guild_id, senders)
    members = holders.member_ids(connection, guild_id, senders)
    return {holder: members.get(holder, 0) for holder in senders if choices.get(holder, NO_CHOICES).joins_combos}
