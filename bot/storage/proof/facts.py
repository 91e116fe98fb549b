"""What the rows say is what leaderboards and orders say."""

from collections.abc import Iterator
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Connection, select

from bot.domain.orders import OrderState
from bot.storage.proof.chain import LAST
from bot.storage.proof.lines import Line, Lines
from bot.storage.proof.reading import EVERY, Seen, Tick, rows
from bot.storage.tables import orders

_BODIES = "SELECT seq, kind, actor, at_ms, body FROM journal WHERE guild_id = :guild ORDER BY guild_id, seq"
_LADDERS = "SELECT ladder, board, scope, period, bucket FROM ladders WHERE guild_id = :guild ORDER BY guild_id, ladder"
_LINES = """
    SELECT ladder, subject, coins, pieces, last_seq FROM standings WHERE guild_id = :guild ORDER BY guild_id, ladder
"""
_IN_ORDER = """
    SELECT board, scope, period, bucket, subject, s.coins, s.pieces, last_seq
    FROM standings AS s JOIN ladders AS l ON l.guild_id = s.guild_id AND l.ladder = s.ladder
    WHERE s.guild_id = :guild ORDER BY board, scope, period, bucket, subject
"""
_fields = itemgetter(
    "creator", "item", "event", "coins", "count", "anonymous", "zone", "price", "paid", "promo", "share"
)
_ORDERS_AT_ONCE = 500


def check_facts(c: Connection, guild_id: int, tick: Tick) -> Seen:
    """Check every line of every leaderboard against the gifts, and every credited order against its purchase."""
    lines = Lines()
    try:
        yield from _read(c, guild_id, lines, tick)
        yield from _check_standings(c, guild_id, lines)
    finally:
        lines.close()


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
    """Compare all lines by their fingerprint; only if that differs, one after the other."""
    lines.sort()
    if _expected(lines.totals()) != _stored(c, guild_id):
        yield from _differences(rows(c, _IN_ORDER, guild=guild_id), lines.totals_in_order())


def _expected(found: Iterator[Line]) -> tuple[int, int]:
    """Return how many lines there are and a sum over them, the same in every order, and another in every process."""
    count = total = 0
    for board, scope, when, subject, sums in found:
        count += 1
        total += hash((hash((board, scope, when)), subject, sums))
    return count, total


def _stored(c: Connection, guild_id: int) -> tuple[int, int]:
    """Return the same for the lines that are stored."""
    ladders = rows(c, _LADDERS, guild=guild_id)
    count = total = number = of_ladder = 0
    for row in rows(c, _LINES, guild=guild_id):
        while number < row[0]:
            number, board, scope, period, bucket = next(ladders, (LAST, "", 0, "", 0))
            of_ladder = hash((board, scope, (period, bucket)))
        count += 1
        total += hash((of_ladder, row[1], (row[2], row[3], row[4])))
    return count, total


def _differences(found: Iterator[Any], expected: Iterator[Any]) -> Seen:
    nothing = ((), ())
    stored, counted = next(found, None), next(expected, None)
    while stored or counted:
        line, sums = (tuple(stored[:5]), tuple(stored[5:])) if stored else nothing
        should, sums_should = (tuple(counted[:5]), tuple(counted[5:])) if counted else nothing
        if stored and (not counted or line < should):
            yield 0, f"the standing {list(line)} is {sums}, the gifts say nothing"
        elif not stored or line > should:
            yield 0, f"the standing {list(should)} is missing, the gifts say {sums_should}"
        elif sums != sums_should:
            yield 0, f"the standing {list(line)} is {sums}, the gifts say {sums_should}"
        if stored and (not counted or line <= should):
            stored = next(found, None)
        if counted and (not line or should <= line):
            counted = next(expected, None)
