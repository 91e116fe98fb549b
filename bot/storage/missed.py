"""Receipts that their members have not been shown: the reply was lost, or the process died before it."""

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, and_, delete, or_, select

from bot.domain.books import MissedGift
from bot.domain.receipts import Receipt
from bot.storage import cursors, holders, journal
from bot.storage.rows import insert_new
from bot.storage.statements import Lookup
from bot.storage.tables import cursors as cursor_table
from bot.storage.tables import heads
from bot.storage.tables import holders as holder_table
from bot.storage.tables import journal as journal_table
from bot.storage.tables import missed_receipts as table

FOLLOWER = "replies"
"""The cursor up to which every reply has been shown, or its receipt is missed."""

ANSWERED = ("gift", "grant")
"""The kinds of transactions that their actor gets a reply about; of paid orders the payment itself reminds us."""

Key = tuple[int, int, int]
"""Guild id, member id and sequence number of a receipt."""

_OF_HOLDERS = Lookup(
    select(table.c.guild_id, table.c.holder_id, table.c.seq, table.c.since_ms), (table.c.guild_id, table.c.holder_id)
)


def save(
    c: Connection, missed: Collection[Key], shown: Collection[Key], upto: dict[int, int], now_ms: int, kept_ms: int
) -> None:
    """Add what was missed, remove what was `shown`, and move each guild's cursor (`upto`).

    What has been missed for `kept_ms` is forgotten.
    """
    members = {(guild_id, member_id) for guild_id, member_id, _ in (*missed, *shown)}
    known = holders.holder_ids(c, members)
    # Whoever was erased in between gets no reply any more.
    _add(c, [(key[0], known[key[:2]], key[2]) for key in missed if key[:2] in known], now_ms)
    for guild_id, member_id, seq in shown:
        if (holder := known.get((guild_id, member_id))) is not None:
            same = (table.c.guild_id == guild_id, table.c.holder_id == holder, table.c.seq == seq)
            c.execute(delete(table).where(*same))
    for guild_id, seq in upto.items():
        cursors.advance(c, guild_id, FOLLOWER, seq)
    if missed:
        c.execute(delete(table).where(table.c.since_ms < now_ms - kept_ms))


def behind(c: Connection) -> list[tuple[int, int | None]]:
    """Return the guilds with transactions whose replies may not have been shown, and their cursors: None if a guild has
    none yet, and nobody waits for what is older."""
    same = and_(cursor_table.c.guild_id == heads.c.guild_id, cursor_table.c.follower == FOLLOWER)
    query = select(heads.c.guild_id, cursor_table.c.seq).select_from(heads.outerjoin(cursor_table, same))
    ahead = or_(cursor_table.c.seq.is_(None), heads.c.seq > cursor_table.c.seq)
    return [(guild_id, seq) for guild_id, seq in c.execute(query.where(ahead).order_by(heads.c.guild_id))]


def recover(c: Connection, guilds: Collection[tuple[int, int | None]], now_ms: int) -> int:
    """Note as missed what may not have been shown in `guilds`, as `behind` returns them; return how many receipts."""
    count = 0
    for guild_id, cursor in guilds:
        head = journal.head(c, guild_id).seq
        rows = select(journal_table.c.guild_id, journal_table.c.actor, journal_table.c.seq).where(
            journal_table.c.guild_id == guild_id,
            journal_table.c.seq > (head if cursor is None else cursor),
            journal_table.c.kind.in_(ANSWERED),
        )
        count += _add(c, [(guild, holder, seq) for guild, holder, seq in c.execute(rows)], now_ms)
        cursors.advance(c, guild_id, FOLLOWER, head)
    return count


def _add(c: Connection, rows: Iterable[Key], now_ms: int) -> int:
    """Add rows of guild id, holder id and sequence number that are not there; return how many those are."""
    return sum(
        insert_new(c, table, {"guild_id": guild_id, "holder_id": holder, "seq": seq, "since_ms": now_ms})
        for guild_id, holder, seq in rows
    )


def everything(c: Connection) -> list[Key]:
    """Return every receipt that is missed by somebody who has not been erased."""
    same = and_(holder_table.c.guild_id == table.c.guild_id, holder_table.c.holder_id == table.c.holder_id)
    query = select(table.c.guild_id, holder_table.c.user_id, table.c.seq).join(holder_table, same)
    return [(guild_id, user_id, seq) for guild_id, user_id, seq in c.execute(query) if user_id]


def receipts(c: Connection, guild_id: int, seqs: Collection[int]) -> list[Receipt]:
    """Return these transactions, oldest first."""
    return sorted(journal.receipts_with(c, guild_id, seqs), key=lambda receipt: receipt.seq)


def gifts_of(c: Connection, owners: Collection[tuple[int, int]]) -> dict[tuple[int, int], tuple[MissedGift, ...]]:
    """Return the gifts whose receipts are missed by `owners`, (guild id, holder id) each; most have none."""
    rows = _OF_HOLDERS.rows(c, owners)
    since = {(guild_id, seq): at_ms for guild_id, _, seq, at_ms in rows}
    gifts: dict[tuple[int, int], tuple[MissedGift, ...]] = {}
    for row in journal.rows_with(c, list(since)):
        if row.kind == "gift":
            facts = row.facts
            gift = MissedGift(row.seq, facts["creator"], facts["item"], facts["count"], since[row.guild_id, row.seq])
            owner = (row.guild_id, row.actor)
            gifts[owner] = (*gifts.get(owner, ()), gift)
    return gifts
