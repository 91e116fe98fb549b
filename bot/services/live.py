"""Live events: starting, watching, changing and ending them."""

from collections.abc import Callable, Iterable, Sequence

from bot.domain import text
from bot.domain.deadlines import end_of
from bot.domain.errors import CrowdedLive, InvalidAmount, NotAllowed, NotLive
from bot.domain.live import DEFAULT_MINUTES, MINUTE_MS, MOST_CREATORS, MOST_MINUTES, LiveEvent
from bot.domain.money import amount
from bot.domain.policy import Actor
from bot.services import live_rules
from bot.services.live_displays import keep_goal
from bot.services.live_rules import LiveStatus
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.stores import guilds, live, matches


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
    ) -> LiveStatus:
        """Start a live event for a creator in a channel; `event_id` is the id of the interaction that asked.

        Raises CannotGoLive, NotAllowed (for another creator, without being host), AlreadyLive, ChannelBusy,
        InvalidAmount, and NoteRefused for a title.
        """
        if creator_id != caller.user_id and not caller.may(live_rules.HOSTS):
            raise NotAllowed(tuple(live_rules.HOSTS))
        length = DEFAULT_MINUTES if minutes is None else _minutes(minutes)
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
        await self._database.writer.perform(_start, event, caller, now_ms)
        return await self.of_event(guild_id, event_id)

    async def status(self, guild_id: int, channel_id: int) -> LiveStatus:
        """Return the channel's live event, or else the only one that runs in the guild; raise NotLive."""
        return await self._database.read_folded(guild_id, _status, guild_id, channel_id, self._clock())

    async def of_event(self, guild_id: int, event_id: int) -> LiveStatus:
        """Return a live event by its id, running or over; raise NotLive."""
        return await self._database.read_folded(guild_id, _of_event, guild_id, event_id)

    async def set_goal(
        self,
        guild_id: int,
        channel_id: int,
        caller: Actor,
        *,
        coins: int,
        minutes: int | None = None,
        reward: str | None = None,
    ) -> LiveStatus:
        """Set the goal of the channel's live event, or else of the caller's own, to `coins` within `minutes` from now.

        Options that are None leave things as they are. Raises NotLive, NotYourLive, InvalidAmount, and
        NoteRefused for a reward.
        """
        now_ms = self._clock()
        changes: dict[str, int | str] = {"goal": amount(coins)}
        if minutes is not None:
            changes["goal_until_ms"] = now_ms + _minutes(minutes) * MINUTE_MS
        if reward is not None:
            changes["reward"] = text.clean(reward, text.TITLE_LENGTH)
        status = await self.own(guild_id, channel_id, caller)
        await keep_goal(self._database, guild_id, status.event.event_id)
        event = await self._database.writer.perform(_change, guild_id, channel_id, caller, changes, now_ms)
        return await self.of_event(guild_id, event.event_id)

    async def set_creators(self, guild_id: int, event_id: int, caller: Actor, guest_ids: Iterable[int]) -> LiveStatus:
        """Make `guest_ids`, beside the first creator, the creators of a running event.

        Raises NotLive, NotYourLive, CannotGoLive, AlreadyLive, CrowdedLive.
        """
        unique_ids = [*dict.fromkeys(guest_ids)]
        await self._database.writer.perform(_set_creators, guild_id, event_id, caller, unique_ids, self._clock())
        return await self.of_event(guild_id, event_id)

    async def own(self, guild_id: int, channel_id: int, caller: Actor) -> LiveStatus:
        """Return the channel's live event, or else the caller's own in another channel.

        Raises NotLive, and NotYourLive if the event is another creator's and the caller is no host.
        """
        return await self._database.read_folded(guild_id, _own, guild_id, channel_id, caller, self._clock())

    async def end(self, guild_id: int, event_id: int, caller: Actor) -> LiveStatus:
        """End a live event. Its recap follows in its channel. Raises NotLive or NotYourLive."""
        await self._database.writer.perform(_end, guild_id, event_id, caller, self._clock())
        return await self.of_event(guild_id, event_id)

    async def running(self, guild_id: int) -> list[LiveEvent]:
        """Return the live events that take gifts now."""
        return await self._database.read(live_rules.running, guild_id, self._clock())

    async def end_due(self, guild_id: int, event_id: int) -> int | None:
        """End an event whose time is up. Return when it ends if that is later, None if it has ended or is paused."""
        return await self._database.writer.perform(_end_due, guild_id, event_id, self._clock())


