"""What guilds, and the operator, have chosen about holds.

Every choice of a guild is kept, because it applies to the gifts after it. The operator's choice applies to all guilds.
"""

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, select

from bot.domain.holds import HoldChange, HoldRules
from bot.domain.pending_earnings import POOLED
from bot.storage.ledger import journal
from bot.storage.sql.hold_tables import hold_changes as table
from bot.storage.sql.rows import upsert
from bot.storage.sql.statements import Query
from bot.storage.sql.tables import marks

_CHANGES = Query(
    select(table.c.provider, table.c.after_seq, table.c.days)
    .where(table.c.guild_id == bindparam("guild_id"))
    .order_by(table.c.changed_ms)
)

_CONFIRMED = "payouts confirmed"
"""The mark with the providers from whose money creators are paid, as confirmed by the operator, separated by spaces."""


def rules(c: Connection, guild_id: int) -> HoldRules:
    """Return for how long earnings wait in a guild."""
    return HoldRules([HoldChange(*row) for row in _CHANGES.rows(c, guild_id=guild_id)])


def change(c: Connection, guild_id: int, provider: str, days: int, changed_by: int, now_ms: int) -> None:
    """Set for how many `days` earnings from a provider wait, from the next gift on. The guild must be locked."""
    values = {"guild_id": guild_id, "provider": provider, "changed_ms": now_ms, "changed_by": changed_by, "days": days}
    upsert(c, table, values | {"after_seq": journal.head(c, guild_id).seq})


def withheld(c: Connection) -> frozenset[str]:
    """Return the sources of earnings that wait until the operator confirms that creators are paid from them."""
    query = select(marks.c.value).where(marks.c.name == _CONFIRMED)
    return POOLED.difference((c.execute(query).scalar_one_or_none() or "").split())


def confirm(c: Connection, providers: Collection[str]) -> bool:
    """Note that creators are paid from these providers, and from no others that pay the operator. Return whether that
    is new."""
    before = withheld(c)
    if before == POOLED.difference(providers):
        return False
    upsert(c, marks, {"name": _CONFIRMED, "value": " ".join(sorted(POOLED.intersection(providers)))})
    return True
