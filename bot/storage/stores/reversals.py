"""The store of reversals: how much of each row of the journal has been taken back."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, select, update

from bot.domain.deadlines import board_of, card_of
from bot.domain.ledger.books import Books
from bot.domain.ledger.gift import SendGift
from bot.domain.ledger.grants_undo import UndoGrants
from bot.domain.ledger.reinstatement import Reinstate, RowReinstated
from bot.domain.ledger.reversal import Reverse, RowReversed
from bot.domain.ledger.undoing import ReversalFacts
from bot.domain.thanks import HIDDEN
from bot.storage.ledger.batch_cache import BatchCache
from bot.storage.ledger.journal import fact_of, rows_with
from bot.storage.ledger.projections import register
from bot.storage.sql.live_tables import live_recaps, thanks
from bot.storage.sql.statements import InsertMany, Lookup, Query
from bot.storage.sql.tables import journal
from bot.storage.sql.tables import reversals as table
from bot.storage.stores import deadlines, matches, perks, trains

_BY_ROW = Lookup(select(table.c.guild_id, table.c.seq, table.c.part), (table.c.guild_id, table.c.seq))
_BETWEEN = Query(
    select(table.c.seq, table.c.part).where(
        table.c.guild_id == bindparam("guild_id"), table.c.seq > bindparam("after"), table.c.seq <= bindparam("until")
    )
)
_SAVE = InsertMany((table.c.guild_id, table.c.seq, table.c.part), update=lambda new: {"part": new.part})


def parts_of(c: Connection, rows: Collection[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Return how much of `rows`, (guild id, number) each, was taken back: pieces of a gift, or coins.

    Rows without any are left out.
    """
    return {(guild_id, seq): part for guild_id, seq, part in _BY_ROW.rows(c, rows)}


def parts_between(c: Connection, guild_id: int, after: int, until: int) -> dict[int, int]:
    """Return how much of the rows `after` + 1 to `until` was taken back, without rows that were not."""
    return dict(_BETWEEN.rows(c, guild_id=guild_id, after=after, until=until))


def _load_rows(c: Connection, commands: Sequence[Any], books: Books, _cache: BatchCache) -> None:
    seqs = {(command.guild_id, seq) for command in commands for seq in (command.seq, command.of_seq) if seq}
    books.rows = {(row.guild_id, row.seq): row for row in rows_with(c, seqs)}


def _load_parts(c: Connection, commands: Sequence[Any], books: Books, _cache: BatchCache) -> None:
    books.reversed = parts_of(c, {(command.guild_id, command.of_seq) for command in commands})


def _save(c: Connection, effects: Sequence[tuple[int, RowReversed]], books: Books) -> None:
    keys = {(guild_id, effect.facts["of"]) for guild_id, effect in effects}
    _SAVE.run(c, [(*key, books.reversed[key]) for key in keys])
    for guild_id, effect in effects:
        if effect.facts["of_kind"] == SendGift.kind:
            _correct_perks(c, guild_id, effect.facts, books)
            _correct_thanks(c, guild_id, effect.facts)
            _correct_event(c, guild_id, effect.facts["event"])


def _save_reinstated(c: Connection, effects: Sequence[tuple[int, RowReinstated]], books: Books) -> None:
    for guild_id, seq in {(guild_id, effect.of) for guild_id, effect in effects}:
        row = (table.c.guild_id == guild_id, table.c.seq == seq)
        part = books.reversed[guild_id, seq]
        c.execute(update(table).where(*row).values(part=part) if part else delete(table).where(*row))


def _correct_event(c: Connection, guild_id: int, event_id: int) -> None:
    # The recap is made anew, without the gift, when somebody asks for it.
    c.execute(delete(live_recaps).where(live_recaps.c.guild_id == guild_id, live_recaps.c.event_id == event_id))
    if trains.has_any(c, guild_id, event_id):
        # They are worked out anew with the board.
        deadlines.put(c, board_of(guild_id, event_id))
    # A card that shows the result of a match shows another one now.
    deadlines.put(c, *(card_of(guild_id, match.match_id) for match in matches.of_event(c, guild_id, event_id)))


def _correct_perks(c: Connection, guild_id: int, gift: ReversalFacts, books: Books) -> None:
    """Take what a gift has unlocked, once nothing of it is left."""
    row = books.rows[guild_id, gift["of"]]
    if books.reversed[guild_id, row.seq] >= row.facts["count"]:
        perks.lose(c, guild_id, row.seq, books.ends_ms[guild_id])


def _correct_thanks(c: Connection, guild_id: int, gift: ReversalFacts) -> None:
    """Take a gift out of what its creator has thanked for, if they have."""
    thanked = (
        thanks.c.guild_id == guild_id,
        thanks.c.creator == gift["creator"],
        thanks.c.sender == (HIDDEN if gift["anonymous"] else gift["member"]),
        thanks.c.anonymous == int(gift["anonymous"]),
        thanks.c.seq >= gift["of"],
    )
    less = {"coins": thanks.c.coins - gift["coins"], "pieces": thanks.c.pieces - gift["part"]}
    c.execute(update(thanks).where(*thanked).values(less))


def _check(c: Connection, guild_id: int) -> Iterator[tuple[int, str]]:
    """Check the parts against the reversals and reinstatements in the journal."""
    recounted: Counter[int] = Counter()
    for kind, sign, fact in ((Reverse.kind, 1, "part"), (UndoGrants.kind, 1, "coins"), (Reinstate.kind, -1, "coins")):
        in_journal = select(fact_of("of"), func.sum(fact_of(fact))).group_by(fact_of("of"))
        for seq, part in c.execute(in_journal.where(journal.c.guild_id == guild_id, journal.c.kind == kind)):
            recounted[seq] += sign * int(part)
    query = select(table.c.seq, table.c.part).where(table.c.guild_id == guild_id).order_by(table.c.seq)
    for seq, part in c.execute(query):
        if part != recounted.pop(seq, 0):
            yield seq, f"{part} of it was taken back, the journal says something else"
    for seq, part in sorted((+recounted).items()):
        yield seq, f"nothing of it was taken back, the journal says {part}"


register("rows", _load_rows)
register("reversed", _load_parts, saves={RowReversed: _save, RowReinstated: _save_reinstated}, check=_check)