def _start(connection: Connection, event: LiveEvent, caller: Actor, now_ms: int) -> None:
    guilds.lock(connection, event.guild_id)
    if live.event(connection, event.guild_id, event.event_id) is None:
        live_rules.check_words(connection, event.guild_id, event.title)
        live_rules.begin(connection, event, now_ms)
        live_rules.keep_host(connection, event, caller, now_ms, started=1)


def _status(connection: Connection, guild_id: int, channel_id: int, now_ms: int) -> LiveStatus:
    events = live_rules.running(connection, guild_id, now_ms)
    in_channel = [event for event in events if event.channel_id == channel_id]
    if not in_channel and len(events) != 1:
        raise NotLive
    return live_rules.with_totals(connection, in_channel[0] if in_channel else events[0])


def _of_event(connection: Connection, guild_id: int, event_id: int) -> LiveStatus:
    event = live.event(connection, guild_id, event_id)
    if event is None:
        raise NotLive
    return live_rules.with_totals(connection, event)


def _change(
    connection: Connection, guild_id: int, channel_id: int, caller: Actor, changes: dict[str, int | str], now_ms: int
) -> LiveEvent:
    guilds.lock(connection, guild_id)
    event = live_rules.own_event(connection, guild_id, channel_id, caller, now_ms)
    live_rules.check_words(connection, guild_id, str(changes.get("reward", "")))
    live.change(connection, event, **changes)
    live_rules.keep_host(connection, event, caller, now_ms, **changes)
    return event


def _set_creators(
    connection: Connection, guild_id: int, event_id: int, caller: Actor, member_ids: Sequence[int], now_ms: int
) -> None:
    guilds.lock(connection, guild_id)
    event = live_rules.running_event(connection, guild_id, event_id, now_ms)
    live_rules.check_theirs(connection, event, caller)
    guest_ids = [member for member in member_ids if member != event.creator_id]
    # The first creator counts, too.
    if len(guest_ids) >= MOST_CREATORS:
        raise CrowdedLive(MOST_CREATORS)
    present = live.creators_of(connection, guild_id, event_id)
    live_rules.keep_host(connection, event, caller, now_ms, creators=1 + len(guest_ids))
    for member in present:
        if member not in {event.creator_id, *guest_ids}:
            live.leave(connection, event, member, now_ms)
            _break_off_matches(connection, event, member, now_ms)
    for member in guest_ids:
        if member not in present:
            live_rules.join(connection, event, member, now_ms)


def _break_off_matches(connection: Connection, event: LiveEvent, member_id: int, now_ms: int) -> None:
    for match in matches.of_event(connection, event.guild_id, event.event_id):
        if member_id in {match.creator_id, match.opponent_id} and match.round_at(now_ms) is not None:
            matches.end(connection, match, now_ms)


def _own(connection: Connection, guild_id: int, channel_id: int, caller: Actor, now_ms: int) -> LiveStatus:
    return live_rules.with_totals(connection, live_rules.own_event(connection, guild_id, channel_id, caller, now_ms))


def _end(connection: Connection, guild_id: int, event_id: int, caller: Actor, now_ms: int) -> None:
    guilds.lock(connection, guild_id)
    event = live_rules.running_event(connection, guild_id, event_id, now_ms)
    live_rules.check_theirs(connection, event, caller)
    live_rules.keep_host(connection, event, caller, now_ms, ended=1)
    live.end(connection, guild_id, event_id, now_ms)


def _end_due(connection: Connection, guild_id: int, event_id: int, now_ms: int) -> int | None:
    guilds.lock(connection, guild_id)
    event = live.event(connection, guild_id, event_id)
    deadline = end_of(event) if event is not None else None
    if event is None or deadline is None:
        return None
    if not event.rings(now_ms):
        return deadline.at_ms
    # It ended when its time was up, not when somebody noticed.
    live.end(connection, guild_id, event_id, event.ends_ms)
    return None


def _minutes(minutes: int) -> int:
    if not 1 <= minutes <= MOST_MINUTES:
        raise InvalidAmount(str(minutes), 1, MOST_MINUTES)
    return minutes
