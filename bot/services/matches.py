"""Matches between two creators of a live event."""

from collections.abc import Callable
from dataclasses import replace

from bot.domain.deadlines import next_change
from bot.domain.errors import CannotGoLive, NotLive
from bot.domain.live import LiveEvent
from bot.domain.match import Challenge, Match, MatchState, Scorer
from bot.domain.match_errors import MatchRuns, MatchWithSelf, NoMatch, NotInvited
from bot.domain.policy import Actor
from bot.services import live_rules
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.stores import creators, guilds, live, live_displays


class Matches:
    """The use-cases of matches."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    async def challenge(self, channel_id: int, caller: Actor, challenge: Challenge) -> Match | None:
        """Start a match at once if the opponent takes part in the caller's event; return None if they have to accept
        first.

        Raises NotLive, NotYourLive, MatchWithSelf, CannotGoLive, AlreadyLive, CrowdedLive, MatchRuns.
        """
        return await self._database.writer.perform(_challenge, channel_id, caller, challenge, self._clock())

    async def accept(self, member_id: int, challenge: Challenge) -> Match:
        """Let the invited opponent join the live event, and start the match. Accepting twice starts it once.

        Raises NotInvited, NotLive, CannotGoLive, AlreadyLive, CrowdedLive, MatchRuns.
        """
        if member_id != challenge.opponent_id:
            raise NotInvited(challenge.opponent_id)
        return await self._database.writer.perform(_accept, challenge, self._clock())

    async def leave(self, guild_id: int, match_id: int, caller: Actor) -> Match:
        """Break a match off, as one of its creators or as a host. Raises NoMatch, NotYourLive."""
        return await self._database.writer.perform(_leave, guild_id, match_id, caller, self._clock())

    async def drop(self, match: Match) -> None:
        """Break a match off because one of its creators has left the guild."""
        await self._database.writer.perform(live_displays.end_match, match, self._clock())

    async def event_of(self, guild_id: int, match_id: int) -> int | None:
        """Return the id of the live event of a match, None if there is no such match."""
        match = await self._database.read(live_displays.match, guild_id, match_id)
        return match.event_id if match is not None else None

    async def next_change(self, guild_id: int, match_id: int) -> int | None:
        """Return when a match next looks different by the clock alone, None if it never does again."""
        match = await self._database.read(live_displays.match, guild_id, match_id)
        deadline = next_change(match, self._clock()) if match is not None else None
        return deadline.at_ms if deadline is not None else None


def _challenge(
    connection: Connection, channel_id: int, caller: Actor, challenge: Challenge, now_ms: int
) -> Match | None:
    guild_id = challenge.guild_id
    guilds.lock(connection, guild_id)
    match = live_displays.match(connection, guild_id, challenge.match_id)
    if match is not None:
        return match
    event = live_rules.own_event(connection, guild_id, channel_id, caller, now_ms)
    present = live.creators_of(connection, guild_id, event.event_id)
    # A host who is no creator of the event challenges in the name of its first creator.
    first = caller.user_id if caller.user_id in present else event.creator_id
    if challenge.opponent_id == first:
        raise MatchWithSelf
    _check_no_match(connection, event, now_ms)
    if challenge.opponent_id in present:
        match = challenge.begin(event.event_id, first, now_ms)
        live_displays.insert_match(connection, match)
        return match
    if not creators.is_creator(connection, guild_id, challenge.opponent_id):
        raise CannotGoLive(challenge.opponent_id)
    live_rules.check_free(connection, guild_id, challenge.opponent_id, now_ms)
    return None


def _accept(connection: Connection, challenge: Challenge, now_ms: int) -> Match:
    guild_id = challenge.guild_id
    guilds.lock(connection, guild_id)
    match = live_displays.match(connection, guild_id, challenge.match_id)
    if match is not None:
        return match
    # The invitation is a button that may be pressed much later, so everything is checked again.
    event = live.of_creator(connection, guild_id, challenge.creator_id)
    if event is None or not event.takes_gifts(now_ms):
        raise NotLive
    _check_no_match(connection, event, now_ms)
    if challenge.opponent_id not in live.creators_of(connection, guild_id, event.event_id):
        live_rules.join(connection, event, challenge.opponent_id, now_ms)
    match = challenge.begin(event.event_id, challenge.creator_id, now_ms)
    live_displays.insert_match(connection, match)
    return match


def _leave(connection: Connection, guild_id: int, match_id: int, caller: Actor, now_ms: int) -> Match:
    guilds.lock(connection, guild_id)
    match = live_displays.match(connection, guild_id, match_id)
    if match is None or match.round_at(now_ms) is None:
        raise NoMatch
    event = live.event(connection, guild_id, match.event_id)
    assert event is not None, match
    # Leaving must not take a victory away.
    if _state(connection, event, match, now_ms).is_decided:
        raise NoMatch
    if caller.user_id not in {match.creator_id, match.opponent_id}:
        live_rules.check_theirs(connection, event, caller)
    live_displays.end_match(connection, match, now_ms)
    return replace(match, ended_ms=now_ms)


def _check_no_match(connection: Connection, event: LiveEvent, now_ms: int) -> None:
    """Raise MatchRuns if a match of the event is still undecided."""
    for match in live_displays.matches(connection, event.guild_id, event.event_id):
        if match.round_at(now_ms) is None:
            continue
        if _state(connection, event, match, now_ms).over_ms is None:
            raise MatchRuns(match.ends_of(match.rounds - 1))


def _state(connection: Connection, event: LiveEvent, match: Match, now_ms: int) -> MatchState:
    scorer, seq = Scorer(match), event.start_seq
    while (page := live_displays.gifts_after(connection, event, seq, 2_000)).seq != seq:
        for gift in page.gifts:
            scorer.feed(gift.at_ms, gift.creator_id, gift.coins)
        seq = page.seq
    return scorer.at(now_ms)
