"""Add up what gifts have earned, by source of risk and day of release, and take back what reversals do.

One gift of 100 coins, paid with 60 from a card and 40 by Ko-fi, changes two lines at a share of 50 %:

    creator   source   until      earned   taken back
    Mia       stripe   20 March       30            0
    Mia       kofi     5 April        20            0

The rows of the journal say everything that is needed: a gift its lots, and the row of a lot its provider.
"""

from collections.abc import Collection, Mapping, Sequence
from operator import add
from typing import Any, cast

import orjson
from sqlalchemy import Connection, delete, select

from bot.domain.held_earnings import corrections
from bot.domain.holds import UNKNOWN, Hold, HoldRules, earns, holds_of, source_of
from bot.domain.ledger.gift import GiftFacts, SendGift
from bot.domain.ledger.order import CreditOrder
from bot.domain.ledger.reinstatement import Reinstate
from bot.domain.ledger.reversal import Reverse
from bot.domain.ledger.undoing import ReversalFacts
from bot.storage.folds.earnings import hold_rules
from bot.storage.folds.fold import Fold, FoldRow, row_of
from bot.storage.folds.uncounted import seqs_left_out
from bot.storage.sql.hold_tables import earnings_by_source, pieces_taken_back
from bot.storage.sql.statements import InsertMany, Lookup
from bot.storage.sql.tables import journal

NAME = "fold:earnings"
"""The name that is stored with its cursor."""

TABLES = (earnings_by_source, pieces_taken_back)

_CORRECTING = (Reverse.kind, Reinstate.kind)

MOST_CACHED = 100_000
"""How many lots' sources are remembered, which takes some 10 MB."""

_ROWS = Lookup(
    select(journal.c.seq, journal.c.kind, journal.c.actor, journal.c.at_ms, journal.c.body),
    (journal.c.guild_id, journal.c.seq),
)
_PIECES = Lookup(
    select(pieces_taken_back.c.seq, pieces_taken_back.c.pieces), (pieces_taken_back.c.guild_id, pieces_taken_back.c.seq)
)
_SAVE_PIECES = InsertMany(tuple(pieces_taken_back.c), update=lambda new: {"pieces": new.pieces})
_LINE_KEY = tuple(earnings_by_source.primary_key)
_LINES = Lookup(select(*earnings_by_source.c), _LINE_KEY)
_SAVE_LINES = InsertMany(
    tuple(earnings_by_source.c),
    update=lambda new: {column.name: new[column.name] for column in [*earnings_by_source.c][len(_LINE_KEY) :]},
)

_Line = tuple[int, str, int]
"""Creator, source and day of release."""


class _Lines:
    """What is to be added to lines: earned, taken back, and anonymous."""

    def __init__(self) -> None:
        self.sums: dict[_Line, list[int]] = {}

    def add(self, facts: GiftFacts, holds: Sequence[Hold], *, taken_back: bool = False) -> None:
        """Add what a gift has earned, or take a part of that back."""
        for source, until_day, diamonds in holds:
            sums = self.sums.setdefault((facts["creator"], source, until_day), [0, 0, 0])
            sums[taken_back] += diamonds
            if facts["anonymous"]:
                sums[2] += -diamonds if taken_back else diamonds

    def save(self, c: Connection, guild_id: int) -> None:
        """Add all of it to what is stored."""
        for _, creator, source, until_day, *stored in _LINES.rows(c, {(guild_id, *line) for line in self.sums}):
            sums = self.sums[creator, source, until_day]
            sums[:] = map(add, sums, stored)
        _SAVE_LINES.run(c, [(guild_id, *line, *sums) for line, sums in self.sums.items()])


