"""The store of blocks: whose gifts creators do not want. Both sides are holder ids."""

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Connection, delete, literal_column, or_, select

from bot.storage.sql.creator_tables import creator_blocks as table
from bot.storage.sql.rows import insert_new
from bot.storage.sql.statements import Lookup

Around = tuple[frozenset[int], frozenset[int], frozenset[int]]
"""Whom a creator has blocked, of whom only anonymous gifts, and who has blocked the creator."""

NONE: Around = (frozenset(), frozenset(), frozenset())

_OWN = Lookup(
    select(table.c.guild_id, table.c.creator, table.c.sender, table.c.seq), (table.c.guild_id, table.c.creator)
)
_OF_OTHERS = Lookup(
    select(table.c.guild_id, table.c.sender, table.c.creator).where(table.c.seq == literal_column("0")),
    (table.c.guild_id, table.c.sender),
)


class Block(NamedTuple):
    """A creator has blocked a member, or the sender of the anonymous gift in row `seq`, who is not named."""

    sender: int
    seq: int
    since_ms: int


def around(c: Connection, holders: Collection[tuple[int, int]]) -> dict[tuple[int, int], Around]:
    """Return the blocks that concern creators, (guild id, holder) each."""
    named: dict[tuple[int, int], set[int]] = {}
    anonymous: dict[tuple[int, int], set[int]] = {}
    by: dict[tuple[int, int], set[int]] = {}
    for guild_id, creator, sender, seq in _OWN.rows(c, holders):
        (anonymous if seq else named).setdefault((guild_id, creator), set()).add(sender)
    for guild_id, sender, creator in _OF_OTHERS.rows(c, holders):
        by.setdefault((guild_id, sender), set()).add(creator)
    return {
        holder: (
            frozenset(named.get(holder, ())),
            frozenset(anonymous.get(holder, ())),
            frozenset(by.get(holder, ())),
        )
        for holder in holders
    }


def add(c: Connection, guild_id: int, creator: int, block: Block) -> None:
    """Add a block. The same one again changes nothing."""
    insert_new(c, table, {"guild_id": guild_id, "creator": creator, **block._asdict()})


def remove(c: Connection, guild_id: int, creator: int, sender: int) -> None:
    """Remove the block of a member. Those of anonymous gifts stay."""
    same = (table.c.guild_id == guild_id, table.c.creator == creator, table.c.sender == sender, table.c.seq == 0)
    c.execute(delete(table).where(*same))


def remove_anonymous(c: Connection, guild_id: int, creator: int, seq: int) -> None:
    """Remove the block of the sender of an anonymous gift. Others of the same sender stay."""
    c.execute(delete(table).where(table.c.guild_id == guild_id, table.c.creator == creator, table.c.seq == seq))


def of_creator(c: Connection, guild_id: int, creator: int) -> list[Block]:
    """Return a creator's blocks, newest first."""
    query = select(table.c.sender, table.c.seq, table.c.since_ms).where(
        table.c.guild_id == guild_id, table.c.creator == creator
    )
    return [Block(*row) for row in c.execute(query.order_by(table.c.since_ms.desc(), table.c.seq.desc()))]


def concerns(c: Connection, guild_id: int, holder: int) -> bool:
    """Whether somebody has blocked a member by name, or is blocked by them."""
    either = or_(table.c.creator == holder, (table.c.sender == holder) & (table.c.seq == 0))
    return c.execute(select(table.c.seq).where(table.c.guild_id == guild_id, either).limit(1)).first() is not None
