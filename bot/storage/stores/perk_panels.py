"""The store of the panel of perks. Until its message is posted, its id is that of the interaction, negative."""

from sqlalchemy import Connection, delete, select, update

from bot.domain.perk_deadlines import perk_panel_of
from bot.storage.sql.perk_tables import perk_panels as table
from bot.storage.sql.rows import upsert
from bot.storage.stores import deadlines


def panel(c: Connection, guild_id: int) -> tuple[int, int] | None:
    """Return the channel and the message of a guild's panel, None if there is none."""
    row = c.execute(select(table.c.channel_id, table.c.message_id).where(table.c.guild_id == guild_id)).one_or_none()
    return None if row is None else (row.channel_id, row.message_id)


def place(c: Connection, guild_id: int, channel_id: int, call_id: int) -> None:
    """Have a panel posted in a channel, instead of the one before."""
    upsert(c, table, {"guild_id": guild_id, "channel_id": channel_id, "message_id": -call_id})


def note_posted(c: Connection, guild_id: int, before: int, message_id: int) -> None:
    """Note the message of a panel that had the id `before`."""
    same = (table.c.guild_id == guild_id, table.c.message_id == before)
    c.execute(update(table).where(*same).values(message_id=message_id))


def forget(c: Connection, guild_id: int, message_id: int) -> None:
    """Forget a panel."""
    c.execute(delete(table).where(table.c.guild_id == guild_id, table.c.message_id == message_id))


def note_change(c: Connection, guild_id: int) -> None:
    """Have the panel, if there is one, show what has changed."""
    if panel(c, guild_id) is not None:
        deadlines.put(c, perk_panel_of(guild_id))
