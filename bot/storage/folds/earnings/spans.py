"""Find the gifts that an order has paid for: for each lot, the first and the last row of those that earned anything.

Coins are spent first in, first out, so what one order pays for lies close together: one pair of rows an order is
enough, and costs nothing per gift. A gift that is taken back refills its lots, and may stretch the span.
"""

from collections.abc import Collection, Sequence
from typing import cast

from sqlalchemy import Connection, and_, bindparam, delete, select

from bot.domain.holds import earns
from bot.domain.ledger.gift import GiftFacts, SendGift
from bot.storage.folds.fold import Fold, FoldRow
from bot.storage.sql.hold_tables import lot_spans
from bot.storage.sql.statements import InsertMany, Lookup, Query
from bot.storage.sql.tables import cursors

NAME = "fold:lots"
"""The name that is stored with its cursor."""

_STORED = Lookup(
    select(lot_spans.c.lot, lot_spans.c.first_seq, lot_spans.c.last_seq), (lot_spans.c.guild_id, lot_spans.c.lot)
)
# Rows are counted in order, so a span that there is begins before them.
_SAVE = InsertMany(tuple(lot_spans.c), update=lambda new: {"last_seq": new.last_seq})
# In one statement, because another process may start counting again between two.
_SPAN = Query(
    select(cursors.c.seq, lot_spans.c.first_seq, lot_spans.c.last_seq)
    .select_from(
        cursors.outerjoin(
            lot_spans, and_(lot_spans.c.guild_id == cursors.c.guild_id, lot_spans.c.lot == bindparam("lot"))
        )
    )
    .where(cursors.c.guild_id == bindparam("guild_id"), cursors.c.follower == NAME)
)


def fold(c: Connection, guild_id: int, rows: Sequence[FoldRow]) -> None:
    """Stretch the spans of the lots that gifts among `rows` took from."""
    spans: dict[int, tuple[int, int]] = {}
    for row in rows:
        if row.kind == SendGift.kind and "lots" in row.facts and earns(cast("GiftFacts", row.facts)):
            for lot, _ in row.facts["lots"]:
                spans[lot] = (spans[lot][0] if lot in spans else row.seq, row.seq)
    _SAVE.run(c, [(guild_id, lot, *span) for lot, span in spans.items()])


def stored(c: Connection, guild_id: int, lots: Collection[int]) -> dict[int, tuple[int, int]]:
    """Return the first and the last row for each of `lots`, without those that have paid for nothing."""
    keys = {(guild_id, lot) for lot in lots}
    return {lot: (first_seq, last_seq) for lot, first_seq, last_seq in _STORED.rows(c, keys)}


def span_of(c: Connection, guild_id: int, lot: int) -> tuple[int, int, int]:
    """Return the first and the last row of the gifts that a lot has paid for, and up to which row that is counted.

    The first two are 0 if there is none.
    """
    ((counted, first_seq, last_seq),) = _SPAN.rows(c, guild_id=guild_id, lot=lot) or [(0, None, None)]
    return first_seq or 0, last_seq or 0, counted


def is_astray(_c: Connection, _guild_id: int, _now_ms: int) -> bool:
    """Return False: the order of rows has nothing to do with what the clock said."""
    return False


def reset(c: Connection, guild_id: int, _now_ms: int) -> None:
    """Remove what is counted for a guild."""
    c.execute(delete(lot_spans).where(lot_spans.c.guild_id == guild_id))


FOLD = Fold(NAME, fold, is_astray, reset, (lot_spans,))
