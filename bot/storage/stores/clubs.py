"""The store of fan clubs: who is in them, whose membership pauses, and their roles. It is a source of members' roles.

Creators and members are holders. Who is in a club follows from the journal (`club_hearts`); what is stored here is what
the bot has acted upon.
"""

from collections.abc import Callable, Collection, Sequence

from sqlalchemy import BigInteger, Connection, bindparam, delete, select, update

from bot.domain.clubs import Break, LastShow, club_pauses_of
from bot.domain.leaderboards import Board
from bot.domain.live import Outcome
from bot.domain.notices import NoticeKind
from bot.storage.folds.gifters import queries
from bot.storage.ledger import holders
from bot.storage.sql.club_tables import club_members, club_roles, creator_breaks
from bot.storage.sql.gifter_tables import club_hearts
from bot.storage.sql.leaderboard_tables import ladders, standings
from bot.storage.sql.rows import insert_new, upsert
from bot.storage.sql.statements import InsertMany, Lookup, Query
from bot.storage.sql.tables import journal, live_creators, live_events, notices
from bot.storage.stores import attendance, deadlines

ActivityTime = Callable[[Connection, int, int, int], int]
"""Returns when a member has last done something for a creator, in milliseconds UTC, 0 for never."""

_line = (
    select(standings.c.last_seq)
    .join(ladders, (ladders.c.guild_id == standings.c.guild_id) & (ladders.c.ladder == standings.c.ladder))
    .where(
        ladders.c.guild_id == bindparam("guild", type_=BigInteger),
        ladders.c.board == Board.GIFTERS.value,
        ladders.c.scope == bindparam("creator", type_=BigInteger),
        ladders.c.event == 0,
        standings.c.subject == bindparam("gifter", type_=BigInteger),
    )
    .scalar_subquery()
)
_LAST_GIFT = Query(
    select(journal.c.at_ms).where(journal.c.guild_id == bindparam("guild", type_=BigInteger), journal.c.seq == _line)
)
_MEMBERSHIPS = Lookup(
    select(club_members.c.gifter, club_members.c.creator, club_members.c.paused_ms),
    (club_members.c.guild_id, club_members.c.gifter),
)
_JOIN = InsertMany(tuple(club_members.c))


def last_gift_ms(c: Connection, guild_id: int, gifter: int, creator: int) -> int:
    """Return when a member has last gifted a creator something under their own name."""
    rows = _LAST_GIFT.rows(c, guild=guild_id, creator=creator, gifter=gifter)
    return rows[0][0] if rows else 0


ACTIVITY: tuple[ActivityTime, ...] = (last_gift_ms, attendance.last_ms)
"""What a membership goes on with: gifts, and attended live events."""


def active_ms(c: Connection, guild_id: int, gifter: int, creator: int) -> int:
    """Return when a member has last done something for a creator."""
    return max(source(c, guild_id, gifter, creator) for source in ACTIVITY)


def fans_among(c: Connection, guild_id: int, holder_ids: Sequence[int]) -> list[int]:
    """Return those of `holder_ids` who are, or were until now, in any club."""
    hearts, members = club_hearts.c, club_members.c
    with_hearts = select(hearts.gifter).where(hearts.guild_id == guild_id, hearts.gifter.in_(holder_ids))
    as_known = select(members.gifter).where(members.guild_id == guild_id, members.gifter.in_(holder_ids))
    return sorted({*c.execute(with_hearts).scalars(), *c.execute(as_known).scalars()})


def memberships(c: Connection, guild_id: int, gifter: int) -> dict[int, int | None]:
    """Return the creators of the clubs that a member is in, with the time since when the membership pauses, or None."""
    return memberships_of(c, guild_id, [gifter])[gifter]


def memberships_of(c: Connection, guild_id: int, gifters: Collection[int]) -> dict[int, dict[int, int | None]]:
    """Return the memberships of each of many members, as `memberships` does."""
    memberships: dict[int, dict[int, int | None]] = {gifter: {} for gifter in gifters}
    for gifter, creator, paused_ms in _MEMBERSHIPS.rows(c, {(guild_id, gifter) for gifter in gifters}):
        memberships[gifter][creator] = paused_ms
    return memberships


def refresh(c: Connection, guild_id: int, gifters: Collection[int], now_ms: int) -> dict[int, list[int]]:
    """Bring the clubs of members up to date with what they have gifted. Return the creators whose clubs each joins."""
    current, stored = queries.clubs_of(c, guild_id, gifters), memberships_of(c, guild_id, gifters)
    joined = {gifter: sorted(current[gifter] - stored[gifter].keys()) for gifter in gifters}
    _JOIN.run(
        c, [(guild_id, gifter, creator, now_ms, None) for gifter, creators in joined.items() for creator in creators]
    )
    for gifter, memberships in stored.items():
        for creator, paused_ms in memberships.items():
            if creator not in current[gifter]:
                _leave(c, guild_id, gifter, creator)
            elif paused_ms is not None:
                _resume_if_active(c, guild_id, gifter, creator)
    return {gifter: creators for gifter, creators in joined.items() if creators}


def _resume_if_active(c: Connection, guild_id: int, gifter: int, creator: int) -> None:
    show = last_show(c, guild_id, creator)
    if show is None or active_ms(c, guild_id, gifter, creator) >= show.started_ms:
        _resume(c, guild_id, gifter, creator)


def _leave(c: Connection, guild_id: int, gifter: int, creator: int) -> None:
    t = club_members.c
    c.execute(delete(club_members).where(t.guild_id == guild_id, t.gifter == gifter, t.creator == creator))
    _untell(c, guild_id, gifter, creator)


