"""Live events that follow Discord: its scheduled events and Stages, its outages, and the bot's own comings and goings.

Everything here may be told twice, late or never: the same news changes nothing, and `reconcile` makes up for news that
never came.
"""

from collections.abc import Callable, Collection
from dataclasses import replace

from bot.domain import text
from bot.domain.ids import DISCORD_EPOCH_MS
from bot.domain.ledger.restrictions import NoteRefused
from bot.domain.live import (
    GRACE_MS,
    MINUTE_MS,
    MOST_MINUTES,
    LiveEvent,
    Origin,
    Outcome,
    Source,
    is_later_occurrence,
    thing_of,
)
from bot.services import live_rules
from bot.services.shared_reads import SharedReads
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.stores import creators, guilds, live, live_displays

_LENGTH_MS = MOST_MINUTES * MINUTE_MS


class DiscordEventSync:
    """The use-cases of live events that nobody started by a command."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock
        self._on_air: SharedReads[int, bool] = SharedReads(self._are_on_air)

    async def opened(self, guild_id: int, source: Source) -> LiveEvent:
        """Start the live event of a Discord event or Stage that is on, or go on with it within its grace.

        An event that runs in the channel already is the same show. Raises NotACreator, AlreadyLive, ChannelBusy.
        """
        return await self._database.writer.perform(_opened, guild_id, source, self._clock())

    async def stage_opened(self, guild_id: int, stage: Source) -> list[int]:
        """Start the live event of a Stage, or go on with it.

        A Stage belongs to its host, or to the live event of its channel, or else to the only creator who is not live.
        If there are several, nothing is started, and they are returned: somebody has to ask whose show it is.
        Raises what `opened` raises.
        """
        if not stage.creator_id and not await self._database.read(_belongs, guild_id, stage, self._clock()):
            free_creators = await self._database.read(_free_creators, guild_id, self._clock())
            if len(free_creators) != 1:
                return free_creators
            stage = replace(stage, creator_id=free_creators[0])
        await self.opened(guild_id, stage)
        return []

    async def closed(self, guild_id: int, thing: str) -> None:
        """Begin the grace of a live event whose Discord event or Stage is not on any more, once all that it had are.

        Discord's events end in more than one way: completed, or scheduled again for the next time. `thing` is as
        `bot.domain.live.thing_of` has it.
        """
        if await self._database.read(live.open_sources_of, guild_id, thing):
            await self._database.writer.perform(_closed, guild_id, thing, self._clock())

    async def cancelled(self, guild_id: int, thing: str) -> None:
        """End a live event at once, because its Discord event was cancelled; there is a recap if there were gifts."""
        if await self._database.read(live.open_sources_of, guild_id, thing):
            await self._database.writer.perform(_cancelled, guild_id, thing, self._clock())

    async def reconcile(self, guild_id: int, on: Collection[str]) -> None:
        """Begin the grace of what runs for Discord events and Stages that are not among those that are `on`."""
        if not await self._on_air.get(guild_id):
            return
        sources = await self._database.read(_open_sources, guild_id)
        for thing in {thing_of(source) for source in sources} - {thing_of(source) for source in on}:
            await self.closed(guild_id, thing)

    async def paused(self, guild_id: int) -> None:
        """Let time stand still for the live events of a guild that Discord cannot reach."""
        await self._database.writer.perform(_paused, guild_id, self._clock())

    async def resumed(self, guild_id: int) -> None:
        """Go on after an outage: bells and deadlines are as much later as it was long."""
        if not await self._on_air.get(guild_id):
            return
        if any(event.paused_ms is not None for event in await self._database.read(live.running, guild_id)):
            await self._database.writer.perform(_resumed, guild_id, self._clock())

    async def interrupted(self, guild_id: int) -> None:
        """End the live events of a guild that the bot was removed from. Books and gifts stay."""
        await self._database.writer.perform(_interrupted, guild_id, self._clock())

    async def guilds_on_air(self) -> set[int]:
        """Return the guilds of all processes in which a live event has not ended."""
        return {event.guild_id for event in await self._database.read(live.all_running)}

    async def _are_on_air(self, guild_ids: Collection[int]) -> dict[int, bool]:
        return dict.fromkeys(await self._database.read(live.guilds_on_air, guild_ids), True)


def _opened(connection: Connection, guild_id: int, source: Source, now_ms: int) -> LiveEvent:
    guilds.lock(connection, guild_id)
    event = _show_of(connection, guild_id, source, now_ms)
    if event is None:
        there = live.in_channel(connection, guild_id, source.channel_id)
        event = there if there is not None and there.takes_gifts(now_ms) else None
    if event is None:
        event = live_rules.begin(connection, _without_words(connection, _event_of(guild_id, source, now_ms)), now_ms)
    if event.takes_gifts(now_ms):
        live.add_source(connection, event, source.name)
        if event.closing_ms is not None:
            live.change(connection, event, closing_ms=None, ends_ms=event.started_ms + _LENGTH_MS)
    return event


def _without_words(connection: Connection, event: LiveEvent) -> LiveEvent:
    """Leave out a title with a word that nobody may send: it begins by itself, so nobody can be asked for another."""
    try:
        live_rules.check_words(connection, event.guild_id, event.title)
    except NoteRefused:
        return replace(event, title="")
    return event


def _show_of(connection: Connection, guild_id: int, source: Source, now_ms: int) -> LiveEvent | None:
    """Return the show that a source is part of already, under its name or one that it had before."""
    event = live.of_source(connection, guild_id, source.name)
    if event is not None:
        return event
    for before in live.open_sources_of(connection, guild_id, thing_of(source.name)):
        event = live.of_source(connection, guild_id, before)
        assert event is not None, before
        # Its start was edited while it is on; unless this is the next time of one whose end was never heard of.
        if event.takes_gifts(now_ms) or not is_later_occurrence(source.name, before):
            return event
        live.close_source(connection, guild_id, before, now_ms)
    return None


def _event_of(guild_id: int, source: Source, now_ms: int) -> LiveEvent:
    return LiveEvent(
        guild_id=guild_id,
        # A number of Discord's kind, so that it is larger than that of every event before. One millisecond, one
        # event: a source is known by its name, and a second of another channel differs in what follows.
        event_id=(now_ms - DISCORD_EPOCH_MS << 22) | (source.channel_id & 0x3FFFFF),
        channel_id=source.channel_id,
        creator_id=source.creator_id,
        title=text.clean(source.title, text.TITLE_LENGTH),
        goal=None,
        started_ms=now_ms,
        # It ends with its source; this is for a source that is never heard of again.
        ends_ms=now_ms + _LENGTH_MS,
        origin=source.origin,
    )


def _closed(connection: Connection, guild_id: int, thing: str, now_ms: int) -> None:
    for event in _close(connection, guild_id, thing, now_ms):
        if event.closing_ms is None and not live.open_sources(connection, guild_id, event.event_id):
            live.change(connection, event, closing_ms=now_ms, ends_ms=min(event.ends_ms, now_ms + GRACE_MS))


def _cancelled(connection: Connection, guild_id: int, thing: str, now_ms: int) -> None:
    for event in _close(connection, guild_id, thing, now_ms):
        is_empty = not live_displays.has_gifts(connection, event)
        live.end(connection, guild_id, event.event_id, now_ms, Outcome.CANCELLED, told=is_empty)


def _close(connection: Connection, guild_id: int, thing: str, now_ms: int) -> list[LiveEvent]:
    """Note that a thing is not on any more; return the running shows that end with it."""
    guilds.lock(connection, guild_id)
    shows: dict[int, LiveEvent] = {}
    for source in live.open_sources_of(connection, guild_id, thing):
        live.close_source(connection, guild_id, source, now_ms)
        event = live.of_source(connection, guild_id, source)
        # What a command started has a time of its own.
        if event is not None and event.takes_gifts(now_ms) and event.origin is not Origin.COMMAND:
            shows[event.event_id] = event
    return [*shows.values()]


def _open_sources(connection: Connection, guild_id: int) -> set[str]:
    events = live.running(connection, guild_id)
    return {source for event in events for source in live.open_sources(connection, guild_id, event.event_id)}


def _belongs(connection: Connection, guild_id: int, stage: Source, now_ms: int) -> bool:
    """Whether a Stage is part of a live event, running or over, or its channel has a running one."""
    running = live_rules.running(connection, guild_id, now_ms)
    is_followed = live.of_source(connection, guild_id, stage.name) is not None
    return is_followed or any(event.channel_id == stage.channel_id for event in running)


def _free_creators(connection: Connection, guild_id: int, now_ms: int) -> list[int]:
    approved = [creator.member_id for creator in creators.creators(connection, guild_id)]
    busy = live.of_creators(connection, [(guild_id, member) for member in approved])
    on_air = {member for (_, member), event in busy.items() if event.takes_gifts(now_ms)}
    return [member for member in approved if member not in on_air]


def _paused(connection: Connection, guild_id: int, now_ms: int) -> None:
    guilds.lock(connection, guild_id)
    for event in live_rules.running(connection, guild_id, now_ms):
        if event.paused_ms is None:
            live.change(connection, event, paused_ms=now_ms)


def _resumed(connection: Connection, guild_id: int, now_ms: int) -> None:
    guilds.lock(connection, guild_id)
    for event in live.running(connection, guild_id):
        if event.paused_ms is None:
            continue
        away_ms = max(0, now_ms - event.paused_ms)
        until_ms = None if event.goal_until_ms is None else event.goal_until_ms + away_ms
        live.change(connection, event, paused_ms=None, ends_ms=event.ends_ms + away_ms, goal_until_ms=until_ms)


def _interrupted(connection: Connection, guild_id: int, now_ms: int) -> None:
    guilds.lock(connection, guild_id)
    for event in live.running(connection, guild_id):
        rung = event.rings(now_ms)
        ended_ms, outcome = (event.ends_ms, Outcome.OVER) if rung else (now_ms, Outcome.INTERRUPTED)
        live.end(connection, guild_id, event.event_id, ended_ms, outcome)
