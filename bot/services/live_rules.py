"""What all operations on running live events have in common. Callers that write hold the guild's lock."""

from dataclasses import dataclass, replace

from bot.domain.errors import AlreadyLive, CannotGoLive, ChannelBusy, CrowdedLive, NotLive, NotYourLive, UnknownGuild
from bot.domain.ledger.restrictions import check_public
from bot.domain.live import MOST_CREATORS, EventTotals, LiveEvent, ReachedGoal, Recap
from bot.domain.policy import Actor, Staff
from bot.domain.staff_acts import ActKind, StaffAct, Value
from bot.storage.connect.connection import Connection
from bot.storage.folds.leaderboards import queries
from bot.storage.ledger import journal
from bot.storage.stores import attendance, creators, guilds, live, live_displays, staff_acts

HOSTS = frozenset[str]({Staff.HOST})


@dataclass(frozen=True, slots=True)
class LiveStatus:
    """A live event, its creators, what has been given in it, and once it is over, its recap from the journal.

    `best_id` is the member of the best combo, and `largest_id` that of the largest gift, 0 if nobody may be named.
    `earns_promo` is whether creators earn from promo coins, too. `reached` are the goals that were reached. `breaks`
    are the creators whose gifts are paused, and until when. `attendees` counts who hopped on.
    """

    event: LiveEvent
    totals: EventTotals
    creators: tuple[int, ...] = ()
    recap: Recap | None = None
    best_id: int = 0
    largest_id: int = 0
    earns_promo: bool = False
    reached: tuple[ReachedGoal, ...] = ()
    breaks: tuple[tuple[int, int], ...] = ()
    attendees: int = 0

    def at(self, now_ms: int) -> "LiveStatus":
        """Return the same without the breaks that are over by then."""
        return replace(self, breaks=tuple(each for each in self.breaks if each[1] > now_ms))

    @property
    def takes_no_gifts(self) -> bool:
        """Whether all creators are on a break."""
        return {*self.creators} <= {member_id for member_id, _ in self.breaks} and bool(self.creators)


def running(connection: Connection, guild_id: int, now_ms: int) -> list[LiveEvent]:
    """Return the events of a guild that take gifts at `now_ms`."""
    return [event for event in live.running(connection, guild_id) if event.takes_gifts(now_ms)]


def begin(connection: Connection, event: LiveEvent, now_ms: int) -> LiveEvent:
    """Insert `event`, with the journal's end as its start; raise CannotGoLive, AlreadyLive or ChannelBusy.

    The caller holds the guild's lock.
    """
    if guilds.rules(connection, event.guild_id) is None:
        raise UnknownGuild
    if not creators.is_creator(connection, event.guild_id, event.creator_id):
        raise CannotGoLive(event.creator_id)
    check_free(connection, event.guild_id, event.creator_id, now_ms)
    there = live.in_channel(connection, event.guild_id, event.channel_id)
    if there is not None and not over(connection, there, now_ms):
        raise ChannelBusy(there.creator_id)
    event = replace(event, start_seq=journal.head(connection, event.guild_id).seq)
    live.insert(connection, event)
    return event


def check_words(connection: Connection, guild_id: int, text: str) -> None:
    """Raise NoteRefused if a text has a word that nobody may send in the guild."""
    rules = guilds.rules(connection, guild_id)
    check_public(text, rules.note_words if rules is not None else None)


def check_free(connection: Connection, guild_id: int, creator_id: int, now_ms: int) -> None:
    """Raise AlreadyLive if the creator takes part in a running event."""
    event = live.of_creator(connection, guild_id, creator_id)
    if event is not None and not over(connection, event, now_ms):
        raise AlreadyLive(event.channel_id, creator_id)


def over(connection: Connection, event: LiveEvent, now_ms: int) -> bool:
    """Whether an event's bell has rung; if the clerk who ends them has not come by yet, it is ended here."""
    if not event.rings(now_ms):
        return False
    live.end(connection, event.guild_id, event.event_id, event.ends_ms)
    return True


def own_event(connection: Connection, guild_id: int, channel_id: int, caller: Actor, now_ms: int) -> LiveEvent:
    """Return the channel's running event, else the caller's own; raise NotLive, or NotYourLive for another's."""
    events = running(connection, guild_id, now_ms)
    here = [event for event in events if event.channel_id == channel_id]
    mine = live.of_creator(connection, guild_id, caller.user_id)
    own = [event for event in events if mine is not None and event.event_id == mine.event_id]
    if not here + own:
        raise NotLive
    event = (here + own)[0]
    check_theirs(connection, event, caller)
    return event


def check_theirs(connection: Connection, event: LiveEvent, caller: Actor) -> None:
    """Raise NotYourLive unless the caller is one of the event's creators or a host."""
    theirs = caller.user_id in live.creators_of(connection, event.guild_id, event.event_id)
    if not theirs and not caller.may(HOSTS):
        raise NotYourLive(event.creator_id)


def keep_host(connection: Connection, event: LiveEvent, caller: Actor, now_ms: int, **after: Value) -> None:
    """Keep what a host does in the event of others. What creators do in their own is no act of staff."""
    if caller.user_id in live.creators_of(connection, event.guild_id, event.event_id):
        return
    before = {name: getattr(event, name) for name in after if hasattr(event, name)}
    act = StaffAct(caller.user_id, ActKind.LIVE, now_ms, str(event.event_id), event.creator_id, before, after)
    staff_acts.add(connection, event.guild_id, act)


def with_totals(connection: Connection, event: LiveEvent) -> LiveStatus:
    """Return an event with its creators and sums."""
    key = event.guild_id, event.event_id
    member_ids = live.creators_of(connection, *key)
    return LiveStatus(
        event,
        queries.event_totals(connection, *key),
        tuple(member_ids),
        reached=live_displays.reached_goals(connection, *key),
        breaks=tuple(creators.pauses_among(connection, event.guild_id, member_ids).items()),
        attendees=attendance.count(connection, *key),
    )


def running_event(connection: Connection, guild_id: int, event_id: int, now_ms: int) -> LiveEvent:
    """Return a running event; raise NotLive."""
    event = live.event(connection, guild_id, event_id)
    if event is None or not event.takes_gifts(now_ms):
        raise NotLive
    return event


def join(connection: Connection, event: LiveEvent, member_id: int, now_ms: int) -> None:
    """Make a member one of the event's creators; raise CannotGoLive, AlreadyLive or CrowdedLive."""
    if not creators.is_creator(connection, event.guild_id, member_id):
        raise CannotGoLive(member_id)
    check_free(connection, event.guild_id, member_id, now_ms)
    if len(live.creators_of(connection, event.guild_id, event.event_id)) >= MOST_CREATORS:
        raise CrowdedLive(MOST_CREATORS)
    live.join(connection, event, member_id, now_ms)
