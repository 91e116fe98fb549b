"""The store of thanks: what fans gave a creator, minus what the creator has already thanked them for.

Sending a gift writes nothing here. The lines of the creator's own leaderboard have sums and the last gift of each fan,
and a row of `thanks` has their state at the creator's last thanks. Anonymous gifts are the sum of their whole board.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Select, and_, func, select, update
from sqlalchemy import insert as insert_into

from bot.domain.deadlines import thank_you_of
from bot.domain.leaderboards import Board
from bot.domain.thanks import HIDDEN, ThankYou, Unthanked
from bot.storage.ledger import holders
from bot.storage.ledger.journal import fact_of
from bot.storage.sql.live_tables import thank_yous
from bot.storage.sql.live_tables import thanks as table
from bot.storage.sql.rows import columns_of, values_of
from bot.storage.sql.statements import InsertMany
from bot.storage.sql.tables import journal, ladders, notes
from bot.storage.sql.tables import standings as lines
from bot.storage.stores import deadlines, reversals

NOTES = 3
"""Notes that are shown with one entry, at most."""

_NOTES_LOOKED_AT = 20_000
"""The guild's newest notes that are searched for those to one creator."""

_GIFTS_LOOKED_AT = 500
"""Gifts with notes to one creator that are read, at most."""

_SELECT = select(*columns_of(thank_yous, ThankYou))
_LADDER = and_(lines.c.guild_id == ladders.c.guild_id, lines.c.ladder == ladders.c.ladder)
_THANKED_SEQ = func.coalesce(table.c.seq, 0)
_UNTHANKED_COINS = lines.c.coins - func.coalesce(table.c.coins, 0)
_UNTHANKED_PIECES = lines.c.pieces - func.coalesce(table.c.pieces, 0)
_THANK = InsertMany(
    tuple(table.c),
    update=lambda new: {
        "seq": new.seq,
        "coins": table.c.coins + new.coins,
        "pieces": table.c.pieces + new.pieces,
    },
)


def unthanked(
    c: Connection, guild_id: int, creator_id: int, limit: int | None = None, *, offset: int = 0
) -> list[Unthanked]:
    """Return what a creator has not thanked members for, the most coins first, without notes."""
    creator = holders.holder_id(c, guild_id, creator_id)
    columns = (lines.c.subject, _UNTHANKED_COINS, _UNTHANKED_PIECES, lines.c.last_seq, _THANKED_SEQ)
    ordered = _select_fans(guild_id, creator, *columns).order_by(_UNTHANKED_COINS.desc(), lines.c.last_seq.desc())
    rows: Sequence[Any] = c.execute(ordered.limit(limit).offset(offset)).all()
    members = holders.member_ids(c, guild_id, {row[0] for row in rows})
    return [Unthanked(sender, members.get(sender, 0), *sums) for sender, *sums in rows]


def unthanked_anonymous(c: Connection, guild_id: int, creator_id: int) -> Unthanked | None:
    """Return the anonymous gifts that a creator has not thanked for, as one entry, None without any."""
    creator = holders.holder_id(c, guild_id, creator_id)
    same = and_(
        table.c.guild_id == ladders.c.guild_id,
        table.c.creator == ladders.c.scope,
        table.c.sender == HIDDEN,
        table.c.anonymous == 1,
    )
    coins = ladders.c.coins - func.coalesce(table.c.coins, 0)
    pieces = ladders.c.pieces - func.coalesce(table.c.pieces, 0)
    last = select(func.max(lines.c.last_seq)).where(_LADDER).scalar_subquery()
    query = select(coins, pieces, last, _THANKED_SEQ).select_from(ladders.outerjoin(table, same))
    row: Any = c.execute(query.where(*_on_board(guild_id, Board.ANONYMOUS, creator), coins > 0)).one_or_none()
    return Unthanked(None, 0, *row) if row else None


def waiting(c: Connection, guild_id: int, creator_id: int) -> int:
    """Return the number of members that a creator has not thanked. Anonymous senders are not counted."""
    query = _select_fans(guild_id, holders.holder_id(c, guild_id, creator_id), func.count())
    return c.execute(query).scalar_one()


def has_thanked(c: Connection, guild_id: int, creator_id: int) -> bool:
    """Return whether a creator has ever thanked for a gift."""
    creator = holders.holder_id(c, guild_id, creator_id)
    query = select(table.c.seq).where(table.c.guild_id == guild_id, table.c.creator == creator).limit(1)
    return c.execute(query).first() is not None


