"""The store of held earnings: what gifts can give back when their order is refunded, and what they gave back before."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, cast

import orjson
from sqlalchemy import Connection, and_, delete, or_, select

from bot.domain.accounts import REAL_COINS, Account, debt_of
from bot.domain.held_earnings import HeldGift, Loss, diamonds_left, losses_left
from bot.domain.holds import NEVER, source_of
from bot.domain.ledger.books import Books
from bot.domain.ledger.gift import GiftFacts, SendGift
from bot.domain.ledger.journal import JournalRow
from bot.domain.ledger.order import CreditOrder
from bot.domain.ledger.order import facts_of as order_facts
from bot.domain.ledger.reinstatement import Reinstate
from bot.domain.ledger.reversal import Reverse
from bot.domain.ledger.undoing import EarningsTaken, LossesOver, LossesSettled
from bot.domain.lots import unlisted
from bot.storage.folds.earnings import hold_rules, spans
from bot.storage.folds.earnings.lines import NAME as EARNINGS
from bot.storage.folds.uncounted import uncounted_rows
from bot.storage.ledger import cursors
from bot.storage.ledger.batch_cache import BatchCache
from bot.storage.ledger.journal import rows_with
from bot.storage.ledger.projections import register
from bot.storage.sql.flag_tables import flag_entries, flags
from bot.storage.sql.hold_tables import earnings_losses as table
from bot.storage.sql.hold_tables import lot_spans
from bot.storage.sql.statements import InsertMany, Lookup
from bot.storage.sql.tables import MEMBERS_OWN, balances, entries, journal
from bot.storage.stores import earnings_losses, pending_earnings, reversals
from bot.storage.stores.flags import IS_HOLDING

_INSERT = InsertMany((table.c.guild_id, table.c.gift, table.c.reversal, table.c.lot, table.c.diamonds))
_BALANCES = Lookup(
    select(balances.c.owner, balances.c.kind, balances.c.amount), (balances.c.guild_id, balances.c.owner)
)

_SPANS_AT_ONCE = 1_000
"""How many spans one query reads."""

_Gift = tuple[int, int, GiftFacts]
"""Row, time and facts of a gift."""


class _Pending(NamedTuple):
    """The unpaid earnings from one source that wait for a decision: those of single gifts by row, the others by creator
    and day."""

    of_gifts: Mapping[int, int]
    of_days: Counter[tuple[int, int]]


def held_gifts(c: Connection, order: JournalRow) -> tuple[HeldGift, ...]:
    """Return what gifts can give back of an order, newest first. Some of it may have been released by now."""
    guild_id, lot, facts = order.guild_id, order.seq, order_facts(order)
    gifts = [*_gifts_of(c, guild_id, lot, order.actor)]
    if not gifts:
        return ()
    keys = [(guild_id, seq) for seq, *_ in gifts]
    pieces, losses = reversals.parts_of(c, keys), earnings_losses.by_gift(c, keys)
    rules, source = hold_rules.rules(c, guild_id), source_of(facts["provider"], is_test=False)
    is_withheld, counted_seq = source in hold_rules.withheld(c), cursors.get(c, guild_id, EARNINGS)
    pending = _pending(c, guild_id, gifts, source, is_withheld=is_withheld)
    held: list[HeldGift] = []
    for seq, at_ms, gift in reversed(gifts):
        diamonds = diamonds_left(gift, lot, pieces.get((guild_id, seq), 0))
        diamonds -= sum(loss.diamonds for loss in losses.get((guild_id, seq), ()) if loss.lot == lot)
        until_day = rules.until_day(source, seq, at_ms)
        # Whatever still waits for its day is unpaid.
        if seq in pending.of_gifts:
            diamonds, until_day = min(diamonds, pending.of_gifts[seq]), NEVER
        elif is_withheld:
            # No payout can have taken a gift that is not counted yet: a payout counts everything first.
            day = gift["creator"], until_day
            diamonds = min(diamonds, pending.of_days[day]) if seq <= counted_seq else diamonds
            pending.of_days[day] -= diamonds
            until_day = NEVER
        if diamonds > 0:
            held.append(HeldGift(seq, gift["creator"], diamonds, gift["anonymous"], until_day))
    return tuple(held)


def _gifts_of(c: Connection, guild_id: int, lot: int, buyer: int) -> Iterator[_Gift]:
    """Yield the gifts that a lot has paid for, oldest first, without those whose earnings cannot be counted."""
    first_seq, last_seq, counted = spans.span_of(c, guild_id, lot)
    # The partial index serves only queries that repeat its condition, owner <> 0.
    query = (
        select(journal.c.seq, journal.c.at_ms, journal.c.body)
        .select_from(
            entries.join(journal, and_(journal.c.guild_id == entries.c.guild_id, journal.c.seq == entries.c.seq))
        )
        .where(
            entries.c.guild_id == guild_id,
            entries.c.owner == buyer,
            MEMBERS_OWN,
            entries.c.kind.in_([REAL_COINS.wallet.value, REAL_COINS.chips.value]),
            or_(entries.c.seq.between(first_seq, last_seq), entries.c.seq > max(counted, lot)),
            journal.c.kind == SendGift.kind,
            entries.c.seq.not_in(uncounted_rows(guild_id, EARNINGS)),
        )
        .order_by(entries.c.seq)
    )
    for seq, at_ms, body in c.execute(query):
        facts = cast("GiftFacts", orjson.loads(body))
        if any(taken_lot == lot for taken_lot, _ in facts.get("lots", ())):
            yield seq, at_ms, facts


def _pending(c: Connection, guild_id: int, gifts: Sequence[_Gift], source: str, *, is_withheld: bool) -> _Pending:
    """Return what waits for a flag, or for the operator if the source `is_withheld`, whatever else it waits for."""
    creators = {facts["creator"] for *_, facts in gifts}
    if not is_withheld:
        creators &= _flagged_creators(c, guild_id, gifts[0][0], gifts[-1][0])
    of_gifts: dict[int, int] = {}
    of_days = Counter[tuple[int, int]]()
    for creator in sorted(creators):
        for piece in pending_earnings.pieces(c, guild_id, creator):
            if piece.hold.source == source and piece.seq:
                of_gifts[piece.seq] = piece.hold.diamonds
            elif piece.hold.source == source:
                of_days[creator, piece.hold.until_day] += piece.hold.diamonds
    return _Pending(of_gifts, of_days)


def _flagged_creators(c: Connection, guild_id: int, first: int, last: int) -> set[int]:
    """Return the creators of the gifts in rows `first` to `last` that wait for a flag."""
    query = (
        select(flag_entries.c.creator)
        .join(flags, and_(flags.c.guild_id == flag_entries.c.guild_id, flags.c.flag_id == flag_entries.c.flag_id))
        .where(flag_entries.c.guild_id == guild_id, flag_entries.c.seq.between(first, last), IS_HOLDING)
    )
    return {*c.execute(query.distinct()).scalars()}


def _load_balances(c: Connection, guild_id: int, creators: Collection[int], books: Books) -> None:
    """Load what creators have earned and owe: commands cannot know whom they will take from."""
    # The guild is locked, or this is a preview.
    kinds = {account.kind.value: account.kind for account in (REAL_COINS.earnings_of(0), debt_of(0))}
    for owner, kind, amount in _BALANCES.rows(c, {(guild_id, creator) for creator in creators}):
        if kind in kinds:
            books.balances[guild_id, Account(kinds[kind], owner)] = amount


def _load_gifts(c: Connection, commands: Sequence[Reverse], books: Books, _cache: BatchCache) -> None:
    for command in commands:
        row = books.rows.get((command.guild_id, command.seq))
        if row is not None and row.kind == CreditOrder.kind and not order_facts(row)["test"]:
            gifts = books.held_gifts[row.guild_id, row.seq] = held_gifts(c, row)
            _load_balances(c, row.guild_id, {gift.creator for gift in gifts}, books)


def _load_losses(c: Connection, commands: Sequence[Reverse | Reinstate], books: Books, _cache: BatchCache) -> None:
    keys = {(command.guild_id, command.seq) for command in commands}
    rows = [row for key in keys if (row := books.rows.get(key)) is not None]
    gifts = [(row.guild_id, row.seq) for row in rows if row.kind == SendGift.kind]
    undone = [row for row in rows if row.kind == Reverse.kind and "from_gifts" in row.facts]
    books.losses = earnings_losses.by_gift(c, gifts)
    books.losses |= earnings_losses.by_reversal(c, [(row.guild_id, row.seq) for row in undone])
    for row in undone:
        _load_balances(c, row.guild_id, {creator for _, creator, *_ in row.facts["from_gifts"]}, books)


def _save_taken(c: Connection, effects: Sequence[tuple[int, EarningsTaken]], _books: Books) -> None:
    _INSERT.run(
        c,
        [
            (guild_id, gift.seq, effect.reversal, effect.lot, gift.diamonds)
            for guild_id, effect in effects
            for gift in effect.gifts
        ],
    )


def _save_settled(c: Connection, effects: Sequence[tuple[int, LossesSettled]], _books: Books) -> None:
    for guild_id, effect in effects:
        c.execute(delete(table).where(table.c.guild_id == guild_id, table.c.gift == effect.gift))
    _INSERT.run(c, [(guild_id, *loss) for guild_id, effect in effects for loss in effect.remainder])


def _save_over(c: Connection, effects: Sequence[tuple[int, LossesOver]], _books: Books) -> None:
    for guild_id, effect in effects:
        c.execute(delete(table).where(table.c.guild_id == guild_id, table.c.reversal == effect.reversal))


def _check(c: Connection, guild_id: int) -> Iterator[tuple[int, str]]:
    """Check what gifts have lost against the reversals and reinstatements in the journal."""
    stored: dict[tuple[int, int], tuple[int, int]] = {
        (gift, reversal): (lot, diamonds)
        for _, gift, reversal, lot, diamonds in c.execute(earnings_losses.LOSSES.where(table.c.guild_id == guild_id))
    }
    counted = _counted(c, guild_id)
    for (gift, reversal), loss in counted.items():
        if (stored_loss := stored.pop((gift, reversal), None)) != loss:
            yield gift, f"its loss to row {reversal} is {stored_loss}, the journal says {loss}"
    for gift, reversal in stored:
        yield gift, f"it has lost nothing to row {reversal}, the journal says"
    yield from _check_spans(c, guild_id)


def _check_spans(c: Connection, guild_id: int) -> Iterator[tuple[int, str]]:
    """Check that a gift stands at both ends of each span. The audit of the journal finds those that are outside."""
    query = select(lot_spans.c.lot, lot_spans.c.first_seq, lot_spans.c.last_seq)
    query = query.where(lot_spans.c.guild_id == guild_id).order_by(lot_spans.c.lot).limit(_SPANS_AT_ONCE)
    lot = -1
    while page := c.execute(query.where(lot_spans.c.lot > lot)).all():
        ends = {(guild_id, seq) for _, *span in page for seq in span}
        lots_by_seq = {row.seq: _lots_of(row) for row in rows_with(c, ends) if row.kind == SendGift.kind}
        for lot, *span in page:
            if not all(lot in lots_by_seq.get(seq, ()) for seq in span):
                yield lot, f"it did not pay for the gifts in rows {span}, which are noted as its first and last"


def _lots_of(row: JournalRow) -> set[int]:
    """Return the lots that a gift took from: none if its body cannot be read, which the audit says elsewhere."""
    try:
        return {lot for lot, _ in row.facts.get("lots", ())}
    except (ValueError, TypeError, AttributeError):
        return set()


def _counted(c: Connection, guild_id: int) -> Mapping[tuple[int, int], tuple[int, int]]:
    """Return the lot and the diamonds of each loss that is not settled, by gift and reversal."""
    query = select(journal.c.seq, journal.c.kind, journal.c.body).where(
        journal.c.guild_id == guild_id,
        journal.c.kind.in_([Reverse.kind, Reinstate.kind]),
        or_(*(journal.c.body.contains(f'"{name}"', autoescape=True) for name in ("from_gifts", "losses", "to_gifts"))),
    )
    losses: dict[int, tuple[Loss, ...]] = {}
    for seq, kind, body in c.execute(query.order_by(journal.c.seq)):
        try:
            facts: dict[str, Any] = orjson.loads(body)
        except ValueError:
            # The audit says so where it reads the journal.
            continue
        if kind == Reinstate.kind:
            for gift, *_ in facts["to_gifts"]:
                losses[gift] = tuple(loss for loss in losses.get(gift, ()) if loss.reversal != facts["undoes"])
        elif "losses" in facts:
            losses[facts["of"]] = losses_left(losses.get(facts["of"], ()), unlisted(facts["losses"]))
        else:
            for gift, _, diamonds, _ in facts["from_gifts"]:
                losses[gift] = (*losses.get(gift, ()), Loss(gift, seq, facts["of"], diamonds))
    of_all = (loss for of_gift in losses.values() for loss in of_gift)
    return {(loss.gift, loss.reversal): (loss.lot, loss.diamonds) for loss in of_all}


register("held_gifts", _load_gifts, saves={EarningsTaken: _save_taken})
register("losses", _load_losses, saves={LossesSettled: _save_settled, LossesOver: _save_over}, check=_check)
