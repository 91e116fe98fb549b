"""The store of creators: who may receive gifts in a guild."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, update

from bot.domain.creators import Creator
from bot.domain.ledger.books import Books
from bot.domain.ledger.restrictions import Restrictions
from bot.storage.ledger.batch_cache import BatchCache
from bot.storage.ledger.projections import register
from bot.storage.sql.rows import columns_of, upsert
from bot.storage.sql.statements import Lookup
from bot.storage.sql.tables import creators as table
from bot.storage.stores import blocks

_APPROVED = table.c.removed_ms.is_(None)
_BY_MEMBER = Lookup(select(table.c.guild_id, table.c.member_id).where(_APPROVED), (table.c.guild_id, table.c.member_id))

_WITH_CHOICES = Lookup(
    select(
        table.c.guild_id, table.c.member_id, table.c.paused_until_ms, table.c.note_words, table.c.blocks_since_ms
    ).where(_APPROVED),
    (table.c.guild_id, table.c.member_id),
)


def creators(c: Connection, guild_id: int) -> list[Creator]:
    """Return a guild's approved creators, in the order of their approval."""
    query = select(*columns_of(table, Creator)).where(table.c.guild_id == guild_id, _APPROVED)
    return [Creator(*row) for row in c.execute(query.order_by(table.c.approved_ms, table.c.member_id))]


def is_creator(c: Connection, guild_id: int, member_id: int) -> bool:
    """Return whether a member is an approved creator."""
    return bool(creators_among(c, [(guild_id, member_id)]))


def creators_among(c: Connection, members: Collection[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return those of `members`, (guild id, member id) each, who are approved."""
    return {(guild_id, member_id) for guild_id, member_id in _BY_MEMBER.rows(c, members)}


def approve(c: Connection, guild_id: int, member_id: int, by: int, now_ms: int) -> None:
    """Approve a member as a creator, for the first time or again. `by` is the member who approves."""
    values = {"approved_by": by, "approved_ms": now_ms, "removed_ms": None}
    upsert(c, table, {"guild_id": guild_id, "member_id": member_id, **values})


def paused(c: Connection, guild_id: int, now_ms: int) -> dict[int, int]:
    """Return the creators who accept no gifts now, and until when."""
    query = select(table.c.member_id, table.c.paused_until_ms).where(
        table.c.guild_id == guild_id, _APPROVED, table.c.paused_until_ms > now_ms
    )
    return {member_id: int(until_ms or 0) for member_id, until_ms in c.execute(query)}


def pauses_among(c: Connection, guild_id: int, member_ids: Collection[int]) -> dict[int, int]:
    """Return until when the creators' latest breaks last, or lasted."""
    rows = _WITH_CHOICES.rows(c, [(guild_id, member_id) for member_id in member_ids])
    return {row[1]: row[2] for row in rows if row[2] is not None}


def choose(c: Connection, guild_id: int, member_id: int, **values: int | str | None) -> None:
    """Set what a creator has decided: columns of their row."""
    same = (table.c.guild_id == guild_id, table.c.member_id == member_id)
    c.execute(update(table).where(*same).values(**values))


def words_of(c: Connection, guild_id: int, member_id: int) -> str:
    """Return the words that a creator does not want to read, a line each."""
    query = select(table.c.note_words).where(table.c.guild_id == guild_id, table.c.member_id == member_id)
    return c.execute(query).scalar() or ""


def remove(c: Connection, guild_id: int, member_id: int, now_ms: int) -> None:
    """Withdraw the approval of a creator. The row stays, and records when."""
    same = (table.c.guild_id == guild_id, table.c.member_id == member_id)
    c.execute(update(table).where(*same, _APPROVED).values(removed_ms=now_ms))


def _load(c: Connection, commands: Sequence[Any], books: Books, cache: BatchCache) -> None:
    receivers = {(command.guild_id, command.creator_id) for command in commands}
    choices = cache.look_up(c, "creators", receivers, _choices)
    books.creators = {*choices}
    # Few creators have decided anything, and nothing more is read for the others.
    restricted = {key: choice for key, choice in choices.items() if any(choice)}
    blocking = {
        (key[0], books.holders[key]) for key, choice in restricted.items() if choice.blocks_since_ms is not None
    }
    pairs = cache.look_up(c, "blocks", blocking, blocks.around) if blocking else {}
    for key, choice in restricted.items():
        around = pairs.get((key[0], books.holders[key]), blocks.NONE)
        books.restrictions[key] = Restrictions(choice.paused_until_ms, choice.note_words or "", *around)


class _Choice(NamedTuple):
    """What a creator has decided, as their row says."""

    paused_until_ms: int | None
    note_words: str | None
    blocks_since_ms: int | None


def _choices(c: Connection, members: Collection[tuple[int, int]]) -> dict[tuple[int, int], _Choice]:
    rows = _WITH_CHOICES.rows(c, members)
    return {(guild_id, member_id): _Choice(*choice) for guild_id, member_id, *choice in rows}


register("creators", _load)


def note_staff(c: Connection, guild_id: int, member_id: int, now_ms: int) -> bool:
    """Note that a creator has been told what being on the staff means for them. Return False if that was before."""
    theirs = (table.c.guild_id == guild_id, table.c.member_id == member_id, table.c.staff_told_ms.is_(None))
    return c.execute(update(table).where(*theirs).values(staff_told_ms=now_ms)).rowcount > 0
