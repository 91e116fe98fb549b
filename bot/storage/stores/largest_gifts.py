"""Finds the largest gift to a creator within a part of the journal."""

from functools import reduce

import orjson
from sqlalchemy import Connection, or_, select

from bot.domain.catalogue import Tier
from bot.domain.combos import EventGift
from bot.domain.largest_gifts import larger_of, largest_gift
from bot.domain.live import LargestGift
from bot.storage.ledger.journal import fact_of
from bot.storage.sql.tables import journal
from bot.storage.stores import reversals
from bot.storage.stores.event_gifts import GiftRow, event_gifts
from bot.storage.stores.received_gifts import gifts_to

# Bodies are canonical JSON. The price of one part of a joint gift says nothing about the whole.
_MAY_BE_LARGE = or_(fact_of("price") >= Tier.MEDIUM.from_price, journal.c.body.contains('"joint":'))


def largest(c: Connection, guild_id: int, creator: int, after: int, until: int) -> LargestGift | None:
    """Return the largest gift to a creator, a holder, in the rows after `after` up to `until`, None if all were small.
    What was taken back, and tests that count on no board, are left out."""
    query = select(journal.c.seq, journal.c.at_ms, journal.c.actor, journal.c.body).where(
        *gifts_to(guild_id, creator), journal.c.seq > after, journal.c.seq <= until, _MAY_BE_LARGE
    )
    rows: list[GiftRow] = [
        (seq, at_ms, actor, orjson.loads(body))
        for seq, at_ms, actor, body in c.execute(query.order_by(journal.c.seq))
        if '"counts":false' not in body
    ]
    undone = reversals.parts_of(c, {(guild_id, seq) for seq, *_ in rows})
    gifts = event_gifts(c, guild_id, rows, {seq: pieces for (_, seq), pieces in undone.items()})
    first: EventGift | None = None
    return largest_gift(reduce(larger_of, gifts, first))
