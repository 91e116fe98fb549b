"""Read the journal once, for all checks that need every row.

A row is checked by itself at once. The sums of the rows are put aside for `bot.storage.audit.sums`.
"""

import contextlib
from collections.abc import Iterator
from itertools import chain, islice, pairwise
from typing import Any

import orjson
from sqlalchemy import Connection, select

from bot.domain.ledger import BOOKINGS, CREDITS, KINDS
from bot.domain.ledger.gift import KIND as _GIFT
from bot.domain.ledger.kinds import Kind
from bot.domain.ledger.order import KIND as _ORDER
from bot.domain.order_states import MONEY_CAME
from bot.storage.audit.earnings import Earnings, count_later
from bot.storage.audit.gifters import Gifters
from bot.storage.audit.hash_chain import LAST, follow
from bot.storage.audit.lots import LotMoves
from bot.storage.audit.recount import StretchSums
from bot.storage.audit.rows import TICK_ROWS, UNREADABLE, Findings, Tick, rows, value
from bot.storage.audit.spill import Mark, SpillFolder, Stretch
from bot.storage.sql.tables import orders

_ORDERS_AT_ONCE = 500
"""Orders that one query looks up."""

_COUNTED_KINDS = ", ".join(f"'{kind}'" for kind in sorted({*CREDITS, *BOOKINGS}))
_COUNTED_ROWS = f"""
    SELECT seq, kind, actor, at_ms, body FROM journal
    WHERE guild_id = :guild AND kind IN ({_COUNTED_KINDS}) AND seq > :after AND seq <= :until ORDER BY seq
"""  # noqa: S608 - names of our own kinds

SUMS_IN_MEMORY = 100_000
"""About how many sums are held in memory before they are put aside: 30 MB."""


class NotCounted(Exception):  # noqa: N818 - a state of affairs
    """Some rows could not be counted, so the sums cannot be checked."""


def check_journal(
    c: Connection,
    guild_id: int,
    after: int,
    until: int,
    aside: SpillFolder,
    tick: Tick,
    sums_in_memory: int = SUMS_IN_MEMORY,
) -> Findings:
    """Check the rows `after` + 1 to `until`, and put their sums aside. Raises StorageError."""
    end = max(after, _last_row(c, guild_id)) if until == LAST else until
    sums, earnings = StretchSums(aside, after), Earnings(c, guild_id, aside.mark.earnings_seq)
    # One query per few thousand rows, so that ticking and putting aside cost nothing per row.
    for start, stop in pairwise([after, *range(after + TICK_ROWS, end, TICK_ROWS), until]):
        earnings.begin(sums, start, stop)
        yield from _check_rows(c, guild_id, start, stop, sums, earnings)
        earnings.finish()
        yield from earnings.compare_spans()
        last_seq = min(stop, end)
        tick(last_seq - start)
        if len(sums) > sums_in_memory or stop == until:
            sums.put_aside(last_seq)
            sums = StretchSums(aside, last_seq)


def all_stretches(
    c: Connection, guild_id: int, aside: SpillFolder, now: Mark, reader: str
) -> Iterator[tuple[Stretch, SpillFolder]]:
    """Yield the stretches of all rows that `c` sees, each with where its parts are. `now` is the mark that `c` sees.

    Bots may have written since the journal was read. Newer rows are counted now, and put aside in folders named after
    the `reader`; and so are gifts that leaderboards have counted since then. Raises NotCounted.
    """
    before = aside.mark
    if now.seq < before.seq or (now.ahead_seq, now.ahead_ms) != (before.ahead_seq, before.ahead_ms):
        raise NotCounted("its leaderboards began to be counted again; audit them once more")
    if now.earnings_seq < before.earnings_seq:
        raise NotCounted("its earnings began to be counted again; audit them once more")
    if now.gifters_seq < before.gifters_seq:
        raise NotCounted("its gifters began to be counted again; audit them once more")
    if now.creators_seq < before.creators_seq:
        raise NotCounted("its creators began to be counted again; audit them once more")
    until = 0
    for stretch in aside.stretches():
        if stretch.after != until:
            break
        until = stretch.until
        yield stretch, aside
    else:
        if until < _last_row(c, guild_id):
            tail = aside._replace(folder=f"{aside.folder}/{reader}")
            # Findings about these rows are left to the next audit: this one began before they were written.
            for _ in check_journal(c, guild_id, until, LAST, tail, lambda _rows: None):
                pass
            yield from ((stretch, tail) for stretch in tail.stretches())
        if _cursors(before) != _cursors(now):
            tail = SpillFolder(f"{aside.folder}/{reader} gifts", aside.parts, now)
            _count(c, guild_id, before, tail)
            yield from ((stretch, tail) for stretch in tail.stretches())
        return
    raise NotCounted(f"the rows after {until} could not be counted")


