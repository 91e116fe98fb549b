"""The store of perks: what guilds offer, and what members, who are holders, have unlocked."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, insert, select, update

from bot.domain.deadlines import DeadlineKind
from bot.domain.ledger.books import Books
from bot.domain.ledger.perk import BuyPerk, PerkUnlocked
from bot.domain.ledger.perk_return import ReturnPerk, UnlockReversed
from bot.domain.notices import NoticeKind
from bot.domain.perk_deadlines import perk_delivery_of, perk_end_of, perk_tickets_of
from bot.domain.perks import (
    DELIVERY_MS,
    NOTHING,
    STANDING,
    TICKET_MS,
    TOLD_AFTER_MS,
    Holding,
    Perk,
    PerkKind,
    PerkWay,
    Restock,
    Unlock,
    UnlockState,
    with_one_more,
)
from bot.storage.ledger.batch_cache import BatchCache
from bot.storage.ledger.projections import register
from bot.storage.sql.perk_tables import OF_ROW, perk_files
from bot.storage.sql.perk_tables import perk_unlocks as unlock_table
from bot.storage.sql.perk_tables import perks as table
from bot.storage.sql.rows import columns_of, insert_new, upsert, values_of
from bot.storage.sql.statements import Lookup
from bot.storage.sql.tables import notices
from bot.storage.stores import deadlines, member_roles, perk_panels
from bot.storage.stores.perk_checks import check
from bot.storage.stores.perk_roles import of_role

_SELECT = select(*columns_of(table, Perk))
_BY_ID = Lookup(_SELECT, (table.c.guild_id, table.c.perk_id))
_SELECT_UNLOCKS = select(*columns_of(unlock_table, Unlock))
_UNLOCK = Lookup(_SELECT_UNLOCKS, (unlock_table.c.guild_id, unlock_table.c.unlock_id))
_OF_HOLDER = Lookup(_SELECT_UNLOCKS, (unlock_table.c.guild_id, unlock_table.c.holder, unlock_table.c.perk_id))

MOST_TAKEN = 1_000
"""Perks of one member that are looked through where the money for them went back, the newest."""

Place = tuple[int, int, int]
"""A guild, a holder and a perk."""


def perks(c: Connection, guild_id: int, *, archived: bool = False) -> list[Perk]:
    """Return a guild's perks, oldest first, archived ones only on request."""
    query = _SELECT.where(table.c.guild_id == guild_id).order_by(table.c.made_ms, table.c.perk_id)
    return [_perk(row) for row in c.execute(query if archived else query.where(table.c.archived == 0))]


def perk(c: Connection, guild_id: int, perk_id: int) -> Perk | None:
    """Return one perk, None if there is none."""
    return perks_of(c, [(guild_id, perk_id)]).get((guild_id, perk_id))


def perks_of(c: Connection, ids: Collection[tuple[int, int]]) -> dict[tuple[int, int], Perk]:
    """Return those of the perks `ids`, (guild id, perk id) each, that exist."""
    return {(perk.guild_id, perk.perk_id): perk for perk in map(_perk, _BY_ID.rows(c, {*ids}))}


def save(c: Connection, perk: Perk) -> None:
    """Save a perk. The guild must be locked."""
    upsert(c, table, _plain(values_of(perk)))


def file_of(c: Connection, guild_id: int, perk_id: int) -> bytes:
    """Return the content of a perk's file, nothing if it has none."""
    t = perk_files.c
    content = c.execute(select(t.content).where(t.guild_id == guild_id, t.perk_id == perk_id)).scalar_one_or_none()
    return bytes(content or b"")


def save_file(c: Connection, guild_id: int, perk_id: int, content: bytes) -> None:
    """Save the file of a perk."""
    upsert(c, perk_files, {"guild_id": guild_id, "perk_id": perk_id, "content": content})


def holdings_of(c: Connection, places: Collection[Place]) -> dict[Place, Holding]:
    """Return what holders have of perks, without places where that is nothing."""
    holdings: dict[Place, Holding] = {}
    for entry in map(unlock_in, _OF_HOLDER.rows(c, {*places})):
        place = entry.guild_id, entry.holder, entry.perk_id
        holding = holdings.get(place, NOTHING)
        if entry.state in STANDING:
            holdings[place] = with_one_more(holding, entry)
        elif entry.state is UnlockState.OVER:
            holdings[place] = holding._replace(times=holding.times + 1)
    return holdings


def unlock(c: Connection, guild_id: int, unlock_id: int) -> Unlock | None:
    """Return what was unlocked under a number, None if nothing was."""
    return next(map(unlock_in, _UNLOCK.rows(c, {(guild_id, unlock_id)})), None)


