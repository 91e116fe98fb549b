"""The queue of shout-outs that wait for creators, who are holders, or for a guild's staff, whom 0 stands for."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, func, select

from bot.domain.perks import PerkKind, Unlock, UnlockState
from bot.storage.sql.perk_tables import perk_unlocks as unlocks
from bot.storage.sql.perk_tables import perks as table
from bot.storage.sql.rows import columns_of
from bot.storage.stores.perks import unlock_in

_WAITING = (UnlockState.OPEN.value, UnlockState.DOING.value)


def waiting(c: Connection, guild_id: int, whose: Collection[int], most: int) -> list[Unlock]:
    """Return the oldest shout-outs that wait, at most `most`; those that somebody is at come first."""
    query = select(*columns_of(unlocks, Unlock)).where(*_waits(guild_id, whose))
    order = (unlocks.c.state != UnlockState.DOING.value, unlocks.c.at_ms, unlocks.c.unlock_id)
    return [unlock_in(row) for row in c.execute(query.order_by(*order).limit(most))]


def count(c: Connection, guild_id: int, whose: Collection[int]) -> int:
    """Return how many shout-outs wait."""
    query = select(func.count()).select_from(unlocks).where(*_waits(guild_id, whose))
    return c.execute(query).scalar_one()


def _waits(guild_id: int, whose: Collection[int]) -> list[ColumnElement[bool]]:
    of_creators = select(table.c.perk_id).where(
        table.c.guild_id == guild_id, table.c.kind == PerkKind.SHOUTOUT.value, table.c.creator.in_([*whose])
    )
    return [unlocks.c.guild_id == guild_id, unlocks.c.state.in_(_WAITING), unlocks.c.perk_id.in_(of_creators)]
