"""One reading of the journal, for everything that has to be known about every row.

What only concerns one row is checked at once; what rows add up to is put aside, for `bot.storage.proof.sums`.
"""

import struct
from collections.abc import Iterator
from itertools import chain, islice, pairwise
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Connection, select

from bot.domain.orders import OrderState
from bot.storage.proof.aside import Aside, Stretch
from bot.storage.proof.chain import LAST, follow
from bot.storage.proof.counting import Counted
from bot.storage.proof.reading import EVERY, Seen, Tick, value
from bot.storage.tables import orders

_fields = itemgetter(
    "creator", "item", "event", "coins", "count", "anonymous", "zone", "price", "paid", "promo", "share"
)
_UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, OSError, struct.error)
"""What comes of facts that make no sense."""

_ORDERS_AT_ONCE = 500

HELD = 100_000
"""Accounts and the like that are added up before they are put aside, about: 30 MB."""


class NotCounted(Exception):  # noqa: N818 - a state of affairs
    """Some rows could not be counted, and so nothing can be said about sums."""


def check_journal(
    c: Connection, guild_id: int, after: int, until: int, aside: Aside, tick: Tick, held: int = HELD
) -> Seen:
    """Check the rows from `after` + 1 to `until`, and put aside what they add up to. Raises StorageError."""
    end = max(after, _last_row(c, guild_id)) if until == LAST else until
    counted = Counted(aside, after)
    # A query for every few rows, so that nothing has to be asked of each.
    for start, stop in pairwise([after, *range(after + EVERY, end, EVERY), until]):
        yield from _read(c, guild_id, start, stop, counted)
        come_to = min(stop, end)
        tick(come_to - start)
        if len(counted) > held or stop == until:
            counted.put_aside(come_to)
            counted = Counted(aside, come_to)


def everything(c: Connection, guild_id: int, aside: Aside, reader: str) -> Iterator[tuple[Stretch, Aside]]:
    """Yield all that the rows add up to which `c` sees, and where it is: bots may have written since they were read.

    What came since then is read now, and put aside by the name of the `reader`. Raises NotCounted.
    """
    until = 0
    for stretch in aside.stretches():
        if stretch.after != until:
            break
        until = stretch.until
        yield stretch, aside
    else:
        if until < _last_row(c, guild_id):
            rest = aside._replace(folder=f"{aside.folder}/{reader}")
            # What is wrong with these rows is for the next audit to say: this one began before them.
            for _ in check_journal(c, guild_id, until, LAST, rest, lambda _rows: None):
                pass
            yield from ((stretch, rest) for stretch in rest.stretches())
        return
    raise NotCounted(f"nobody could count the rows that follow {until}")


def _last_row(c: Connection, guild_id: int) -> int:
    return value(c, "SELECT coalesce(max(seq), 0) FROM journal WHERE guild_id = :guild", guild=guild_id)


def _read(c: Connection, guild_id: int, after: int, until: int, counted: Counted) -> Seen:
    seen: list[tuple[int, str]] = []
    credited: list[tuple[int, Any]] = []
    loads, fields, add_entries, add_gift = orjson.loads, _fields, counted.add_entries, counted.add_gift
    for seq, kind, actor, at_ms, body, legs in follow(c, guild_id, after, until, seen):
        try:
            add_entries(legs)
            facts = loads(body)
            if kind == "gift":
                creator, item, event, coins, count, anonymous, zone, price, paid, promo, share = fields(facts)
                if coins != price * count or coins != paid + promo or not 0 <= share <= coins:
                    seen.append((seq, "its coins, its price and what was paid do not agree"))
                add_gift(seq, actor, at_ms, zone, creator, item, event, coins, count, anonymous)
            elif kind == "order":
                credited.append((seq, (facts["order"], facts["coins"], facts["price_minor"], facts["currency"])))
        except _UNREADABLE as error:
            seen.append((seq, f"its body cannot be read: {error!r}"))
        if seen:
            yield from seen
            seen.clear()
    yield from chain(seen, _check_orders(c, guild_id, credited))


def _check_orders(c: Connection, guild_id: int, credited: list[tuple[int, Any]]) -> Seen:
    """Check that what rows credited was bought. The other way round is `bot.storage.proof.links`."""
    columns = (orders.c.order_id, orders.c.coins, orders.c.price_minor, orders.c.currency, orders.c.state)
    query = select(*columns).where(orders.c.guild_id == guild_id)
    left = iter(credited)
    while some := list(islice(left, _ORDERS_AT_ONCE)):
        wanted = query.where(orders.c.order_id.in_([of[0] for _, of in some]))
        found = {order_id: (state, tuple(rest)) for order_id, *rest, state in c.execute(wanted)}
        for seq, (order_id, *said) in some:
            state, bought = found.get(order_id, ("missing", ()))
            if state != OrderState.CREDITED.value:
                yield seq, f"order {order_id} has coins in the journal, but is not marked as credited"
            if bought and bought != tuple(said):
                yield seq, f"order {order_id} is for {bought}, the journal credits {tuple(said)}"