def bought(c: Connection, guild_id: int, row: int) -> Unlock | None:
    """Return what row `row` of the journal has bought, None if that is no perk."""
    same = (unlock_table.c.guild_id == guild_id, unlock_table.c.row == row, OF_ROW, unlock_table.c.coins > 0)
    return next((unlock_in(line) for line in c.execute(_SELECT_UNLOCKS.where(*same))), None)


def takeable(c: Connection, guild_id: int, holder: int) -> list[Unlock]:
    """Return what a member has bought and not lost, newest first, without shout-outs that are done."""
    entries = [entry for entry in unlocks_of(c, guild_id, holder, MOST_TAKEN) if entry.coins]
    by_id = perks_of(c, {(guild_id, entry.perk_id) for entry in entries})
    return [
        entry
        for entry in entries
        if entry.state is not UnlockState.DONE or by_id[guild_id, entry.perk_id].kind is not PerkKind.SHOUTOUT
    ]


def unlocks_of(c: Connection, guild_id: int, holder: int, most: int) -> list[Unlock]:
    """Return what a member has unlocked and not lost, newest first."""
    states = sorted(state.value for state in STANDING)
    query = _SELECT_UNLOCKS.where(
        unlock_table.c.guild_id == guild_id, unlock_table.c.holder == holder, unlock_table.c.state.in_(states)
    )
    rows = c.execute(query.order_by(unlock_table.c.at_ms.desc(), unlock_table.c.unlock_id.desc()).limit(most))
    return [unlock_in(row) for row in rows]


def lost(c: Connection, guild_id: int, holder: int) -> list[Unlock]:
    """Return what a member had bought and has their coins back for, oldest first."""
    theirs = (unlock_table.c.guild_id == guild_id, unlock_table.c.holder == holder, unlock_table.c.coins > 0)
    query = _SELECT_UNLOCKS.where(*theirs, unlock_table.c.state == UnlockState.REVERSED.value)
    return [unlock_in(row) for row in c.execute(query.order_by(unlock_table.c.at_ms, unlock_table.c.unlock_id))]


def holders_of(c: Connection, guild_id: int, perk_id: int) -> list[int]:
    """Return the members who have something of a perk."""
    states = sorted(state.value for state in STANDING)
    query = select(unlock_table.c.holder).where(
        unlock_table.c.guild_id == guild_id, unlock_table.c.perk_id == perk_id, unlock_table.c.state.in_(states)
    )
    return [*c.execute(query.distinct()).scalars()]


def add(c: Connection, perk: Perk, entry: Unlock) -> None:
    """Store what a member has unlocked, and set the deadlines of its delivery and its end. The guild must be locked."""
    c.execute(insert(unlock_table).values(_plain(values_of(entry))))
    if entry.state is UnlockState.OPEN:
        patience_ms = TICKET_MS if perk.kind is PerkKind.SHOUTOUT else DELIVERY_MS
        deadlines.put(c, perk_delivery_of(entry.guild_id, entry.unlock_id, entry.at_ms + patience_ms))
    if entry.state is UnlockState.OPEN and perk.kind is PerkKind.SHOUTOUT and perk.creator:
        values = {"guild_id": entry.guild_id, "holder_id": perk.creator, "kind": NoticeKind.TICKET.value}
        insert_new(c, notices, {**values, "number": entry.unlock_id, "since_ms": entry.at_ms})
    if entry.state is UnlockState.OPEN and perk.kind is PerkKind.SHOUTOUT and not perk.creator:
        deadlines.put_earliest(c, [perk_tickets_of(entry.guild_id, entry.at_ms + TOLD_AFTER_MS)])
    if entry.until_ms is not None:
        deadlines.put(c, perk_end_of(entry.guild_id, entry.unlock_id, entry.until_ms))
    if perk.gives_role:
        member_roles.check(c, entry.guild_id, [entry.holder], entry.at_ms)


def move(c: Connection, entry: Unlock, state: UnlockState, now_ms: int) -> Unlock:
    """Change the state of what was unlocked, and return it. The guild must be locked."""
    moved = replace(entry, state=state, changed_ms=now_ms)
    same = (unlock_table.c.guild_id == entry.guild_id, unlock_table.c.unlock_id == entry.unlock_id)
    c.execute(update(unlock_table).where(*same).values(state=state.value, changed_ms=now_ms))
    if state not in {UnlockState.OPEN, UnlockState.DOING}:
        deadlines.clear(c, entry.guild_id, DeadlineKind.PERK_DELIVERY, entry.unlock_id)
    return moved


def give_back(c: Connection, entry: Unlock, now_ms: int) -> None:
    """Note that something is a member's no more: it can be had by others, and its role is taken."""
    move(c, entry, UnlockState.REVERSED, now_ms)
    deadlines.clear(c, entry.guild_id, DeadlineKind.PERK_END, entry.unlock_id)
    take(c, entry.guild_id, entry.perk_id, -1)
    member_roles.check(c, entry.guild_id, [entry.holder], now_ms)


