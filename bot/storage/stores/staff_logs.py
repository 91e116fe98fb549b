"""The store of staff logs: the channel of each guild's log, and what it has shown so far."""

from dataclasses import replace

from sqlalchemy import Connection, select, update

from bot.domain.staff_log import StaffLog
from bot.storage.sql.rows import columns_of, upsert, values_of
from bot.storage.sql.staff_tables import staff_logs as table


def log(c: Connection, guild_id: int) -> StaffLog:
    """Return a guild's staff log, one without a channel if it has chosen none."""
    row = c.execute(select(*columns_of(table, StaffLog)).where(table.c.guild_id == guild_id)).one_or_none()
    return StaffLog(*row) if row else StaffLog(guild_id)


def save(c: Connection, log: StaffLog) -> None:
    """Save a staff log."""
    upsert(c, table, values_of(log))


def mark_posted(c: Connection, guild_id: int, number: int) -> None:
    """Note that acts up to `number` are in the channel. This never goes back."""
    same = (table.c.guild_id == guild_id, table.c.posted_number < number)
    c.execute(update(table).where(*same).values(posted_number=number))


def plan_digest(c: Connection, guild_id: int, head_seq: int) -> StaffLog:
    """Note that a summary goes up to row `head_seq`, unless one is on its way. Return the log with its range."""
    planned = log(c, guild_id)
    if planned.until_seq <= planned.digest_seq < head_seq:
        planned = replace(planned, until_seq=head_seq)
        save(c, planned)
    return planned


def mark_digested(c: Connection, guild_id: int, seq: int) -> None:
    """Note that everything up to row `seq` is summed up. This never goes back."""
    same = (table.c.guild_id == guild_id, table.c.digest_seq < seq)
    c.execute(update(table).where(*same).values(digest_seq=seq))
