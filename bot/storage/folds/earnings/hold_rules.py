"""What guilds chose about holds. Every choice is kept, because it counts for the gifts after it."""

from sqlalchemy import Connection, bindparam, select

from bot.domain.holds import HoldChange, HoldRules
from bot.storage.ledger import journal
from bot.storage.sql.hold_tables import hold_changes as table
from bot.storage.sql.rows import upsert
from bot.storage.sql.statements import Query

_CHANGES = Query(
    select(table.c.provider, table.c.after_seq, table.c.days)
    .where(table.c.guild_id == bindparam("guild_id"))
    .order_by(table.c.changed_ms)
)


def rules(c: Connection, guild_id: int) -> HoldRules:
    """Return for how long earnings wait in a guild."""
    return HoldRules([HoldChange(*row) for row in _CHANGES.rows(c, guild_id=guild_id)])


def change(c: Connection, guild_id: int, provider: str, days: int, changed_by: int, now_ms: int) -> None:
    """Let earnings from a provider wait for `days`, from the next gift on. The guild must be locked."""
    values = {"guild_id": guild_id, "provider": provider, "changed_ms": now_ms, "changed_by": changed_by, "days": days}
    upsert(c, table, values | {"after_seq": journal.head(c, guild_id).seq})
