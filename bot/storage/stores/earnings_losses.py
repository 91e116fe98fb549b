"""Read what reversals of orders took of what gifts have earned."""

from collections.abc import Collection

from sqlalchemy import Connection, select

from bot.domain.held_earnings import Loss
from bot.storage.sql.hold_tables import earnings_losses as table
from bot.storage.sql.statements import Lookup

LOSSES = select(table.c.guild_id, table.c.gift, table.c.reversal, table.c.lot, table.c.diamonds)
_BY_GIFT = Lookup(LOSSES, (table.c.guild_id, table.c.gift))
_BY_REVERSAL = Lookup(LOSSES, (table.c.guild_id, table.c.reversal))


def by_gift(c: Connection, keys: Collection[tuple[int, int]]) -> dict[tuple[int, int], tuple[Loss, ...]]:
    """Return what the gifts `keys`, (guild id, row) each, have lost, by the same keys: none without losses."""
    losses: dict[tuple[int, int], tuple[Loss, ...]] = {}
    for guild_id, *fields in sorted(_BY_GIFT.rows(c, keys)):
        loss = Loss(*fields)
        losses[guild_id, loss.gift] = (*losses.get((guild_id, loss.gift), ()), loss)
    return losses


def by_reversal(c: Connection, keys: Collection[tuple[int, int]]) -> dict[tuple[int, int], tuple[Loss, ...]]:
    """Return what gifts have lost to the reversals `keys`, (guild id, row) each, by the same keys."""
    losses: dict[tuple[int, int], tuple[Loss, ...]] = {}
    for guild_id, *fields in sorted(_BY_REVERSAL.rows(c, keys)):
        loss = Loss(*fields)
        losses[guild_id, loss.reversal] = (*losses.get((guild_id, loss.reversal), ()), loss)
    return losses