def fold(c: Connection, guild_id: int, rows: Sequence[FoldRow]) -> None:
    """Count the gifts among `rows`, and what takes of their earnings. They follow all that were counted before."""
    gifts = [(row, cast("GiftFacts", row.facts)) for row in rows if row.kind == SendGift.kind]
    gifts = [(row, facts) for row, facts in gifts if earns(facts)]
    corrected = [each for row in rows if row.kind in _CORRECTING for each in corrections(row.facts)]
    reversals = [cast("ReversalFacts", row.facts) for row in rows if row.kind == Reverse.kind]
    reversals = [facts for facts in reversals if facts["of_kind"] == SendGift.kind and "test" not in facts]
    if not gifts and not reversals and not corrected:
        return
    undone = _undone(c, guild_id, {facts["of"] for facts in reversals} | {each.gift for each in corrected})
    rules = hold_rules.rules(c, guild_id)
    sources = sources_of(c, guild_id, [facts for _, facts in (*gifts, *undone.values())])
    lines = _Lines()
    for row, facts in gifts:
        lines.add(facts, holds_of(row.seq, row.at_ms, facts, sources, rules, facts["count"]))
    _take_back(c, guild_id, reversals, undone, sources, rules, lines)
    for gift, lot, diamonds in corrected:
        if gift in undone:
            row, facts = undone[gift]
            source = sources.get(lot, UNKNOWN)
            hold = Hold(source, rules.until_day(source, row.seq, row.at_ms), diamonds)
            lines.add(facts, [hold], taken_back=True)
    lines.save(c, guild_id)


def _undone(c: Connection, guild_id: int, seqs: Collection[int]) -> dict[int, tuple[FoldRow, GiftFacts]]:
    """Return those of the gifts `seqs` that have earned something, and that were counted."""
    if not seqs:
        return {}
    uncounted_seqs = seqs_left_out(c, guild_id, NAME)
    stored_rows = _ROWS.rows(c, {(guild_id, seq) for seq in seqs})
    rows = [row_of(*row) for row in stored_rows]
    gifts = [(row, cast("GiftFacts", row.facts)) for row in rows]
    return {row.seq: (row, facts) for row, facts in gifts if earns(facts) and row.seq not in uncounted_seqs}


def _take_back(
    c: Connection,
    guild_id: int,
    reversals: Sequence[ReversalFacts],
    undone: Mapping[int, tuple[FoldRow, GiftFacts]],
    sources: Mapping[int, str],
    rules: HoldRules,
    lines: _Lines,
) -> None:
    pieces: dict[int, int] = dict(_PIECES.rows(c, {(guild_id, seq) for seq in undone}))
    for seq, part in ((facts["of"], facts["part"]) for facts in reversals if facts["of"] in undone):
        row, facts = undone[seq]
        before = pieces.get(seq, 0)
        pieces[seq] = before + part
        lines.add(facts, taken_between(row, facts, sources, rules, before, before + part), taken_back=True)
    _SAVE_PIECES.run(c, [(guild_id, seq, count) for seq, count in pieces.items()])


def taken_between(
    row: FoldRow, facts: GiftFacts, sources: Mapping[int, str], rules: HoldRules, before: int, after: int
) -> list[Hold]:
    """Return what a gift earned with the pieces that followed the first `before`, up to `after`."""
    earlier = {hold.source: hold.diamonds for hold in holds_of(row.seq, row.at_ms, facts, sources, rules, before)}
    parts = [
        hold._replace(diamonds=hold.diamonds - earlier.get(hold.source, 0))
        for hold in holds_of(row.seq, row.at_ms, facts, sources, rules, after)
    ]
    return [part for part in parts if part.diamonds]


def sources_of(c: Connection, guild_id: int, gifts: Sequence[GiftFacts]) -> dict[int, str]:
    """Return the source of each lot that `gifts` name, except for lots that no order has opened."""
    # Rows that are committed never change, so these are true for as long as the connection lives.
    cache: dict[tuple[int, int], str] = c.info.setdefault("sources of lots", {})
    if len(cache) > MOST_CACHED:
        cache.clear()
    lots = {lot for facts in gifts for lot, _ in facts.get("lots", ())}
    for seq, kind, _, _, body in _ROWS.rows(c, {(guild_id, lot) for lot in lots if (guild_id, lot) not in cache}):
        if kind == CreditOrder.kind:
            order: dict[str, Any] = orjson.loads(body)
            cache[guild_id, seq] = source_of(order["provider"], is_test=order["test"])
    return {lot: cache[guild_id, lot] for lot in lots if (guild_id, lot) in cache}


def is_astray(_c: Connection, _guild_id: int, _now_ms: int) -> bool:
    """Return False: a hold that began in the future is only longer."""
    return False


def reset(c: Connection, guild_id: int, _now_ms: int) -> None:
    """Remove what is counted for a guild."""
    for table in TABLES:
        c.execute(delete(table).where(table.c.guild_id == guild_id))


FOLD = Fold(NAME, fold, is_astray, reset, TABLES)