def with_notes(c: Connection, guild_id: int, creator_id: int, entries: Sequence[Unthanked]) -> list[Unthanked]:
    """Return `entries` with the newest notes that came with the gifts of each, newest first.

    A gift that was taken back as a whole takes its note along.

    Which gifts are read must not depend on who sent them. Otherwise a note that is missing from an entry would reveal
    something about anonymous senders.
    """
    creator = holders.holder_id(c, guild_id, creator_id)
    newest = (
        select(notes.c.guild_id, notes.c.seq, notes.c.text)
        .where(notes.c.guild_id == guild_id, notes.c.seq > min((entry.thanked_seq for entry in entries), default=0))
        .order_by(notes.c.seq.desc())
        .limit(_NOTES_LOOKED_AT)
        .subquery()
    )
    # Bodies are canonical JSON: sorted keys, no spaces. `creator` is never the last key, so the comma ends the number.
    query = (
        select(newest.c.seq, newest.c.text, journal.c.actor, journal.c.body)
        .join(journal, and_(journal.c.guild_id == newest.c.guild_id, journal.c.seq == newest.c.seq))
        .where(journal.c.kind == "gift", fact_of("creator") == creator)
        .order_by(newest.c.seq.desc())
        .limit(_GIFTS_LOOKED_AT)
    )
    rows = c.execute(query).all()
    undone_pieces = reversals.parts_of(c, [(guild_id, seq) for seq, *_ in rows])
    texts: dict[int | None, list[tuple[int, str]]] = {}
    for seq, text, actor, body in rows:
        facts = orjson.loads(body)
        if undone_pieces.get((guild_id, seq), 0) < facts["count"] and facts.get("counts", True):
            texts.setdefault(None if facts["anonymous"] else actor, []).append((seq, text))
    return [
        replace(
            entry,
            notes=tuple(text for seq, text in texts.get(entry.sender, ()) if seq > entry.thanked_seq)[:NOTES],
        )
        for entry in entries
    ]


def thank(c: Connection, guild_id: int, creator_id: int, entries: Sequence[Unthanked]) -> None:
    """Record that a creator thanked for the gifts of each entry, and so for all earlier ones of the same sender."""
    creator = holders.holder_id(c, guild_id, creator_id)
    _THANK.run(
        c,
        [(guild_id, creator, *_key(entry), entry.last_seq, entry.coins, entry.pieces) for entry in entries],
    )


def insert(c: Connection, thank_you: ThankYou) -> None:
    """Save a thank-you that is to be sent."""
    c.execute(
        insert_into(thank_yous).values({**values_of(thank_you), "senders": _joined(thank_you.senders), "sent_ms": None})
    )
    deadlines.put(c, thank_you_of(thank_you))


def thank_you(c: Connection, guild_id: int, thanks_id: int) -> ThankYou | None:
    """Return one thank-you, sent or not, None if there is none."""
    row = c.execute(_SELECT.where(*_same(guild_id, thanks_id))).one_or_none()
    return _thank_you(row) if row else None


def unsent(c: Connection, guild_id: int, thanks_id: int) -> ThankYou | None:
    """Return one thank-you that is to be sent, None if it was."""
    row = c.execute(_SELECT.where(*_same(guild_id, thanks_id), thank_yous.c.sent_ms.is_(None))).one_or_none()
    return _thank_you(row) if row else None


def mark_sent(c: Connection, guild_id: int, thanks_id: int, now_ms: int) -> None:
    """Record that a thank-you was sent, or never can be."""
    c.execute(update(thank_yous).where(*_same(guild_id, thanks_id)).values(sent_ms=now_ms))


def _same(guild_id: int, thanks_id: int) -> tuple[ColumnElement[bool], ...]:
    return thank_yous.c.guild_id == guild_id, thank_yous.c.thanks_id == thanks_id


def _select_fans(guild_id: int, creator: int | None, *columns: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
    """Return a query for `columns` of the fans' lines that grew since the creator's last thanks.

    A line whose new gifts were all taken back has not grown.
    """
    same = and_(
        table.c.guild_id == lines.c.guild_id,
        table.c.creator == ladders.c.scope,
        table.c.sender == lines.c.subject,
        table.c.anonymous == 0,
    )
    fan_lines = ladders.join(lines, _LADDER).outerjoin(table, same)
    return (
        select(*columns)
        .select_from(fan_lines)
        .where(*_on_board(guild_id, Board.GIFTERS, creator), lines.c.last_seq > _THANKED_SEQ, _UNTHANKED_COINS > 0)
    )


def _key(entry: Unthanked) -> tuple[int, int]:
    return (HIDDEN, 1) if entry.sender is None else (entry.sender, 0)


def _on_board(guild_id: int, board: Board, creator: int | None) -> tuple[ColumnElement[bool], ...]:
    return (
        ladders.c.guild_id == guild_id,
        ladders.c.board == board.value,
        ladders.c.scope == creator,
        ladders.c.event == 0,
    )


def _joined(senders: Sequence[int]) -> str:
    return ",".join(map(str, senders))


def _thank_you(row: Any) -> ThankYou:  # noqa: ANN401 - a row
    guild_id, thanks_id, channel_id, creator_id, senders, more, pieces, coins = row
    ids = tuple(int(sender) for sender in senders.split(",")) if senders else ()
    return ThankYou(guild_id, thanks_id, channel_id, creator_id, ids, more, pieces, coins)
