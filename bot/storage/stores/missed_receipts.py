"""The store of missed receipts: their members have not seen them, because the reply was lost or the process died."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, and_, delete, or_, select

from bot.domain.ledger import KINDS
from bot.domain.ledger.books import Books, MissedGift
from bot.domain.ledger.gift import SendGift
from bot.domain.ledger.gift import facts_of as gift_facts
from bot.domain.receipts import Receipt
from bot.storage.ledger import cursors, holders, journal
from bot.storage.ledger.batch_cache import BatchCache
from bot.storage.ledger.projections import register
from bot.storage.sql.rows import insert_new
from bot.storage.sql.statements import Lookup
from bot.storage.sql.tables import cursors as cursor_table
from bot.storage.sql.tables import heads
from bot.storage.sql.tables import holders as holder_table
from bot.storage.sql.tables import journal as journal_table
from bot.storage.sql.tables import missed_receipts as table

FOLLOWER = "replies"
"""The follower whose cursor tells up to which row every receipt was either shown or stored as missed."""

_ANSWERED = tuple(kind.name for kind in KINDS.values() if kind.is_answered)
"""The kinds of transactions whose actor gets a reply."""

Key = tuple[int, int, int]
"""Guild id, member id and sequence number of a receipt."""

_BY_HOLDER = Lookup(
    select(table.c.guild_id, table.c.holder_id, table.c.seq, table.c.since_ms), (table.c.guild_id, table.c.holder_id)
)


def save(
    c: Connection,
    missed_keys: Collection[Key],
    shown_keys: Collection[Key],
    cursor_seqs: dict[int, int],
    now_ms: int,
    kept_ms: int,
) -> None:
    """Add missed receipts, remove those that were shown, and move each guild's cursor.

    When any are added, receipts that were missed more than `kept_ms` ago are deleted.
    """
    members = {(guild_id, member_id) for guild_id, member_id, _ in (*missed_keys, *shown_keys)}
    holder_ids = holders.holder_ids(c, members)
    # Members who were erased in the meantime get no reply.
    _add(c, [(key[0], holder_ids[key[:2]], key[2]) for key in missed_keys if key[:2] in holder_ids], now_ms)
    for guild_id, member_id, seq in shown_keys:
        if (holder_id := holder_ids.get((guild_id, member_id))) is not None:
            same = (table.c.guild_id == guild_id, table.c.holder_id == holder_id, table.c.seq == seq)
            c.execute(delete(table).where(*same))
    for guild_id, seq in cursor_seqs.items():
        cursors.advance(c, guild_id, FOLLOWER, seq)
    if missed_keys:
        c.execute(delete(table).where(table.c.since_ms < now_ms - kept_ms))


def behind(c: Connection) -> list[tuple[int, int | None]]:
    """Return the guilds with transactions whose replies may not have been shown, as (guild id, cursor) each.

    The cursor is None if the guild has none yet. Then nobody is waiting for a reply to anything in its journal.
    """
    same = and_(cursor_table.c.guild_id == heads.c.guild_id, cursor_table.c.follower == FOLLOWER)
    query = select(heads.c.guild_id, cursor_table.c.seq).select_from(heads.outerjoin(cursor_table, same))
    is_ahead = or_(cursor_table.c.seq.is_(None), heads.c.seq > cursor_table.c.seq)
    return [(guild_id, seq) for guild_id, seq in c.execute(query.where(is_ahead).order_by(heads.c.guild_id))]


def recover(c: Connection, guilds: Collection[tuple[int, int | None]], now_ms: int) -> int:
    """Store receipts that may not have been shown in `guilds`, as `behind` returns them, as missed; return how many."""
    count = 0
    for guild_id, cursor in guilds:
        head = journal.head(c, guild_id).seq
        rows = select(journal_table.c.guild_id, journal_table.c.actor, journal_table.c.seq).where(
            journal_table.c.guild_id == guild_id,
            journal_table.c.seq > (head if cursor is None else cursor),
            journal_table.c.kind.in_(_ANSWERED),
        )
        count += _add(c, [(guild, holder, seq) for guild, holder, seq in c.execute(rows)], now_ms)
        cursors.advance(c, guild_id, FOLLOWER, head)
    return count


def _add(c: Connection, rows: Iterable[Key], now_ms: int) -> int:
    """Add rows of (guild id, holder id, sequence number) unless they exist; return how many were added."""
    return sum(
        insert_new(c, table, {"guild_id": guild_id, "holder_id": holder, "seq": seq, "since_ms": now_ms})
        for guild_id, holder, seq in rows
    )


def everything(c: Connection) -> list[Key]:
    """Return every missed receipt of members who have not been erased."""
    same = and_(holder_table.c.guild_id == table.c.guild_id, holder_table.c.holder_id == table.c.holder_id)
    query = select(table.c.guild_id, holder_table.c.user_id, table.c.seq).join(holder_table, same)
    return [(guild_id, user_id, seq) for guild_id, user_id, seq in c.execute(query) if user_id]


def receipts(c: Connection, guild_id: int, seqs: Collection[int]) -> list[Receipt]:
    """Return the transactions with the sequence numbers `seqs`, oldest first."""
    return sorted(journal.receipts_with(c, guild_id, seqs), key=lambda receipt: receipt.seq)


def gifts_of(c: Connection, owners: Collection[tuple[int, int]]) -> dict[tuple[int, int], tuple[MissedGift, ...]]:
    """Return the gifts whose receipts `owners`, (guild id, holder id) each, have missed. Most owners have none."""
    rows = _BY_HOLDER.rows(c, owners)
    since_ms = {(guild_id, seq): at_ms for guild_id, _, seq, at_ms in rows}
    gifts: dict[tuple[int, int], tuple[MissedGift, ...]] = {}
    for row in journal.rows_with(c, list(since_ms)):
        if row.kind == SendGift.kind:
            facts = gift_facts(row)
            gift = MissedGift(row.seq, facts["creator"], facts["item"], facts["count"], since_ms[row.guild_id, row.seq])
            owner = (row.guild_id, row.actor)
            gifts[owner] = (*gifts.get(owner, ()), gift)
    return gifts


def _load(c: Connection, commands: Sequence[Any], books: Books, cache: BatchCache) -> None:
    # Only senders who may be asked for confirmation are looked up: all others may repeat a gift.
    senders = {(command.guild_id, command.sender_id) for command in commands if command.asks_first}
    books.missed = cache.look_up(
        c, "missed", {(guild_id, books.holders[guild_id, sender_id]) for guild_id, sender_id in senders}, gifts_of
    )


register("missed", _load)
