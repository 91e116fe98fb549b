"""Check what creators were given, and what moved their earnings, against the journal.

What a row does is said once, in the domain. It is added up here without the code that folds it. At the end of the
journal, all that moved a creator's earnings must also be what their accounts hold, payouts that are reserved included.
"""

from collections.abc import Collection, Iterable
from typing import Any

import orjson
from sqlalchemy import Connection

from bot.domain.creator_stats import hour_of
from bot.domain.holds import day_of
from bot.domain.ledger import BOOKINGS, CREDITS, bookings_of, credit_of
from bot.domain.statements import Line, Statement, statement, statement_of
from bot.storage.audit.hash_chain import BODY_BYTES
from bot.storage.audit.rows import TICK_ROWS, UNREADABLE, Findings, Tick, rows
from bot.storage.folds.creators.sums import NAME
from bot.storage.sql.statistics_tables import creator_bookings, creator_hours, creator_items

_CURSOR = "SELECT seq FROM cursors WHERE guild_id = :guild AND follower = :follower"
_HEAD = "SELECT seq FROM heads WHERE guild_id = :guild"
_UNCOUNTED = "SELECT seq FROM uncounted_rows WHERE guild_id = :guild AND follower = :follower"
_KINDS = ", ".join(f"'{kind}'" for kind in sorted({*CREDITS, *BOOKINGS}))
_COUNTED = {
    dialect: f"SELECT seq, kind, actor, at_ms, {body} FROM journal"  # noqa: S608 - names of our own
    f" WHERE guild_id = :guild AND kind IN ({_KINDS}) AND seq <= :until ORDER BY seq"
    for dialect, body in BODY_BYTES.items()
}
_BALANCES = """
    SELECT owner, CAST(sum(amount) AS bigint) FROM balances
    WHERE guild_id = :guild AND kind IN ('earnings', 'reserved') GROUP BY owner
"""
_STATEMENTS = "SELECT creator, month, number, content, digest FROM statements WHERE guild_id = :guild"

_Sums = dict[tuple[Any, ...], list[int]]
"""Sums by key, which is that of the stored row without its guild."""


def check_creators(c: Connection, guild_id: int, tick: Tick) -> Findings:
    """Check the rows of all three tables, as far as they are counted."""
    (cursor,) = next(rows(c, _CURSOR, guild=guild_id, follower=NAME), (0,))
    (head,) = next(rows(c, _HEAD, guild=guild_id), (0,))
    uncounted_seqs = {seq for (seq,) in rows(c, _UNCOUNTED, guild=guild_id, follower=NAME)}
    hours, items, bookings = _counted(c, guild_id, cursor, uncounted_seqs, tick)
    if cursor == head and not uncounted_seqs:
        yield from _check_accounts(c, guild_id, bookings)
        yield from _check_statements(c, guild_id, bookings)
    for table, sums in ((creator_hours, hours), (creator_items, items), (creator_bookings, bookings)):
        names = ", ".join(column.name for column in [*table.c][1:])
        stored = rows(c, f"SELECT {names} FROM {table.name} WHERE guild_id = :guild", guild=guild_id)  # noqa: S608 - ours
        yield from _compare(table.name, len(table.primary_key) - 1, stored, sums)


def _check_statements(c: Connection, guild_id: int, bookings: _Sums) -> Findings:
    """Check that statements are what they were when they got their numbers, and that they say what the journal says."""
    for creator, code, number, content, digest in rows(c, _STATEMENTS, guild=guild_id):
        name = f"statement {number} of {creator} for {code}"
        stored = _unchanged(content, number, digest)
        if stored is None or stored.month.code != code:
            yield 0, f"{name} was changed"
            continue
        month = stored.month
        lines = [
            Line(day, of_type, bool(anonymous), *sums)
            for (owner, day, of_type, anonymous), sums in bookings.items()
            if owner == creator
        ]
        before = sum(line.diamonds for line in lines if line.day < month.first_day)
        of_month = [line for line in lines if month.first_day <= line.day < month.following.first_day]
        if statement(month, before, of_month).content != stored.content:
            yield 0, f"{name} is not what the journal says"


def _unchanged(content: str, number: int, digest: str) -> Statement | None:
    """Return a stored statement, None if it is not what it was when it got its number."""
    try:
        stored = statement_of(content, number)
        is_whole = stored.digest == digest and stored.content.decode() == content
    except UNREADABLE:
        return None
    return stored if is_whole else None


def _counted(
    c: Connection, guild_id: int, cursor: int, uncounted_seqs: Collection[int], tick: Tick
) -> tuple[_Sums, _Sums, _Sums]:
    """Return what the journal up to row `cursor` says, for each of the three tables."""
    hours, items, bookings = _Sums(), _Sums(), _Sums()
    ticked = 0
    for seq, kind, actor, at_ms, body in rows(c, _COUNTED[c.dialect.name], guild=guild_id, until=cursor):
        # Not with contextlib, which makes an object for each of millions of rows.
        try:
            facts = orjson.loads(body)
            if uncounted_seqs and (seq in uncounted_seqs or facts.get("of") in uncounted_seqs):
                continue
            credit, booked = credit_of(kind, seq, actor, at_ms, facts), bookings_of(kind, facts)
        except UNREADABLE:
            continue
        if credit is not None:
            day, hour = hour_of(credit.at_ms, credit.zone)
            coins, pieces, is_hidden = credit.coins, credit.pieces, credit.is_anonymous
            hidden = (coins, pieces) if is_hidden else (0, 0)
            _add(hours, (credit.creator, day, hour, credit.event_id), (coins, pieces, *hidden))
            _add(items, (credit.creator, day, credit.item, credit.event_id), (coins, pieces))
        for creator, of_type, anonymous, *amounts in booked:
            _add(bookings, (creator, day_of(at_ms), of_type.value, int(anonymous)), (1, *amounts))
        if seq - ticked >= TICK_ROWS:
            tick(seq - ticked)
            ticked = seq
    return hours, items, bookings


def _add(sums: _Sums, key: tuple[Any, ...], amounts: tuple[int, ...]) -> None:
    of_key = sums.get(key)
    if of_key is None:
        sums[key] = [*amounts]
        return
    for place, amount in enumerate(amounts):
        of_key[place] += amount


def _check_accounts(c: Connection, guild_id: int, bookings: _Sums) -> Findings:
    earned: dict[int, int] = {}
    for (creator, *_), (*_, diamonds) in bookings.items():
        earned[creator] = earned.get(creator, 0) + diamonds
    for owner, balance in rows(c, _BALANCES, guild=guild_id):
        if (booked := earned.pop(owner, 0)) != balance:
            yield 0, f"earnings of {owner} are {balance}, but what moved them adds up to {booked}"
    for owner, booked in earned.items():
        if booked:
            yield 0, f"earnings of {owner} are missing, but what moved them adds up to {booked}"


def _compare(name: str, key_size: int, stored: Iterable[Any], sums: _Sums) -> Findings:
    for row in stored:
        key, amounts = tuple(row[:key_size]), [*row[key_size:]]
        if (counted := sums.pop(key, None)) != amounts:
            yield 0, f"{name} {[*key]} are {amounts}, the journal says {counted}"
    for key, counted in sums.items():
        yield 0, f"{name} {[*key]} are missing, the journal says {counted}"
