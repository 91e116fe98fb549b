"""The store of gifts that members pool for, and of what is reserved for them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from bot.domain.accounts import AccountKind
from bot.domain.chip_ins import CalledOff, Chip, ChipIn, ChipInState, chip_in_card_of, chip_in_of
from bot.domain.deadlines import DeadlineKind
from bot.domain.ledger.books import Books
from bot.domain.ledger.chips import ChipInChanged
from bot.domain.ledger.pool_gift import PoolSent
from bot.storage.ledger import heads, journal
from bot.storage.ledger.batch_cache import BatchCache
from bot.storage.ledger.projections import register
from bot.storage.sql.chip_in_tables import chip_ins as table
from bot.storage.sql.chip_in_tables import chips as chip_table
from bot.storage.sql.rows import columns_of, upsert, values_of
from bot.storage.sql.tables import balances
from bot.storage.stores import deadlines

_COLUMNS = columns_of(table, ChipIn)
_CHIP = (
    chip_table.c.seq,
    chip_table.c.holder_id,
    chip_table.c.paid,
    chip_table.c.promo,
    chip_table.c.is_test,
    chip_table.c.at_ms,
)
_STILL_ON = table.c.state.in_([ChipInState.OPEN.value, ChipInState.FULL.value, ChipInState.RETURNING.value])


def chip_in(c: Connection, guild_id: int, chip_in_id: int) -> ChipIn | None:
    """Return a chip-in, None if there is none with this id."""
    row = c.execute(select(*_COLUMNS).where(*_same(guild_id, chip_in_id))).one_or_none()
    return None if row is None else _chip_in(row)


def chips_of(c: Connection, guild_id: int, chip_in_id: int) -> tuple[Chip, ...]:
    """Return what is reserved for a chip-in, oldest first."""
    query = select(*_CHIP).where(chip_table.c.guild_id == guild_id, chip_table.c.chip_in_id == chip_in_id)
    return tuple(_chip(row) for row in c.execute(query.order_by(chip_table.c.seq)))


def open_chips_of(c: Connection, guild_id: int, holder: int) -> int:
    """Return in how many chip-ins coins of a member are reserved."""
    query = select(func.count(chip_table.c.chip_in_id.distinct()))
    return c.execute(query.where(chip_table.c.guild_id == guild_id, chip_table.c.holder_id == holder)).scalar_one()


def call_off(c: Connection, guild_id: int, chip_in_id: int, why: CalledOff) -> None:
    """End a chip-in, whose coins are then to be returned."""
    heads.lock(c, [guild_id])
    stored = chip_in(c, guild_id, chip_in_id)
    if stored is not None and stored.state in {ChipInState.OPEN, ChipInState.FULL}:
        _save_one(c, stored.called_off(why))


def look_again(c: Connection, guild_id: int, *, creator_id: int | None = None, item_id: int | None = None) -> None:
    """Have chip-ins looked at: a creator may get no gifts any more, or an item may not be sent any more."""
    query = select(table.c.chip_in_id).where(table.c.guild_id == guild_id, _STILL_ON)
    if creator_id is not None:
        query = query.where(table.c.creator_id == creator_id)
    if item_id is not None:
        query = query.where(table.c.item_id == item_id)
    deadlines.put(c, *(chip_in_of(guild_id, each, 0) for each in c.execute(query).scalars()))


def save_message(c: Connection, guild_id: int, chip_in_id: int, message_id: int) -> None:
    """Save the message that shows a chip-in."""
    c.execute(update(table).where(*_same(guild_id, chip_in_id)).values(message_id=message_id))


def _same(guild_id: int, chip_in_id: int) -> tuple[Any, Any]:
    return table.c.guild_id == guild_id, table.c.chip_in_id == chip_in_id


def _chip_in(row: Any) -> ChipIn:  # noqa: ANN401 - a row
    stored = ChipIn(*row)
    return replace(stored, state=ChipInState(stored.state), why=CalledOff(stored.why))


def _chip(row: Any) -> Chip:  # noqa: ANN401 - a row
    seq, holder, paid, promo, is_test, at_ms = row
    return Chip(seq, holder, paid, promo, bool(is_test), at_ms)


def _load(c: Connection, commands: Sequence[Any], books: Books, _cache: BatchCache) -> None:
    for key in {(command.guild_id, command.chip_in_id) for command in commands}:
        stored = chip_in(c, *key)
        if stored is not None:
            books.chip_ins[key], books.chips[key] = stored, chips_of(c, *key)
    places = {(command.guild_id, command.channel_id) for command in commands if command.channel_id}
    for guild_id, channel_id in places:
        query = select(table.c.creator_id, table.c.chip_in_id)
        query = query.where(table.c.guild_id == guild_id, table.c.channel_id == channel_id, _STILL_ON)
        for creator_id, chip_in_id in c.execute(query):
            books.open_chip_ins[guild_id, channel_id, creator_id] = chip_in_id


def _save(c: Connection, effects: Sequence[tuple[int, ChipInChanged]], books: Books) -> None:
    added, removed = Counter[tuple[int, int, Chip]](), Counter[tuple[int, int, Chip]]()
    for guild_id, effect in effects:
        for counter, chip in ((added, effect.added), (removed, effect.removed)):
            if chip is not None:
                counter[guild_id, effect.chip_in.chip_in_id, chip] += 1
    for guild_id, chip_in_id in {(guild_id, effect.chip_in.chip_in_id) for guild_id, effect in effects}:
        _save_one(c, books.chip_ins[guild_id, chip_in_id])
    rows = [
        {
            "guild_id": guild_id,
            "chip_in_id": chip_in_id,
            "seq": chip.seq,
            "holder_id": chip.holder,
            "paid": chip.paid,
            "promo": chip.promo,
            "is_test": int(chip.is_test),
            "at_ms": chip.at_ms,
        }
        for guild_id, chip_in_id, chip in added - removed
    ]
    if rows:
        c.execute(insert(chip_table), rows)
    for guild_id, _, chip in removed:
        c.execute(delete(chip_table).where(chip_table.c.guild_id == guild_id, chip_table.c.seq == chip.seq))


def _save_sent(c: Connection, effects: Sequence[tuple[int, PoolSent]], books: Books) -> None:
    for guild_id, effect in effects:
        chip_in_id = effect.chip_in.chip_in_id
        _save_one(c, books.chip_ins[guild_id, chip_in_id])
        c.execute(delete(chip_table).where(chip_table.c.guild_id == guild_id, chip_table.c.chip_in_id == chip_in_id))


def _save_one(c: Connection, changed: ChipIn) -> None:
    """Save a chip-in, when it is to be looked at, and that its message is to be edited."""
    values = values_of(changed)
    # Only who posts the message knows it.
    del values["message_id"]
    upsert(c, table, values | {"state": changed.state.value, "why": changed.why.value})
    guild_id, chip_in_id = changed.guild_id, changed.chip_in_id
    deadlines.put(c, chip_in_card_of(guild_id, chip_in_id))
    if changed.is_over:
        deadlines.clear(c, guild_id, DeadlineKind.CHIP_IN, chip_in_id)
    else:
        deadlines.put(c, chip_in_of(guild_id, chip_in_id, changed.ends_ms if changed.state is ChipInState.OPEN else 0))


def _check(c: Connection, guild_id: int) -> Iterator[tuple[int, str]]:
    """Check what is reserved against the balances, which the audit recounts, and against the rows of the chips."""
    stored = c.execute(select(chip_table.c.chip_in_id, *_CHIP).where(chip_table.c.guild_id == guild_id)).all()
    collected, held = Counter[int](), Counter[tuple[int, str]]()
    for chip_in_id, *fields in stored:
        chip = _chip(fields)
        collected[chip_in_id] += chip.coins
        held[chip.holder, (AccountKind.TEST_CHIPS if chip.is_test else AccountKind.CHIPS).value] += chip.paid
        held[chip.holder, AccountKind.PROMO_CHIPS.value] += chip.promo
        yield from _check_row(c, guild_id, chip_in_id, chip)
    sums = select(table.c.chip_in_id, table.c.collected).where(table.c.guild_id == guild_id)
    for chip_in_id, coins in c.execute(sums.order_by(table.c.chip_in_id)):
        if coins != collected[chip_in_id]:
            yield 0, f"chip-in {chip_in_id} says that {coins} coins are reserved, its chips add up to something else"
    kinds = [kind.value for kind in (AccountKind.CHIPS, AccountKind.PROMO_CHIPS, AccountKind.TEST_CHIPS)]
    accounts = select(balances.c.owner, balances.c.kind, balances.c.amount).where(
        balances.c.guild_id == guild_id, balances.c.kind.in_(kinds)
    )
    booked = {(owner, kind): amount for owner, kind, amount in c.execute(accounts) if amount}
    if booked != +held:
        yield 0, f"{sum(booked.values())} coins are reserved for gifts, the chips are {sum(held.values())}"


def _check_row(c: Connection, guild_id: int, chip_in_id: int, chip: Chip) -> Iterator[tuple[int, str]]:
    for row in journal.rows_with(c, [(guild_id, chip.seq)]):
        facts = row.facts
        if (row.actor, facts.get("chip_in"), facts["paid"], facts["promo"]) != (
            chip.holder,
            chip_in_id,
            chip.paid,
            chip.promo,
        ):
            yield chip.seq, "its chip is not what its row says"


register("chip_ins", _load, saves={ChipInChanged: _save, PoolSent: _save_sent}, check=_check)
