"""Thanks: read from the fans' lines of a creator's own leaderboard, less what the creator has thanked for.

Nothing is written when a gift is sent: a line knows its sums and its last gift, and a row of `thanks` what they were
when the creator said thank you.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, select, update
from sqlalchemy import insert as insert_into

from bot.domain.standings import Board
from bot.domain.thanks import ThankYou, Unthanked
from bot.storage import holders
from bot.storage.live_tables import UNSENT, thank_yous
from bot.storage.live_tables import thanks as table
from bot.storage.rows import columns_of, values_of
from bot.storage.statements import InsertMany
from bot.storage.tables import entries, journal, ladders, notes
from bot.storage.tables import standings as lines

NOTES = 3
"""Messages that are shown of one member."""

_LOOKED_AT = 50

_ANONYMOUS = case((ladders.c.board == Board.ANONYMOUS.value, 1), else_=0)
_LADDER = and_(lines.c.guild_id == ladders.c.guild_id, lines.c.ladder == ladders.c.ladder)
_THANKED = and_(
    table.c.guild_id == lines.c.guild_id,
    table.c.creator == ladders.c.scope,
    table.c.sender == lines.c.subject,
    table.c.anonymous == _ANONYMOUS,
)
_BEFORE = func.coalesce(table.c.seq, 0)
_THANK = InsertMany(
    tuple(table.c),
    update=lambda new: {
        "seq": new.seq,
        "coins": table.c.coins + new.coins,
        "pieces": table.c.pieces + new.pieces,
    },
)


def unthanked(c: Connection, guild_id: int, creator_id: int, limit: int | None = None) -> list[Unthanked]:
    """Return what a creator has not thanked for, the newest gift first, without its notes."""
    creator = holders.holder_id(c, guild_id, creator_id)
    coins = lines.c.coins - func.coalesce(table.c.coins, 0)
    pieces = lines.c.pieces - func.coalesce(table.c.pieces, 0)
    query = _pending(guild_id, creator, lines.c.subject, _ANONYMOUS, coins, pieces, lines.c.last_seq)
    rows: Sequence[Any] = c.execute(query.order_by(lines.c.last_seq.desc()).limit(limit)).all()
    members = holders.member_ids(c, guild_id, {row[0] for row in rows})
    return [
        Unthanked(sender, members.get(sender, 0), bool(hidden), given, count, last_seq)
        for sender, hidden, given, count, last_seq in rows
    ]


def waiting(c: Connection, guild_id: int, creator_id: int) -> tuple[int, int, int]:
    """Return how many wait for a creator's thanks, and what they gave: members, pieces, coins."""
    pieces = func.coalesce(func.sum(lines.c.pieces - func.coalesce(table.c.pieces, 0)), 0)
    coins = func.coalesce(func.sum(lines.c.coins - func.coalesce(table.c.coins, 0)), 0)
    query = _pending(guild_id, holders.holder_id(c, guild_id, creator_id), func.count(), pieces, coins)
    row: Any = c.execute(query).one()
    return row[0], int(row[1]), int(row[2])


def notes_of(c: Connection, guild_id: int, creator_id: int, entry: Unthanked) -> tuple[str, ...]:
    """Return the newest messages that came with what `entry` sums up, the newest first."""
    creator = holders.holder_id(c, guild_id, creator_id)
    query = (
        select(notes.c.text, journal.c.body)
        .join(journal, and_(journal.c.guild_id == notes.c.guild_id, journal.c.seq == notes.c.seq))
        .where(
            notes.c.guild_id == guild_id,
            # Two entries of one transaction, promo and paid, must not bring it twice.
            notes.c.seq.in_(
                select(entries.c.seq)
                .where(
                    entries.c.guild_id == guild_id,
                    entries.c.owner == entry.sender,
                    entries.c.seq > _thanked_seq(c, guild_id, creator, entry),
                )
                .order_by(entries.c.seq.desc())
                .limit(_LOOKED_AT)
            ),
            journal.c.kind == "gift",
        )
        .order_by(notes.c.seq.desc())
    )
    hidden = f'"anonymous":{"true" if entry.anonymous else "false"}'
    texts = [row.text for row in c.execute(query) if f'"creator":{creator},' in row.body and hidden in row.body]
    return tuple(texts[:NOTES])


def thank(c: Connection, guild_id: int, creator_id: int, thanked: Sequence[Unthanked]) -> None:
    """Note that a creator thanked for what each entry sums up, and for all that its member gave before."""
    creator = holders.holder_id(c, guild_id, creator_id)
    _THANK.run(
        c,
        [
            (guild_id, creator, entry.sender, int(entry.anonymous), entry.last_seq, entry.coins, entry.pieces)
            for entry in thanked
        ],
    )


def insert(c: Connection, made: ThankYou) -> None:
    """Keep a thank-you until it is sent."""
    c.execute(insert_into(thank_yous).values({**values_of(made), "senders": _joined(made.senders), "sent_ms": None}))


def made(c: Connection, guild_id: int, thanks_id: int) -> ThankYou | None:
    """Return one thank-you, sent or not."""
    where = (thank_yous.c.guild_id == guild_id, thank_yous.c.thanks_id == thanks_id)
    row = c.execute(select(*columns_of(thank_yous, ThankYou)).where(*where)).one_or_none()
    return _thank_you(row) if row else None


def unsent(c: Connection) -> list[ThankYou]:
    """Return the thank-yous of all guilds that have not been sent, the oldest of each guild first."""
    query = select(*columns_of(thank_yous, ThankYou)).where(UNSENT)
    return [_thank_you(row) for row in c.execute(query.order_by(thank_yous.c.guild_id, thank_yous.c.thanks_id))]


def mark_sent(c: Connection, guild_id: int, thanks_id: int, now_ms: int) -> None:
    """Note that a thank-you was sent, or that it never can be."""
    same = (thank_yous.c.guild_id == guild_id, thank_yous.c.thanks_id == thanks_id)
    c.execute(update(thank_yous).where(*same).values(sent_ms=now_ms))


def _pending(guild_id: int, creator: int | None, *columns: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    """Return `columns` of the fans' lines that grew since the creator's thanks."""
    return (
        select(*columns)
        .select_from(ladders.join(lines, _LADDER).outerjoin(table, _THANKED))
        .where(
            ladders.c.guild_id == guild_id,
            ladders.c.board.in_([Board.GIFTERS.value, Board.ANONYMOUS.value]),
            ladders.c.scope == creator,
            ladders.c.event == 0,
            lines.c.last_seq > _BEFORE,
        )
    )


def _thanked_seq(c: Connection, guild_id: int, creator: int | None, entry: Unthanked) -> int:
    key = {"guild_id": guild_id, "creator": creator, "sender": entry.sender, "anonymous": int(entry.anonymous)}
    return c.execute(select(table.c.seq).filter_by(**key)).scalar_one_or_none() or 0


def _joined(senders: Sequence[int]) -> str:
    return ",".join(map(str, senders))


def _thank_you(row: Any) -> ThankYou:  # noqa: ANN401 - a row
    guild_id, thanks_id, channel_id, creator_id, senders, more, pieces, coins = row
    ids = tuple(int(sender) for sender in senders.split(",")) if senders else ()
    return ThankYou(guild_id, thanks_id, channel_id, creator_id, ids, more, pieces, coins)