def _count(c: Connection, guild_id: int, before: Mark, aside: SpillFolder) -> None:
    """Put aside what folds have counted since the mark `before`."""
    sums, now = StretchSums(aside, before.seq), aside.mark
    gifters = Gifters(sums, before.gifters_seq)
    after = min(before.seq, before.gifters_seq, before.creators_seq)
    until = max(now.seq, now.gifters_seq, now.creators_seq)
    for seq, kind, actor, at_ms, body in rows(c, _COUNTED_ROWS, guild=guild_id, after=after, until=until):
        with contextlib.suppress(*UNREADABLE):
            facts, rules = orjson.loads(body), KINDS[kind]
            credit = rules.credit(seq, actor, at_ms, facts) if rules.credit is not None else None
            if before.creators_seq < seq <= now.creators_seq:
                sums.creators.count(seq, at_ms, facts, credit, rules.bookings)
            if credit is not None and before.seq < seq <= now.seq:
                sums.add_credit(seq, credit)
            gifters.count(seq, credit, facts)
    if before.earnings_seq < aside.mark.earnings_seq:
        count_later(c, guild_id, before.earnings_seq, sums)
    sums.put_aside(aside.mark.seq)


def _cursors(mark: Mark) -> tuple[int, ...]:
    return mark.seq, mark.earnings_seq, mark.gifters_seq, mark.creators_seq


def _last_row(c: Connection, guild_id: int) -> int:
    return value(c, "SELECT coalesce(max(seq), 0) FROM journal WHERE guild_id = :guild", guild=guild_id)


class _Counters:
    """Counts what rows add to each of the sums, as far as the folds have counted them."""

    def __init__(self, sums: StretchSums, earnings: Earnings) -> None:
        self._seq, self._earnings_seq, self._creators_seq = (
            sums.mark.seq,
            sums.mark.earnings_seq,
            sums.mark.creators_seq,
        )
        self._add_credit, self._count_gift = sums.add_credit, Gifters(sums).count
        self._count_for_creators, self._earnings = sums.creators.count, earnings

    def count(self, seq: int, kind: Kind, actor: int, at_ms: int, facts: dict[str, Any]) -> None:
        """Count a row. Facts that make no sense raise struct.error or one of Python's own errors."""
        credit = kind.credit(seq, actor, at_ms, facts) if kind.credit is not None else None
        if seq <= self._creators_seq:
            self._count_for_creators(seq, at_ms, facts, credit, kind.bookings)
        if credit is not None:
            if seq <= self._seq:
                self._add_credit(seq, credit)
            self._count_gift(seq, credit, facts)
        if kind is _GIFT:
            # Without a share, as with most gifts of granted coins, nothing is earned.
            if facts["share"] and seq <= self._earnings_seq:
                self._earnings.count(seq, at_ms, facts)
        elif kind is _ORDER:
            self._earnings.note_order(seq, facts)
        else:
            self._earnings.correct(seq, kind.name, facts)


def _check_rows(
    c: Connection, guild_id: int, after: int, until: int, sums: StretchSums, earnings: Earnings
) -> Findings:
    findings: list[tuple[int, str]] = []
    credit_rows: list[tuple[int, Any]] = []
    moves, count = LotMoves(sums), _Counters(sums, earnings).count
    loads, add_entries = orjson.loads, sums.add_entries
    for seq, name, actor, at_ms, body, legs in follow(c, guild_id, after, until, findings):
        try:
            add_entries(legs)
            facts = loads(body)
            findings += moves.count(name, facts, legs)
            kind = KINDS.get(name)
            if kind is None:
                findings.append((seq, f"nobody knows its kind, {name}"))
                continue
            if what := kind.check(facts, legs):
                findings.append((seq, what))
            count(seq, kind, actor, at_ms, facts)
            if kind is _ORDER:
                credit_rows.append((seq, (facts["order"], facts["coins"], facts["price_minor"], facts["currency"])))
        except UNREADABLE as error:
            findings.append((seq, f"its body cannot be read: {error!r}"))
        if findings:
            yield from findings
            findings.clear()
    yield from chain(findings, _check_orders(c, guild_id, credit_rows), moves.count_unlisted(c, guild_id, after, until))


def _check_orders(c: Connection, guild_id: int, credit_rows: list[tuple[int, Any]]) -> Findings:
    """Check that every credited order was bought. `bot.storage.audit.references` checks the other direction."""
    columns = (orders.c.order_id, orders.c.coins, orders.c.price_minor, orders.c.currency, orders.c.state)
    query = select(*columns).where(orders.c.guild_id == guild_id)
    queue = iter(credit_rows)
    while chunk := list(islice(queue, _ORDERS_AT_ONCE)):
        chunk_query = query.where(orders.c.order_id.in_([credit[0] for _, credit in chunk]))
        stored = {order_id: (state, tuple(terms)) for order_id, *terms, state in c.execute(chunk_query)}
        for seq, (order_id, *credit_terms) in chunk:
            state, order_terms = stored.get(order_id, ("missing", ()))
            if state not in MONEY_CAME:
                yield seq, f"order {order_id} is credited in the journal, but not marked as credited"
            if order_terms and order_terms != tuple(credit_terms):
                yield seq, f"order {order_id} is for {order_terms}, but the journal credits {tuple(credit_terms)}"
