"""Live events: starting, watching and ending a creator's show."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.domain import text
from bot.domain.errors import (
    AlreadyLive,
    ChannelBusy,
    InvalidAmount,
    NotACreator,
    NotAllowed,
    NotLive,
    NotYourLive,
    UnknownGuild,
)
from bot.domain.live import DEFAULT_MINUTES, MOST_MINUTES, EventTotals, LiveEvent
from bot.domain.money import amount
from bot.domain.policy import Actor, Staff
from bot.storage import creators, guilds, live, standings
from bot.storage.connection import Connection
from bot.storage.database import Database

MINUTE_MS = 60_000
_HOSTS = frozenset[str]({Staff.HOST})


@dataclass(frozen=True, slots=True)
class LiveStatus:
    """A live event and what has been given in it."""

    event: LiveEvent
    totals: EventTotals


class Live:
    """The use-cases of live events."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    async def start(
        self,
        guild_id: int,
        *,
        event_id: int,
        channel_id: int,
        caller: Actor,
        creator_id: int,
        title: str,
        goal: int | None,
        minutes: int | None,
    ) -> LiveEvent:
        """Start a live event for a creator in a channel; `event_id` is the id of the interaction that asked.

        Raises NotACreator, NotAllowed (another's event without being host), AlreadyLive, ChannelBusy, InvalidAmount.
        """
        if creator_id != caller.user_id and not caller.may(_HOSTS):
            raise NotAllowed(tuple(_HOSTS))
        length = DEFAULT_MINUTES if minutes is None else minutes
        if not 1 <= length <= MOST_MINUTES:
            raise InvalidAmount(str(length), 1, MOST_MINUTES)
        now_ms = self._clock()
        event = LiveEvent(
            guild_id=guild_id,
            event_id=event_id,
            channel_id=channel_id,
            creator_id=creator_id,
            title=text.clean(title, text.TITLE_LENGTH),
            goal=None if goal is None else amount(goal),
            started_ms=now_ms,
            ends_ms=now_ms + length * MINUTE_MS,
        )
        return await self._database.writer.perform(_start, event, now_ms)

    async def status(self, guild_id: int, channel_id: int) -> LiveStatus:
        """Return the channel's live event, or the only one that runs in the guild; raise NotLive."""
        return await self._database.read(_status, guild_id, channel_id, self._clock())

    async def end(self, guild_id: int, channel_id: int, caller: Actor) -> LiveStatus:
        """End the channel's live event, else the caller's own in another channel.

        Raises NotLive, or NotYourLive for another's without being host.
        """
        return await self._database.writer.perform(_end, guild_id, channel_id, caller, self._clock())

    async def running(self, guild_id: int) -> list[LiveEvent]:
        """Return the live events that take gifts now."""
        return await self._database.read(_running, guild_id, self._clock())

    async def end_due(self, serves: Callable[[int], bool]) -> list[LiveStatus]:
        """End every live event whose time has come, in the guilds that this process `serves`, and return them."""
        now_ms = self._clock()
        # Asked every second: the writer is only troubled when a bell really rings.
        due = [event for event in await self._database.read(live.due, now_ms) if serves(event.guild_id)]
        return await self._database.writer.perform(_end_due, due) if due else []


def _start(connection: Connection, event: LiveEvent, now_ms: int) -> LiveEvent:
    guilds.lock(connection, event.guild_id)
    known = live.event(connection, event.guild_id, event.event_id)
    if known is not None:
        return known
    if guilds.rules(connection, event.guild_id) is None:
        raise UnknownGuild
    if not creators.is_creator(connection, event.guild_id, event.creator_id):
        raise NotACreator(event.creator_id)
    # An event whose bell has rung is over, even if the clerk who ends them has not come by yet.
    for other in live.running(connection, event.guild_id):
        if not other.takes_gifts(now_ms):
            live.end(connection, event.guild_id, other.event_id, other.ends_ms)
        elif other.creator_id == event.creator_id:
            raise AlreadyLive(other.channel_id)
        elif other.channel_id == event.channel_id:
            raise ChannelBusy(other.creator_id)
    live.insert(connection, event)
    return event


def _status(connection: Connection, guild_id: int, channel_id: int, now_ms: int) -> LiveStatus:
    running = _running(connection, guild_id, now_ms)
    here = [event for event in running if event.channel_id == channel_id]
    if not here and len(running) != 1:
        raise NotLive
    return _with_totals(connection, here[0] if here else running[0])


def _end(connection: Connection, guild_id: int, channel_id: int, caller: Actor, now_ms: int) -> LiveStatus:
    guilds.lock(connection, guild_id)
    running = _running(connection, guild_id, now_ms)
    here = [event for event in running if event.channel_id == channel_id]
    own = [event for event in running if event.creator_id == caller.user_id]
    if not here + own:
        raise NotLive
    event = (here + own)[0]
    if event.creator_id != caller.user_id and not caller.may(_HOSTS):
        raise NotYourLive(event.creator_id)
    live.end(connection, guild_id, event.event_id, now_ms)
    return _with_totals(connection, replace(event, ended_ms=now_ms))


def _end_due(connection: Connection, due: Sequence[LiveEvent]) -> list[LiveStatus]:
    ended: list[LiveStatus] = []
    for event in sorted(due, key=lambda event: event.guild_id):
        guilds.lock(connection, event.guild_id)
        # It ended when its time came, not when somebody noticed; and somebody else may have ended it since.
        if live.end(connection, event.guild_id, event.event_id, event.ends_ms):
            ended.append(_with_totals(connection, replace(event, ended_ms=event.ends_ms)))
    return ended


def _running(connection: Connection, guild_id: int, now_ms: int) -> list[LiveEvent]:
    return [event for event in live.running(connection, guild_id) if event.takes_gifts(now_ms)]


def _with_totals(connection: Connection, event: LiveEvent) -> LiveStatus:
    return LiveStatus(event, standings.event_totals(connection, event.guild_id, event.event_id))
