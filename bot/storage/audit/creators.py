"""Check what creators were given, and what moved their earnings, against the journal.

At the end of the journal, all that moved a creator's earnings must also be what their accounts hold, payouts that are
reserved included.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection

from bot.domain.statements import Line, Statement, statement, statement_of
from bot.storage.audit.creator_sums import CreatorSums, Sums
from bot.storage.audit.journal import NotCounted, all_stretches
from bot.storage.audit.mark import mark_of
from bot.storage.audit.rows import UNREADABLE, Findings, Tick, rows
from bot.storage.audit.spill import SpillFolder
from bot.storage.sql.statistics_tables import creator_bookings, creator_hours, creator_items

_HEAD = "SELECT seq FROM heads WHERE guild_id = :guild"
_BALANCES = """
    SELECT owner, CAST(sum(amount) AS bigint) FROM balances
    WHERE guild_id = :guild AND kind IN ('earnings', 'reserved') GROUP BY owner
"""
_STATEMENTS = "SELECT creator, month, number, content, digest FROM statements WHERE guild_id = :guild"


def check_creators(c: Connection, guild_id: int, aside: SpillFolder, _tick: Tick) -> Findings:
    """Check the rows of all three tables, as far as they are counted, against the sums that were put `aside`."""
    mark = mark_of(c, guild_id)
    sums = CreatorSums()
    try:
        for stretch, folder in all_stretches(c, guild_id, aside, mark, "creators"):
            sums.take(folder.creators(stretch))
    except NotCounted as error:
        yield 0, f"what its creators were given cannot be checked: {error}"
        return
    (head,) = next(rows(c, _HEAD, guild=guild_id), (0,))
    if mark.creators_seq == head and not mark.uncounted_by_creators:
        yield from _check_accounts(c, guild_id, sums.bookings)
        yield from _check_statements(c, guild_id, sums.bookings)
    tables = (creator_hours, sums.hours), (creator_items, sums.items), (creator_bookings, sums.bookings)
    for table, of_table in tables:
        names = ", ".join(column.name for column in [*table.c][1:])
        stored = rows(c, f"SELECT {names} FROM {table.name} WHERE guild_id = :guild", guild=guild_id)  # noqa: S608 - ours
        yield from _compare(table.name, len(table.primary_key) - 1, stored, of_table)


def _check_statements(c: Connection, guild_id: int, bookings: Sums) -> Findings:
    """Check that statements are what they were when they got their numbers, and that they say what the journal says."""
    by_creator: dict[int, list[Line]] = {}
    for (creator, day, of_type, anonymous), sums in bookings.items():
        by_creator.setdefault(creator, []).append(Line(day, of_type, bool(anonymous), *sums))
    for creator, code, number, content, digest in rows(c, _STATEMENTS, guild=guild_id):
        name = f"statement {number} of {creator} for {code}"
        stored = _unchanged(content, number, digest)
        if stored is None or stored.month.code != code:
            yield 0, f"{name} was changed"
            continue
        month, lines = stored.month, by_creator.get(creator, [])
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


def _check_accounts(c: Connection, guild_id: int, bookings: Sums) -> Findings:
    earned: dict[int, int] = {}
    for (creator, *_), (*_, diamonds) in bookings.items():
        earned[creator] = earned.get(creator, 0) + diamonds
    for owner, balance in rows(c, _BALANCES, guild=guild_id):
        if (booked := earned.pop(owner, 0)) != balance:
            yield 0, f"earnings of {owner} are {balance}, but what moved them adds up to {booked}"
    for owner, booked in earned.items():
        if booked:
            yield 0, f"earnings of {owner} are missing, but what moved them adds up to {booked}"


def _compare(name: str, key_size: int, stored: Iterable[Any], sums: Sums) -> Findings:
    for row in stored:
        key, amounts = tuple(row[:key_size]), [*row[key_size:]]
        if (counted := sums.pop(key, None)) != amounts:
            yield 0, f"{name} {[*key]} are {amounts}, the journal says {counted}"
    for key, counted in sums.items():
        yield 0, f"{name} {[*key]} are missing, the journal says {counted}"
