"""The store of what members gave creators under their own names, for the rule of who is a fan.

The creator's own leaderboard has the sum as far as it is counted. What the sender's rows since then add is counted
here, so that nobody waits for the fold. While everything is counted again, these are all rows of the sender.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, select

from bot.domain.leaderboards import Board
from bot.domain.ledger import credit_of
from bot.domain.ledger.books import Books
from bot.domain.ledger.fans import Gave
from bot.storage.ledger.batch_cache import BatchCache
from bot.storage.ledger.journal import rows_with
from bot.storage.ledger.projections import register
from bot.storage.sql.leaderboard_tables import FOLLOWER, ladders, standings
from bot.storage.sql.statements import Query
from bot.storage.sql.tables import MEMBERS_OWN, cursors, entries

_ROWS_AT_ONCE = 1_000


def _parameter(name: str) -> Any:  # noqa: ANN401 - whatever takes a number
    return bindparam(name, type_=BigInteger)


_line = (
    select(standings.c.coins)
    .join(ladders, (ladders.c.guild_id == standings.c.guild_id) & (ladders.c.ladder == standings.c.ladder))
    .where(
        ladders.c.guild_id == _parameter("guild"),
        ladders.c.board == Board.GIFTERS.value,
        ladders.c.scope == _parameter("creator"),
        ladders.c.event == 0,
        standings.c.subject == _parameter("sender"),
    )
    .scalar_subquery()
)
_cursor = (
    select(cursors.c.seq)
    .where(cursors.c.guild_id == _parameter("guild"), cursors.c.follower == FOLLOWER)
    .scalar_subquery()
)
# In one statement: what the line has counted is what the cursor says.
_COUNTED = Query(select(_line, _cursor))
_LATER_ROWS = Query(
    select(entries.c.seq)
    .distinct()
    .where(
        entries.c.guild_id == _parameter("guild"),
        entries.c.owner == _parameter("sender"),
        MEMBERS_OWN,
        entries.c.seq > _parameter("after"),
    )
    .order_by(entries.c.seq)
    .limit(_parameter("most"))
)


def load_given(c: Connection, books: Books, guild_id: int, sender: int, creator: int) -> None:
    """Put into `books` what a member has given a creator under their own name, less what was taken back. Both are
    holders."""
    line_coins, cursor = _COUNTED.rows(c, guild=guild_id, creator=creator, sender=sender)[0]
    coins, after = line_coins or 0, cursor or 0
    while seqs := [
        row[0] for row in _LATER_ROWS.rows(c, guild=guild_id, sender=sender, after=after, most=_ROWS_AT_ONCE)
    ]:
        for row in rows_with(c, {(guild_id, seq) for seq in seqs}):
            credit = credit_of(row.kind, row.seq, row.actor, row.at_ms, row.facts)
            if credit and (credit.sender, credit.creator, credit.is_anonymous) == (sender, creator, False):
                coins += credit.coins
        after = seqs[-1]
    books.given[guild_id, sender, creator] = coins


def _load(c: Connection, commands: Sequence[Any], books: Books, _cache: BatchCache) -> None:
    if not any(item.fans_only for item in books.items.values()):
        return
    for command in commands:
        item = books.items.get((command.guild_id, command.item_id))
        if item is not None and item.fans_only:
            sender, creator = (books.holders[command.guild_id, member] for member in command.member_ids)
            load_given(c, books, command.guild_id, sender, creator)


def _save(_c: Connection, _effects: Sequence[tuple[int, Gave]], _books: Books) -> None:
    """Save nothing: it is in the journal."""


register("given", _load, saves={Gave: _save})
