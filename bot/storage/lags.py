"""Since when the followers of the journal have been behind it, for those who watch the bot."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from bot.storage.folds import folding
from bot.storage.ledger import cursors
from bot.storage.sql.statements import Lookup
from bot.storage.sql.tables import journal, webhook_events

_MOMENTS = Lookup(select(journal.c.guild_id, journal.c.at_ms), (journal.c.guild_id, journal.c.seq))


class Unread(NamedTuple):
    """A guild in which a follower has not read everything; the first row that it has not is from `since_ms`."""

    guild_id: int
    since_ms: int


class Lags(NamedTuple):
    """What waits: rows of journals for what announces them and for what counts them, and webhooks for an end."""

    announcements: list[Unread]
    standings: list[Unread]
    webhooks: int


def lags(c: Connection, announcer: str) -> Lags:
    """Return what waits in all guilds. `announcer` is the name of the cursor of what announces gifts."""
    unsettled = select(func.count()).select_from(webhook_events).where(webhook_events.c.next_ms.is_not(None))
    return Lags(
        _unread(c, {guild_id: seq for guild_id, seq, _ in cursors.behind(c, announcer)}),
        _unread(c, {guild_id: state.seq for guild_id, state in folding.survey(c, None).items()}),
        c.execute(unsettled).scalar_one(),
    )


def _unread(c: Connection, last_read: Mapping[int, int]) -> list[Unread]:
    return [Unread(*row) for row in _MOMENTS.rows(c, [(guild_id, seq + 1) for guild_id, seq in last_read.items()])]