def take(c: Connection, guild_id: int, perk_id: int, count: int) -> None:
    """Take `count` pieces of a perk out of its stock, if it has one, or put them back if `count` is negative."""
    same = (table.c.guild_id == guild_id, table.c.perk_id == perk_id, table.c.stock.is_not(None))
    c.execute(update(table).where(*same).values(stock=table.c.stock - count))
    stock = c.execute(select(table.c.stock).where(*same)).scalar()
    # Panels say what is sold out, and not how many are left: a storm of presses is no storm of edits.
    if stock is not None and min(stock, stock + count) == 0:
        perk_panels.note_change(c, guild_id)


def fill_up(c: Connection, perk: Perk, next_ms: int) -> None:
    """Fill up the stock of a perk, which is filled up again at `next_ms`. The guild must be locked."""
    save(c, replace(perk, stock=max(perk.stock or 0, perk.restock_to or 0), restock_ms=next_ms))
    perk_panels.note_change(c, perk.guild_id)


def lose(c: Connection, guild_id: int, row: int, now_ms: int) -> None:
    """Take what a gift, which is row `row` of the journal, has unlocked: it was taken back as a whole.

    A shout-out that is done stays done.
    """
    query = _SELECT_UNLOCKS.where(
        unlock_table.c.guild_id == guild_id, unlock_table.c.row == row, OF_ROW, unlock_table.c.coins == 0
    )
    for entry in [unlock_in(line) for line in c.execute(query)]:
        perk_of_entry = perk(c, guild_id, entry.perk_id)
        is_shoutout = perk_of_entry is not None and perk_of_entry.kind is PerkKind.SHOUTOUT
        if entry.state in STANDING and not (is_shoutout and entry.state is UnlockState.DONE):
            give_back(c, entry, now_ms)


def note_delivered(c: Connection, guild_id: int, holder: int, role_ids: Collection[int], now_ms: int) -> None:
    """Note that a member has got roles that they had unlocked."""
    theirs = (
        unlock_table.c.guild_id == guild_id,
        unlock_table.c.holder == holder,
        unlock_table.c.state == UnlockState.OPEN.value,
        table.c.role_id.in_([*role_ids]),
    )
    query = select(*columns_of(unlock_table, Unlock)).where(*of_role(*theirs))
    for entry in [unlock_in(row) for row in c.execute(query)]:
        move(c, entry, UnlockState.DONE, now_ms)


def _perk(row: Any) -> Perk:  # noqa: ANN401 - a row
    entry = Perk(*row)
    restock = Restock(entry.restock) if entry.restock else None
    return replace(
        entry, kind=PerkKind(entry.kind), way=PerkWay(entry.way), restock=restock, archived=bool(entry.archived)
    )


def unlock_in(row: Any) -> Unlock:  # noqa: ANN401 - a row
    """Return what a row says was unlocked."""
    entry = Unlock(*row)
    return replace(entry, state=UnlockState(entry.state))


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Return values as drivers take them: plain texts and numbers."""
    return {name: _plain_value(value) for name, value in values.items()}


def _plain_value(value: Any) -> Any:  # noqa: ANN401 - whatever a row holds
    if isinstance(value, StrEnum):
        return value.value
    return int(value) if isinstance(value, bool) else value


def _load(c: Connection, commands: Sequence[BuyPerk], books: Books, _cache: BatchCache) -> None:
    books.perks = perks_of(c, {(command.guild_id, command.perk_id) for command in commands})
    places = {
        (command.guild_id, books.holders[command.guild_id, command.member_id], command.perk_id) for command in commands
    }
    books.holdings = holdings_of(c, places)


def _load_unlocks(c: Connection, commands: Sequence[ReturnPerk], books: Books, _cache: BatchCache) -> None:
    rows = _UNLOCK.rows(c, {(command.guild_id, command.unlock_id) for command in commands})
    books.unlocks = {(entry.guild_id, entry.unlock_id): entry for entry in map(unlock_in, rows)}


def _save_unlocked(c: Connection, effects: Sequence[tuple[int, PerkUnlocked]], books: Books) -> None:
    counts = Counter((guild_id, effect.unlock.perk_id) for guild_id, effect in effects)
    for (guild_id, perk_id), count in counts.items():
        take(c, guild_id, perk_id, count)
    for guild_id, effect in effects:
        add(c, books.perks[guild_id, effect.unlock.perk_id], effect.unlock)


def _save_reversed(c: Connection, effects: Sequence[tuple[int, UnlockReversed]], _books: Books) -> None:
    for _, effect in effects:
        give_back(c, effect.unlock, effect.unlock.changed_ms)


register("perks", _load, saves={PerkUnlocked: _save_unlocked}, check=check)
register("unlocks", _load_unlocks, saves={UnlockReversed: _save_reversed})
