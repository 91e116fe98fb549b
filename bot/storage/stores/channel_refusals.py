"""The store of channels that refuse messages. Their table keeps its old names: `broken_channels` and `told`."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, select, update

from bot.domain.channel_refusals import UnwritableChannel
from bot.domain.deadlines import AT_ONCE_MS, WAIT_FOR_CHANNELS, retry_of
from bot.storage.sql.rows import upsert, values_of
from bot.storage.sql.tables import broken_channels
from bot.storage.stores import deadlines

_COLUMNS = tuple(
    broken_channels.c[name] for name in ("guild_id", "channel_id", "code", "since_ms", "told", "refusals", "retry_ms")
)


def unwritable(c: Connection, guild_id: int) -> list[UnwritableChannel]:
    """Return the channels of a guild that refuse messages, those that have done so for longest first."""
    query = select(*_COLUMNS).where(broken_channels.c.guild_id == guild_id)
    return [_channel(row) for row in c.execute(query.order_by(broken_channels.c.since_ms))]


def save(c: Connection, channel: UnwritableChannel) -> None:
    """Insert a channel, or replace what is stored about it."""
    values = values_of(channel)
    values["told"] = int(values.pop("is_reported"))
    upsert(c, broken_channels, values)
    deadlines.put(c, retry_of(channel.guild_id, channel.channel_id, channel.retry_ms))


def claim_unreported(c: Connection, guild_id: int, now_ms: int) -> list[UnwritableChannel]:
    """Mark all channels that are not tried now as reported to staff, and return those that were not marked before.

    Of several callers only one gets each channel, so each is reported once.
    """
    is_left_alone = (broken_channels.c.guild_id == guild_id, broken_channels.c.retry_ms > now_ms)
    mark = update(broken_channels).where(*is_left_alone, broken_channels.c.told == 0)
    rows = c.execute(mark.values(told=1).returning(*_COLUMNS))
    return sorted(map(_channel, rows), key=lambda channel: channel.since_ms)


def mark_unreported(c: Connection, guild_id: int, channel_ids: Collection[int]) -> None:
    """Mark channels as unknown to staff, because reporting them failed."""
    c.execute(update(broken_channels).where(*_in_channels(guild_id, channel_ids)).values(told=0))


def retry(c: Connection, guild_id: int, channel_ids: Collection[int]) -> None:
    """Make channels due for another attempt at once."""
    c.execute(update(broken_channels).where(*_in_channels(guild_id, channel_ids)).values(retry_ms=0))
    _try_at_once(c, guild_id, channel_ids)


def forget(c: Connection, guild_id: int, channel_ids: Collection[int]) -> None:
    """Delete channels from the store, because they accept messages again."""
    c.execute(delete(broken_channels).where(*_in_channels(guild_id, channel_ids)))
    _try_at_once(c, guild_id, channel_ids)


def rest(c: Connection, guild_id: int, channel_id: int, until_ms: int) -> None:
    """Have a channel tried again at `until_ms` although it refused nothing: something else went wrong."""
    deadlines.put(c, retry_of(guild_id, channel_id, until_ms))


def _try_at_once(c: Connection, guild_id: int, channel_ids: Collection[int]) -> None:
    deadlines.put(c, *(retry_of(guild_id, channel_id, AT_ONCE_MS) for channel_id in channel_ids))
    deadlines.bring_forward(c, guild_id, WAIT_FOR_CHANNELS)


def _channel(row: Row[*tuple[Any, ...]]) -> UnwritableChannel:
    guild_id, channel_id, code, since_ms, is_reported, refusals, retry_ms = row
    return UnwritableChannel(guild_id, channel_id, code, since_ms, bool(is_reported), refusals, retry_ms)


def _in_channels(guild_id: int, channel_ids: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    return broken_channels.c.guild_id == guild_id, broken_channels.c.channel_id.in_(channel_ids)
