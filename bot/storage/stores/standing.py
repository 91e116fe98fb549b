"""The store of what members are told about their standing. Members are holders."""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, delete, literal_column, select

from bot.domain.levels import level_of
from bot.domain.notices import NoticeKind
from bot.storage.folds.gifters import queries
from bot.storage.sql.rows import upsert
from bot.storage.sql.standing_tables import known_levels, standing_changes
from bot.storage.sql.statements import ChangeMany, InsertMany, Lookup, delete_many
from bot.storage.sql.tables import notices

_LEVEL = NoticeKind.LEVEL.value
_KNOWN_LEVELS = Lookup(
    select(known_levels.c.holder, known_levels.c.level), (known_levels.c.guild_id, known_levels.c.holder)
)
_SAVE_LEVELS = InsertMany(
    (known_levels.c.guild_id, known_levels.c.holder, known_levels.c.level), update=lambda new: {"level": new.level}
)
_DELETE_NOTICES = ChangeMany(
    delete(notices).where(notices.c.kind == literal_column(f"'{_LEVEL}'")), (notices.c.guild_id, notices.c.holder_id)
)
_INSERT_NOTICES = InsertMany(
    (notices.c.guild_id, notices.c.holder_id, notices.c.kind, notices.c.number, notices.c.since_ms)
)

_DELETE_CHANGES = delete_many((standing_changes.c.guild_id, standing_changes.c.holder, standing_changes.c.at_ms))


def changes(c: Connection, guild_id: int, most: int) -> dict[int, int]:
    """Return members whose level may have changed, with the time of the latest gift that did it."""
    t = standing_changes.c
    query = select(t.holder, t.at_ms).where(t.guild_id == guild_id).order_by(t.at_ms, t.holder).limit(most)
    return {row.holder: row.at_ms for row in c.execute(query)}


def note_change(c: Connection, guild_id: int, holder: int, now_ms: int) -> None:
    """Note that something of a member's standing has changed otherwise than by a gift."""
    upsert(c, standing_changes, {"guild_id": guild_id, "holder": holder, "at_ms": now_ms})


def remove_changes(c: Connection, guild_id: int, times_ms: Mapping[int, int]) -> None:
    """Delete changes from which all has followed, as `changes` returned them. One that came since stays."""
    _DELETE_CHANGES.run(c, [(guild_id, holder, at_ms) for holder, at_ms in times_ms.items()])


def note_levels(c: Connection, guild_id: int, holder_ids: Collection[int]) -> dict[int, int]:
    """Note the levels of members as those that they know, and return those that they did not know."""
    coins = queries.coins_of(c, guild_id, holder_ids)
    known = dict(_KNOWN_LEVELS.rows(c, {(guild_id, holder) for holder in coins}))
    levels = {holder: level_of(of_holder) for holder, of_holder in coins.items()}
    new_levels = {holder: level for holder, level in levels.items() if level > known.get(holder, 0)}
    _SAVE_LEVELS.run(c, [(guild_id, holder, level) for holder, level in new_levels.items()])
    return new_levels


def tell_levels(c: Connection, guild_id: int, levels: Mapping[int, int], now_ms: int) -> None:
    """Have members told of levels with their next reply, instead of lower ones that they have not been told of."""
    _DELETE_NOTICES.run(c, [(guild_id, holder) for holder in levels])
    _INSERT_NOTICES.run(c, [(guild_id, holder, _LEVEL, level, now_ms) for holder, level in levels.items()])
