"""The store of matches, and of the invitations and cards that lead to them."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy import insert as insert_into

from bot.domain.deadlines import DeadlineKind, board_of, card_of, next_change
from bot.domain.match import INVITATION_MS, Answer, CardMessage, Invitation, Match, MatchResult, Score
from bot.storage.sql.live_tables import live_matches, match_invitations
from bot.storage.sql.rows import columns_of, insert_new, values_of
from bot.storage.stores import deadlines


def of_event(c: Connection, guild_id: int, event_id: int) -> list[Match]:
    """Return the matches of an event, oldest first."""
    where = (live_matches.c.guild_id == guild_id, live_matches.c.event_id == event_id)
    query = select(*columns_of(live_matches, Match)).where(*where)
    return [_match(row) for row in c.execute(query.order_by(live_matches.c.started_ms, live_matches.c.match_id))]


def match(c: Connection, guild_id: int, match_id: int) -> Match | None:
    where = (live_matches.c.guild_id == guild_id, live_matches.c.match_id == match_id)
    row = c.execute(select(*columns_of(live_matches, Match)).where(*where)).one_or_none()
    return _match(row) if row else None


def insert(c: Connection, match: Match) -> None:
    """Begin a match."""
    c.execute(insert_into(live_matches).values({**values_of(match), "frozen": int(match.frozen)}))
    deadlines.put(c, next_change(match, match.started_ms), board_of(match.guild_id, match.event_id))


def end(c: Connection, match: Match, now_ms: int) -> None:
    """Break a match off, unless that happened already."""
    same = (live_matches.c.guild_id == match.guild_id, live_matches.c.match_id == match.match_id)
    c.execute(update(live_matches).where(*same, live_matches.c.ended_ms.is_(None)).values(ended_ms=now_ms))
    deadlines.clear(c, match.guild_id, DeadlineKind.MATCH_ROUND, match.match_id)
    deadlines.put(c, board_of(match.guild_id, match.event_id), card_of(match.guild_id, match.match_id))


def results(c: Connection, guild_id: int, event_id: int) -> tuple[MatchResult, ...]:
    """Return the results of an event's matches, as far as they were saved, in the order in which they began."""
    t = live_matches.c
    query = select(t.match_id, t.creator_id, t.opponent_id, t.rounds, t.creator_points, t.opponent_points, t.decided)
    query = query.where(t.guild_id == guild_id, t.event_id == event_id, t.decided.is_not(None))
    return tuple(
        MatchResult(match_id, creator_id, opponent_id, rounds, Score(creator, opponent), bool(decided))
        for match_id, creator_id, opponent_id, rounds, creator, opponent, decided in c.execute(
            query.order_by(t.started_ms, t.match_id)
        )
    )


def save_results(c: Connection, guild_id: int, results: Iterable[MatchResult]) -> None:
    """Save what matches came to."""
    for result in results:
        same = (live_matches.c.guild_id == guild_id, live_matches.c.match_id == result.match_id)
        points = {"creator_points": result.points.creator, "opponent_points": result.points.opponent}
        c.execute(update(live_matches).where(*same).values(**points, decided=int(result.is_decided)))


def invitation(c: Connection, guild_id: int, match_id: int) -> Invitation | None:
    """Return an invitation, None if there is none. Matches from before there were invitations have none."""
    row: Any = c.execute(
        select(*columns_of(match_invitations, Invitation)).where(*_same(guild_id, match_id))
    ).one_or_none()
    if row is None:
        return None
    *values, answer = row
    invitation = Invitation(*values, answer=Answer(answer) if answer else None)
    return replace(invitation, frozen=bool(invitation.frozen))


def invite(c: Connection, invitation: Invitation) -> None:
    """Save an invitation, unless it is there, and have its card posted."""
    values = {
        **values_of(invitation),
        "frozen": int(invitation.frozen),
        "answer": _stored(invitation.answer),
        "is_layout": 1,
    }
    insert_new(c, match_invitations, values)
    deadlines.put(c, card_of(invitation.guild_id, invitation.match_id))


def answer(c: Connection, guild_id: int, match_id: int, answer: Answer) -> None:
    """Save the answer to an invitation."""
    c.execute(update(match_invitations).where(*_same(guild_id, match_id)).values(answer=_stored(answer)))
    deadlines.put(c, card_of(guild_id, match_id))


def end_invitations(c: Connection, guild_id: int, creator_ids: Collection[int], now_ms: int) -> None:
    """End the invitations of creators who are no longer live, as far as they can still be answered."""
    t = match_invitations.c
    is_open = (t.answer.is_(None), t.invited_ms > now_ms - INVITATION_MS)
    query = select(t.match_id).where(t.guild_id == guild_id, t.creator_id.in_(creator_ids), *is_open)
    for match_id in c.execute(query).scalars().all():
        answer(c, guild_id, match_id, Answer.ENDED)


def card_message(c: Connection, guild_id: int, match_id: int) -> CardMessage | None:
    """Return the message that shows the card of a match, None before it was posted."""
    t = match_invitations.c
    row = c.execute(select(t.message_id, t.is_layout).where(*_same(guild_id, match_id))).one_or_none()
    return CardMessage(row[0], bool(row[1])) if row is not None and row[0] is not None else None


def save_card(c: Connection, guild_id: int, match_id: int, message_id: int) -> None:
    """Save the message that shows the card of a match."""
    c.execute(update(match_invitations).where(*_same(guild_id, match_id)).values(message_id=message_id))


def _same(guild_id: int, match_id: int) -> tuple[Any, Any]:
    return match_invitations.c.guild_id == guild_id, match_invitations.c.match_id == match_id


def _stored(answer: Answer | None) -> str | None:
    # The driver looks for an adapter for every value that is not exactly a str.
    return answer.value if answer else None


def _match(row: Any) -> Match:  # noqa: ANN401 - a row
    values: list[Any] = [*row]
    values[6] = bool(values[6])
    return Match(*values)