def _resume(c: Connection, guild_id: int, gifter: int, creator: int) -> None:
    t = club_members.c
    same = (t.guild_id == guild_id, t.gifter == gifter, t.creator == creator)
    c.execute(update(club_members).where(*same).values(paused_ms=None))
    _untell(c, guild_id, gifter, creator)


def pause(c: Connection, guild_id: int, gifter: int, creator: int, now_ms: int) -> None:
    """Note that a membership pauses from now on, and have the member be reminded once."""
    t = club_members.c
    same = (t.guild_id == guild_id, t.gifter == gifter, t.creator == creator)
    c.execute(update(club_members).where(*same).values(paused_ms=now_ms))
    _untell(c, guild_id, gifter, creator)
    tell(c, guild_id, gifter, creator, now_ms)


def tell(c: Connection, guild_id: int, gifter: int, creator: int, now_ms: int) -> None:
    """Have a member be told of a membership with their next reply: that it began, or that it pauses."""
    kind = NoticeKind.CLUB.value
    values = {"guild_id": guild_id, "holder_id": gifter, "kind": kind, "number": creator, "since_ms": now_ms}
    insert_new(c, notices, values)


def _untell(c: Connection, guild_id: int, gifter: int, creator: int) -> None:
    t = notices.c
    same = (t.guild_id == guild_id, t.holder_id == gifter, t.kind == NoticeKind.CLUB.value, t.number == creator)
    c.execute(delete(notices).where(*same))


def running(c: Connection, guild_id: int, creator: int) -> list[int]:
    """Return the members of a creator's club whose membership does not pause."""
    t = club_members.c
    query = select(t.gifter).where(t.guild_id == guild_id, t.creator == creator, t.paused_ms.is_(None))
    return [*c.execute(query.order_by(t.gifter)).scalars()]


def last_show(c: Connection, guild_id: int, creator: int) -> LastShow | None:
    """Return the last live event of a creator that is over, None if there has been none."""
    member_id = holders.member_ids(c, guild_id, [creator]).get(creator, 0)
    same = (live_events.c.guild_id == live_creators.c.guild_id) & (live_events.c.event_id == live_creators.c.event_id)
    query = (
        select(live_events.c.started_ms, live_events.c.ended_ms)
        .join(live_creators, same)
        .where(
            live_creators.c.guild_id == guild_id,
            live_creators.c.member_id == member_id,
            live_events.c.ended_ms.is_not(None),
            live_events.c.outcome != Outcome.CANCELLED.value,
        )
        .order_by(live_events.c.ended_ms.desc())
        .limit(1)
    )
    row = c.execute(query).one_or_none()
    return None if row is None or row.ended_ms is None else LastShow(row.started_ms, row.ended_ms)


def note_end(c: Connection, guild_id: int, creator_ids: Sequence[int], now_ms: int) -> None:
    """Look at the clubs of creators, members, whose live event is over, once memberships may pause."""
    members = holders.holder_ids(c, [(guild_id, member_id) for member_id in creator_ids])
    deadlines.put(
        c, *(club_pauses_of(guild_id, creator, now_ms) for creator in members.values() if running(c, guild_id, creator))
    )


def breaks(c: Connection, guild_id: int, creator: int) -> list[Break]:
    """Return when a creator took no gifts."""
    t = creator_breaks.c
    query = select(t.from_ms, t.until_ms).where(t.guild_id == guild_id, t.creator == creator)
    return [Break(*row) for row in c.execute(query.order_by(t.from_ms))]


def note_break(c: Connection, guild_id: int, member_id: int, until_ms: int | None, now_ms: int) -> None:
    """Note that a creator, a member, takes no gifts until `until_ms`, or takes them again."""
    creator = holders.ensure(c, guild_id, member_id)
    t = creator_breaks.c
    same = (t.guild_id == guild_id, t.creator == creator, t.until_ms > now_ms)
    changed = update(creator_breaks).where(*same).values(until_ms=now_ms if until_ms is None else until_ms)
    if not c.execute(changed).rowcount and until_ms is not None:
        upsert(
            c,
            creator_breaks,
            {"guild_id": guild_id, "creator": creator, "from_ms": now_ms, "until_ms": until_ms},
        )
    if running(c, guild_id, creator):
        deadlines.put(c, club_pauses_of(guild_id, creator, now_ms))


def roles(c: Connection, guild_id: int) -> dict[int, int]:
    """Return the role of each creator's club that has one."""
    t = club_roles.c
    return {row.creator: row.role_id for row in c.execute(select(t.creator, t.role_id).where(t.guild_id == guild_id))}


def choose_role(c: Connection, guild_id: int, creator: int, role_id: int) -> None:
    """Give members of a creator's club a role, 0 for none."""
    if role_id:
        upsert(c, club_roles, {"guild_id": guild_id, "creator": creator, "role_id": role_id})
    else:
        c.execute(delete(club_roles).where(club_roles.c.guild_id == guild_id, club_roles.c.creator == creator))


def roles_of(c: Connection, guild_id: int, holder: int) -> set[int]:
    """Return the roles of the clubs that a member is in, without those in which their membership pauses."""
    members, t = club_members.c, club_roles.c
    same = (members.guild_id == t.guild_id) & (members.creator == t.creator)
    query = (
        select(t.role_id)
        .join(club_members, same)
        .where(members.guild_id == guild_id, members.gifter == holder, members.paused_ms.is_(None))
    )
    return {*c.execute(query).scalars()}
