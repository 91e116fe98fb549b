"""What the rows say is what leaderboards and orders say."""

from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Connection, select

from bot.domain.orders import OrderState
from bot.storage.proof.lines import Lines
from bot.storage.proof.reading import EVERY, Seen, Tick, rows
from bot.storage.tables import orders

_BODIES = "SELECT seq, kind, actor, at_ms, body FROM journal WHERE guild_id = :guild ORDER BY guild_id, seq"
_LINES = """
    SELECT board, scope, event, s.subject, last_seq, s.coins, s.pieces, s.day, s.day_coins, s.day_pieces,
           s.week, s.week_coins, s.week_pieces, s.month, s.month_coins, s.month_pieces
    FROM standings AS s JOIN ladders AS l ON l.guild_id = s.guild_id AND l.ladder = s.ladder
    WHERE s.guild_id = :guild ORDER BY board, scope, event, subject
"""
_fields = itemgetter(
    "creator", "item", "event", "coins", "count", "anonymous", "zone", "price", "paid", "promo", "share"
)
_ORDERS_AT_ONCE = 500


def check_facts(c: Connection, guild_id: int, tick: Tick) -> Seen:
    """Check every line of every leaderboard against the gifts, and every credited order against its purchase."""
    lines = Lines()
    yield from _read(c, guild_id, lines, tick)
    yield from _check_standings(c, guild_id, lines)


def _read(c: Connection, guild_id: int, lines: Lines, tick: Tick) -> Seen:
    credited: list[tuple[int, Any]] = []
    for seq, kind, actor, at_ms, body in rows(c, _BODIES, guild=guild_id):
        try:
            facts = orjson.loads(body)
            if kind == "gift":
                creator, item, event, coins, count, anonymous, zone, price, paid, promo, share = _fields(facts)
                if coins != price * count or coins != paid + promo or not 0 <= share <= coins:
                    yield seq, "its coins, its price and what was paid do not agree"
                lines.add(seq, actor, at_ms, zone, creator, item, event, coins, count, anonymous)
            elif kind == "order":
                credited.append((seq, (facts["order"], facts["coins"], facts["price_minor"], facts["currency"])))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            yield seq, f"its body cannot be read: {error!r}"
        if len(credited) == _ORDERS_AT_ONCE:
            yield from _check_orders(c, guild_id, credited)
            credited.clear()
        if not seq % EVERY:
            tick(EVERY)
    yield from _check_orders(c, guild_id, credited)


def _check_orders(c: Connection, guild_id: int, credited: list[tuple[int, Any]]) -> Seen:
    """Check that what rows credited was bought. The other way round is `bot.storage.proof.links`."""
    columns = (orders.c.order_id, orders.c.coins, orders.c.price_minor, orders.c.currency, orders.c.state)
    query = select(*columns).where(orders.c.guild_id == guild_id, orders.c.order_id.in_([of[0] for _, of in credited]))
    found = {order_id: (state, tuple(rest)) for order_id, *rest, state in c.execute(query)} if credited else {}
    for seq, (order_id, *said) in credited:
        state, bought = found.get(order_id, ("missing", ()))
        if state != OrderState.CREDITED.value:
            yield seq, f"order {order_id} has coins in the journal, but is not marked as credited"
        if bought and bought != tuple(said):
            yield seq, f"order {order_id} is for {bought}, the journal credits {tuple(said)}"


def _check_standings(c: Connection, guild_id: int, lines: Lines) -> Seen:
    stored = ((tuple(row[:4]), tuple(row[4:])) for row in rows(c, _LINES, guild=guild_id))
    found, counted = next(stored, None), lines.totals()
    for line, expected in counted:
        while found and found[0] < line:
            yield 0, f"the standing {list(found[0])} is {found[1]}, the gifts say nothing"
            found = next(stored, None)
        if not found or found[0] > line:
            yield 0, f"the standing {list(line)} is missing, the gifts say {expected}"
            continue
        if found[1] != expected:
            yield 0, f"the standing {list(line)} is {found[1]}, the gifts say {expected}"
        found = next(stored, None)
    while found:
        yield 0, f"the standing {list(found[0])} is {found[1]}, the gifts say nothing"
        found = next(stored, None)
