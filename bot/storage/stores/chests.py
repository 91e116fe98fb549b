"""The store of chests, in which sponsors share promo coins out."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, func, select, update
from sqlalchemy import insert as insert_into

from bot.domain.accounts import AccountKind
from bot.domain.chest_deadlines import chest_of
from bot.domain.chests import Chest
from bot.domain.ledger.books import Books
from bot.domain.ledger.chest import ChestChanged, ChestOpened, OpenChest, ReturnChest, TakeShare
from bot.storage.ledger.batch_cache import BatchCache
from bot.storage.ledger.journal import fact_of
from bot.storage.ledger.projections import register
from bot.storage.sql.chest_tables import OPEN_CHEST
from bot.storage.sql.chest_tables import chests as table
from bot.storage.sql.rows import columns_of, values_of
from bot.storage.sql.statements import Lookup
from bot.storage.sql.tables import balances, journal
from bot.storage.stores import deadlines

_SELECT = select(*columns_of(table, Chest))
_BY_ID = Lookup(_SELECT, (table.c.guild_id, table.c.chest_id))
_OPEN = Lookup(_SELECT.where(OPEN_CHEST), (table.c.guild_id, table.c.sponsor))


def chest(c: Connection, guild_id: int, chest_id: int) -> Chest | None:
    """Return a chest of a guild, None if there is none."""
    return _chests(c, [(guild_id, chest_id)]).get((guild_id, chest_id))


def open_of(c: Connection, guild_id: int, sponsor: int) -> Chest | None:
    """Return the chest that a sponsor (a holder) has open, None if there is none."""
    return next((Chest(*row) for row in _OPEN.rows(c, [(guild_id, sponsor)])), None)


def open_in(c: Connection, guild_id: int, most: int) -> list[Chest]:
    """Return the open chests of a guild, newest first, up to a number of them."""
    query = _SELECT.where(table.c.guild_id == guild_id, OPEN_CHEST).order_by(table.c.chest_id.desc())
    return [Chest(*row) for row in c.execute(query.limit(most))]


def message_of(c: Connection, guild_id: int, chest_id: int) -> int | None:
    """Return the message that shows a chest, None before it was posted."""
    return c.execute(select(table.c.message_id).where(*_same(guild_id, chest_id))).scalar_one_or_none()


def save_message(c: Connection, guild_id: int, chest_id: int, message_id: int) -> None:
    """Save the message that shows a chest."""
    c.execute(update(table).where(*_same(guild_id, chest_id)).values(message_id=message_id))


def _same(guild_id: int, chest_id: int) -> tuple[Any, Any]:
    return table.c.guild_id == guild_id, table.c.chest_id == chest_id


def _chests(c: Connection, ids: Collection[tuple[int, int]]) -> dict[tuple[int, int], Chest]:
    return {(chest.guild_id, chest.chest_id): chest for chest in [Chest(*row) for row in _BY_ID.rows(c, ids)]}


def _load(c: Connection, commands: Sequence[Any], books: Books, _cache: BatchCache) -> None:
    openings = [command for command in commands if command.kind == OpenChest.kind]
    sponsors = {(command.guild_id, books.holders[command.guild_id, command.member_id]) for command in openings}
    ids = {(command.guild_id, command.chest_id) for command in commands if command.kind != OpenChest.kind}
    books.chests = _chests(c, ids)
    books.open_chests = {(row[0], chest.sponsor): chest for row in _OPEN.rows(c, sponsors) for chest in [Chest(*row)]}


def _save_opened(c: Connection, effects: Sequence[tuple[int, ChestOpened]], books: Books) -> None:
    for guild_id, effect in effects:
        c.execute(insert_into(table).values(values_of(books.chests[guild_id, effect.chest.chest_id])))
        deadlines.put(c, chest_of(guild_id, effect.chest.chest_id))


def _save_changed(c: Connection, effects: Sequence[tuple[int, ChestChanged]], books: Books) -> None:
    for guild_id, chest_id in {(guild_id, effect.chest_id) for guild_id, effect in effects}:
        now = books.chests[guild_id, chest_id]
        values = {"taken": now.taken, "closed_seq": now.closed_seq}
        c.execute(update(table).where(*_same(guild_id, chest_id)).values(values))
        deadlines.put(c, chest_of(guild_id, chest_id))


def _check(c: Connection, guild_id: int) -> Iterator[tuple[int, str]]:
    """Check the chests against the journal, and what is in them against the accounts."""
    openings, ends = _openings(c, guild_id), _returns(c, guild_id)
    shares = _shares(c, guild_id)
    reserved = 0
    for entry in [Chest(*row) for row in c.execute(_SELECT.where(table.c.guild_id == guild_id))]:
        number = entry.chest_id
        terms = entry.sponsor, entry.share, entry.shares, entry.until_ms
        if openings.pop(number, None) != terms:
            yield number, "its chest is not the one that the journal says was opened"
        taken, last_seq = shares.pop(number, (0, 0))
        if taken != entry.taken:
            yield number, f"of its chest {entry.taken} shares were taken, the journal says {taken}"
        end_seq = ends.pop(number, last_seq if taken == entry.shares else 0)
        if end_seq != entry.closed_seq:
            yield number, f"its chest was closed by row {entry.closed_seq}, the journal says {end_seq}"
        reserved += entry.reserved
    for number in (*openings, *ends, *shares):
        yield number, "its chest is missing"
    query = select(func.coalesce(func.sum(balances.c.amount), 0)).where(
        balances.c.guild_id == guild_id, balances.c.kind == AccountKind.CHEST.value
    )
    if (coins := int(c.execute(query).scalar_one())) != reserved:
        yield 0, f"chest holds {coins}, the chests have {reserved}"


def _openings(c: Connection, guild_id: int) -> dict[int, tuple[int, ...]]:
    """Return the sponsor, share, shares and end of each chest in the journal, by its row."""
    query = select(journal.c.seq, journal.c.actor, fact_of("share"), fact_of("shares"), fact_of("until_ms"))
    rows = c.execute(query.where(journal.c.guild_id == guild_id, journal.c.kind == OpenChest.kind))
    return {seq: (sponsor, int(share), int(shares), int(until_ms)) for seq, sponsor, share, shares, until_ms in rows}


def _shares(c: Connection, guild_id: int) -> dict[int, tuple[int, int]]:
    """Return how many shares of each chest the journal says were taken, and the row of the last."""
    of = fact_of("chest")
    query = select(of, func.count(), func.max(journal.c.seq)).where(
        journal.c.guild_id == guild_id, journal.c.kind == TakeShare.kind
    )
    return {int(chest_id): (count, seq) for chest_id, count, seq in c.execute(query.group_by(of))}


def _returns(c: Connection, guild_id: int) -> dict[int, int]:
    """Return the row with which the rest of each chest went back."""
    query = select(fact_of("chest"), journal.c.seq).where(
        journal.c.guild_id == guild_id, journal.c.kind == ReturnChest.kind
    )
    return {int(chest_id): seq for chest_id, seq in c.execute(query)}


register("chests", _load, saves={ChestOpened: _save_opened, ChestChanged: _save_changed}, check=_check)
