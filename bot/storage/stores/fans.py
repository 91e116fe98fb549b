"""The store of who is in which fan club, for the rule of who is a fan.

The fold has what members sent to join, as far as it has counted. The sender's later rows are counted here, so that
nobody waits for the fold. While everything is counted again, those are all rows of the sender.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, select

from bot.domain.ledger import credit_of
from bot.domain.ledger.books import Books
from bot.domain.ledger.fans import Joined
from bot.storage.folds.gifters.sums import NAME
from bot.storage.ledger.batch_cache import BatchCache
from bot.storage.ledger.journal import rows_with
from bot.storage.ledger.projections import register
from bot.storage.sql.catalogue_tables import gift_items
from bot.storage.sql.gifter_tables import club_hearts
from bot.storage.sql.statements import Query
from bot.storage.sql.tables import MEMBERS_OWN, cursors, entries

_ROWS_AT_ONCE = 1_000


def _parameter(name: str) -> Any:  # noqa: ANN401 - whatever takes a number
    return bindparam(name, type_=BigInteger)


_hearts = (
    select(club_hearts.c.hearts)
    .where(
        club_hearts.c.guild_id == _parameter("guild"),
        club_hearts.c.gifter == _parameter("sender"),
        club_hearts.c.creator == _parameter("creator"),
    )
    .scalar_subquery()
)
_cursor = (
    select(cursors.c.seq).where(cursors.c.guild_id == _parameter("guild"), cursors.c.follower == NAME).scalar_subquery()
)
# In one statement: what is counted is what the cursor says.
_COUNTED = Query(select(_hearts, _cursor))
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


_WAY_IN = Query(
    select(gift_items.c.name)
    .where(
        gift_items.c.guild_id == _parameter("guild"),
        gift_items.c.joins_club == 1,
        gift_items.c.fans_only == 0,
        gift_items.c.archived == 0,
    )
    .order_by(gift_items.c.price, gift_items.c.item_id)
    .limit(1)
)


def load_hearts(c: Connection, books: Books, guild_id: int, sender: int, creator: int) -> None:
    """Put into `books` how many pieces that join a creator's fan club a member has sent them, without those that were
    taken back. Both are holders."""
    counted, cursor = _COUNTED.rows(c, guild=guild_id, creator=creator, sender=sender)[0]
    hearts, after = counted or 0, cursor or 0
    while seqs := [
        row[0] for row in _LATER_ROWS.rows(c, guild=guild_id, sender=sender, after=after, most=_ROWS_AT_ONCE)
    ]:
        for row in rows_with(c, {(guild_id, seq) for seq in seqs}):
            credit = credit_of(row.kind, row.seq, row.actor, row.at_ms, row.facts)
            if credit and "club" in row.facts and (credit.sender, credit.creator) == (sender, creator):
                hearts += credit.pieces
        after = seqs[-1]
    books.hearts[guild_id, sender, creator] = hearts


def load_way_in(c: Connection, books: Books, guild_id: int) -> None:
    """Put into `books` the cheapest gift that joins a fan club, if the guild has one."""
    for (name,) in _WAY_IN.rows(c, guild=guild_id):
        books.ways_in[guild_id] = name


def _load(c: Connection, commands: Sequence[Any], books: Books, _cache: BatchCache) -> None:
    if not any(item.fans_only for item in books.items.values()):
        return
    for command in commands:
        item = books.items.get((command.guild_id, command.item_id))
        if item is not None and item.fans_only:
            sender, creator = (books.holders[command.guild_id, member] for member in command.member_ids)
            load_hearts(c, books, command.guild_id, sender, creator)
            load_way_in(c, books, command.guild_id)


def _save(_c: Connection, _effects: Sequence[tuple[int, Joined]], _books: Books) -> None:
    """Save nothing: it is in the journal."""


register("hearts", _load, saves={Joined: _save})
