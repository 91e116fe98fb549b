"""Matches between two creators of a live event."""

from collections.abc import Callable
from dataclasses import replace

from bot.domain.deadlines import next_change
from bot.domain.errors import CannotGoLive, NotLive
from bot.domain.live import LiveEvent
from bot.domain.match import Answer, CardMessage, Invitation, Match, MatchCard, MatchState, Scorer
from bot.domain.match_errors import (
    InvitationOver,
    MatchesOff,
    MatchRuns,
    MatchWithSelf,
    NoBuyingInMatch,
    NoMatch,
    NotInvited,
    QuietOpponent,
    ScoreHidden,
)
from bot.domain.policy import Actor
from bot.services import live_rules
from bot.storage.connect.connection import Connection
from bot.storage.database import Database
from bot.storage.ledger import member_choices
from bot.storage.stores import creators, guilds, live, live_displays, matches


class Matches:
    """The use-cases of matches."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    async def invite(self, caller: Actor, invitation: Invitation) -> Invitation:
        """Invite a creator to a match, which starts at once if they take part in the inviter's event already.

        Raises MatchesOff, NotLive, NotYourLive, MatchWithSelf, QuietOpponent, CannotGoLive, AlreadyLive, CrowdedLive
        or MatchRuns.
        """
        return await self._database.writer.perform(_invite, caller, invitation, self._clock())

    async def accept(self, guild_id: int, match_id: int, member_id: int) -> MatchCard:
        """Let the invited opponent join the live event, and start the match. Accepting twice starts it once.

        Raises InvitationOver, NotInvited, MatchesOff, NotLive, CannotGoLive, AlreadyLive, CrowdedLive, MatchRuns.
        """
        return await self._database.writer.perform(_accept, guild_id, match_id, member_id, self._clock())

    async def decline(self, guild_id: int, match_id: int, member_id: int) -> MatchCard:
        """Turn an invitation down. Raises InvitationOver, NotInvited."""
        return await self._database.writer.perform(_decline, guild_id, match_id, member_id, self._clock())

    async def card(self, guild_id: int, match_id: int) -> MatchCard | None:
        """Return what the card of a match shows now, None if it has none."""
        return await self._database.read(_card, guild_id, match_id, self._clock())

    async def card_message(self, guild_id: int, match_id: int) -> CardMessage | None:
        """Return the message that shows the card of a match, None before it was posted."""
        return await self._database.read(matches.card_message, guild_id, match_id)

    async def card_posted(self, guild_id: int, match_id: int, message_id: int) -> None:
        """Record the message that shows the card of a match."""
        await self._database.writer.perform(matches.save_card, guild_id, match_id, message_id)

    async def leave(self, guild_id: int, match_id: int, caller: Actor) -> MatchCard:
        """Call off a match, as one of its creators or as a host. Raises NoMatch, NotYourLive."""
        return await self._database.writer.perform(_leave, guild_id, match_id, caller, self._clock())

    async def drop(self, match: Match) -> None:
        """Call off a match because one of its creators has left the guild."""
        await self._database.writer.perform(matches.end, match, self._clock())

    async def event_of(self, guild_id: int, match_id: int) -> int | None:
        """Return the id of the live event of a match, None if there is no such match."""
        match = await self._database.read(matches.match, guild_id, match_id)
        return match.event_id if match is not None else None

    async def check_may_buy(self, guild_id: int, channel_id: int) -> None:
        """Raise NoBuyingInMatch while a match is on in a channel."""
        await self._database.read(check_may_buy, guild_id, channel_id, self._clock())

    async def next_change(self, guild_id: int, match_id: int) -> int | None:
        """Return when the clock alone next changes a match, None if it never does again."""
        match = await self._database.read(matches.match, guild_id, match_id)
        deadline = next_change(match, self._clock()) if match is not None else None
        return deadline.at_ms if deadline is not None else None


def _invite(connection: Connection, caller: Actor, invitation: Invitation, now_ms: int) -> Invitation:
    guild_id = invitation.guild_id
    guilds.lock(connection, guild_id)
    earlier = matches.invitation(connection, guild_id, invitation.match_id)
    if earlier is not None:
        return earlier
    _check_allowed(connection, guild_id)
    event = live_rules.own_event(connection, guild_id, invitation.channel_id, caller, now_ms)
    present = live.creators_of(connection, guild_id, event.event_id)
    # A host who is not a creator of the event invites in the name of its first creator.
    first = caller.user_id if caller.user_id in present else event.creator_id
    invitation = replace(invitation, creator_id=first, invited_ms=now_ms)
    if invitation.opponent_id == first:
        raise MatchWithSelf
    _check_no_match(connection, event, now_ms)
    if member_choices.choices(connection, guild_id, invitation.opponent_id).is_quiet:
        raise QuietOpponent(invitation.opponent_id)
    if invitation.opponent_id in present:
        invitation = replace(invitation, answer=Answer.ACCEPTED)
        matches.insert(connection, invitation.begin(event.event_id, now_ms))
    else:
        if not creators.is_creator(connection, guild_id, invitation.opponent_id):
            raise CannotGoLive(invitation.opponent_id)
        live_rules.check_free(connection, guild_id, invitation.opponent_id, now_ms)
    matches.invite(connection, invitation)
    live_rules.keep_host(connection, event, caller, now_ms, match=invitation.match_id)
    return invitation


def _accept(connection: Connection, guild_id: int, match_id: int, member_id: int, now_ms: int) -> MatchCard:
    guilds.lock(connection, guild_id)
    invitation = _invitation(connection, guild_id, match_id, member_id)
    if invitation.answer is not Answer.ACCEPTED:
        _check_open(invitation, now_ms)
        # Minutes have passed since the invitation, so everything is checked again.
        _check_allowed(connection, guild_id)
        event = live.of_creator(connection, guild_id, invitation.creator_id)
        if event is None or not event.takes_gifts(now_ms):
            raise NotLive
        _check_no_match(connection, event, now_ms)
        if invitation.opponent_id not in live.creators_of(connection, guild_id, event.event_id):
            live_rules.join(connection, event, invitation.opponent_id, now_ms)
        matches.insert(connection, invitation.begin(event.event_id, now_ms))
        matches.answer(connection, guild_id, match_id, Answer.ACCEPTED)
    return _known_card(connection, guild_id, match_id, now_ms)


def _decline(connection: Connection, guild_id: int, match_id: int, member_id: int, now_ms: int) -> MatchCard:
    guilds.lock(connection, guild_id)
    invitation = _invitation(connection, guild_id, match_id, member_id)
    if invitation.answer is not Answer.DECLINED:
        _check_open(invitation, now_ms)
        matches.answer(connection, guild_id, match_id, Answer.DECLINED)
    return _known_card(connection, guild_id, match_id, now_ms)


def _invitation(connection: Connection, guild_id: int, match_id: int, member_id: int) -> Invitation:
    invitation = matches.invitation(connection, guild_id, match_id)
    if invitation is None:
        raise InvitationOver
    if member_id != invitation.opponent_id:
        raise NotInvited(invitation.opponent_id)
    return invitation


def _check_open(invitation: Invitation, now_ms: int) -> None:
    if not invitation.is_open(now_ms):
        raise InvitationOver


def _card(connection: Connection, guild_id: int, match_id: int, now_ms: int) -> MatchCard | None:
    invitation = matches.invitation(connection, guild_id, match_id)
    match = matches.match(connection, guild_id, match_id)
    if invitation is None or match is None:
        return MatchCard(invitation, None, now_ms) if invitation else None
    event = live.event(connection, guild_id, match.event_id)
    assert event is not None, match
    return MatchCard(invitation, _state(connection, event, match, now_ms), now_ms)


def _known_card(connection: Connection, guild_id: int, match_id: int, now_ms: int) -> MatchCard:
    card = _card(connection, guild_id, match_id, now_ms)
    assert card is not None, match_id
    return card


def _leave(connection: Connection, guild_id: int, match_id: int, caller: Actor, now_ms: int) -> MatchCard:
    guilds.lock(connection, guild_id)
    match = matches.match(connection, guild_id, match_id)
    if match is None or match.round_at(now_ms) is None:
        raise NoMatch
    event = live.event(connection, guild_id, match.event_id)
    assert event is not None, match
    # Leaving must not take a victory away.
    if _state(connection, event, match, now_ms).is_decided:
        raise NoMatch
    if caller.user_id not in {match.creator_id, match.opponent_id}:
        live_rules.check_theirs(connection, event, caller)
    live_rules.keep_host(connection, event, caller, now_ms, match_ended=match.match_id)
    matches.end(connection, match, now_ms)
    return _known_card(connection, guild_id, match_id, now_ms)


def check_may_buy(
    connection: Connection, guild_id: int, channel_id: int, now_ms: int, creator_id: int | None = None
) -> None:
    """Raise NoBuyingInMatch while a match is on in a channel, or one in which the creator of a planned gift plays."""
    if (event := live.in_channel(connection, guild_id, channel_id)) is not None:
        _check_none_is_on(connection, event, now_ms)
    if creator_id is not None and (event := live.of_creator(connection, guild_id, creator_id)) is not None:
        _check_none_is_on(connection, event, now_ms, creator_id)


def _check_none_is_on(connection: Connection, event: LiveEvent, now_ms: int, creator_id: int | None = None) -> None:
    """Raise NoBuyingInMatch while a match of an event, or of a creator in it, is on."""
    for match in matches.of_event(connection, event.guild_id, event.event_id):
        number = match.round_at(now_ms)
        if number is None or (creator_id is not None and creator_id not in {match.creator_id, match.opponent_id}):
            continue
        # Before most rounds are over, nothing can be decided, so nothing has to be counted.
        if number <= match.rounds // 2 or _state(connection, event, match, now_ms).over_ms is None:
            raise NoBuyingInMatch(match.ends_of(match.rounds - 1))


def check_score_shown(connection: Connection, event: LiveEvent, now_ms: int, *, creator_id: int | None = None) -> None:
    """Raise ScoreHidden while a match of an event, or of a creator in it, hides its score."""
    for match in matches.of_event(connection, event.guild_id, event.event_id):
        if creator_id is not None and creator_id not in {match.creator_id, match.opponent_id}:
            continue
        if match.hides_score(now_ms) and (state := _state(connection, event, match, now_ms)).over_ms is None:
            raise ScoreHidden(match.ends_of(len(state.scores) - 1))


def _check_allowed(connection: Connection, guild_id: int) -> None:
    if guilds.required(connection, guild_id).matches_since_ms is None:
        raise MatchesOff


def _check_no_match(connection: Connection, event: LiveEvent, now_ms: int) -> None:
    """Raise MatchRuns if a match of the event is still undecided."""
    for match in matches.of_event(connection, event.guild_id, event.event_id):
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
